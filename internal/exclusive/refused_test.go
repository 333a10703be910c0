package exclusive_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// TestAppKeysExclusive_refused: what key_ids must not be is an error, at plan or at apply if it
// turns out only then, and nothing of it is repeated that could be a key.
func TestAppKeysExclusive_refused(t *testing.T) {
	t.Parallel()
	s := newKeySet(t)
	s.w.AddOrganization("acme", s.w.UserID())
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
		for _, known := range []any{c.ids, acctest.Unknown} { // at plan
			plan := s.w.Process(t).PlanOnly(&acctest.Stored{Type: setType}, with(config, map[string]any{"key_ids": known}))
			said := plan.Said
			if !said.Failed() {
				_, said = s.w.Process(t).Apply(plan, config)
			}
			if err := said.Err(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), raw) {
				t.Errorf("%s: it does not say %q, or repeats the key", name, c.want)
			}
		}
	}
	s.alive("in use")
}
