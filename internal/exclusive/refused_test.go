package exclusive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeysExclusive_refused: what key_ids must not be is an error at plan, and nothing of
// it is repeated that could be a key.
func TestAppKeysExclusive_refused(t *testing.T) {
	t.Parallel()
	s := newKeySet(t)
	id := s.hand("in use")
	raw := s.w.Keys(s.w.UserID(), "tenant")[0].ID
	fingerprint := clarifai.Secret(raw).Fingerprint()
	const none, form, another = "No key is kept", "not of the form user_id/app_id/fingerprint", "Key of another app"
	for name, c := range map[string]struct {
		ids  []any
		more map[string]any
		want string
	}{
		"empty":                    {[]any{}, nil, none},
		"a key":                    {[]any{raw}, nil, "The given value looks like a key: its fingerprint is " + fingerprint},
		"a key in an ID":           {[]any{strings.Replace(id, fingerprint, raw, 1)}, nil, "The given value looks like a key"},
		"something else":           {[]any{"in use"}, nil, form},
		"null":                     {[]any{nil}, nil, "Invalid app key ID"},
		"of another app":           {[]any{strings.Replace(id, "tenant", "other", 1)}, nil, another},
		"of another account":       {[]any{strings.Replace(id, s.w.UserID(), "somebody", 1)}, nil, another},
		"of another owner":         {[]any{id}, map[string]any{"user_id": "acme"}, another},
		"by description":           {[]any{s.w.UserID() + "/tenant/description=in use"}, nil, form},
		"an import ID":             {[]any{id + ",store_key=true"}, nil, form},
		"an app without a key":     {[]any{}, map[string]any{"user_id": ""}, "must be the ID of a user"},
		"an app that is not there": {[]any{strings.Replace(id, "tenant", "nowhere", 1)}, map[string]any{"app_id": "nowhere"}, `has no app "nowhere"`},
	} {
		config := with(map[string]any{"app_id": "tenant", "key_ids": c.ids}, c.more)
		plan := s.w.Process(t).PlanOnly(&acctest.Stored{Type: setType}, config)
		said := plan.Said
		if !said.Failed() {
			_, said = s.w.Process(t).Apply(plan, nil)
		}
		if err := said.Err(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), raw) {
			t.Errorf("%s: it does not say %q, or repeats the key", name, c.want)
		}
	}
	s.alive("in use")
}

// TestAccAppKeysExclusive_refusedLate: so is what turns out only at apply, where nothing
// validates the configuration again.
func TestAccAppKeysExclusive_refusedLate(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.hand("in use")
	raw := e.w.Keys(e.w.UserID(), "tenant")[0].ID
	for ids, want := range map[string]string{"[for k in terraform_data.d.output : k]": "No key is kept", "[terraform_data.key.output]": "The given value looks like a key"} {
		e.Workspace = clitest.InProcess(t, e.w)
		e.write(fmt.Sprintf("resource \"terraform_data\" \"d\" {\n  input = []\n}\nresource \"terraform_data\" \"key\" {\n  input = %q\n}\n", raw), only(`"tenant"`, ids, ""))
		r := e.Run("apply", "-auto-approve", "-no-color")
		_, said, found := strings.Cut(clitest.Unwrapped(r.Output), "Error:")
		if r.Err == nil || !found {
			t.Errorf("%s is applied", ids)
		}
		says(t, said, want)
		saysNot(t, said, raw)
	}
	e.alive("in use")
}
