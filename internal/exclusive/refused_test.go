package exclusive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKeysExclusive_refused: what key_ids must not be is an error at plan, and
// nothing of it is repeated that could be a key.
func TestAccAppKeysExclusive_refused(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	id := e.hand("in use")
	raw := e.w.Keys(e.w.UserID(), "tenant")[0].ID
	for name, c := range map[string]struct{ ids, more, want string }{
		"empty":                {"[]", "", "No key is kept"},
		"empty, known late":    {"[for k in terraform_data.d.output : k]", "", "No key is kept"},
		"a key":                {fmt.Sprintf("[%q]", raw), "", "The given value looks like a key: its fingerprint is " + clarifai.Secret(raw).Fingerprint()},
		"a key in an ID":       {fmt.Sprintf("[%q]", strings.Replace(id, clarifai.Secret(raw).Fingerprint(), raw, 1)), "", "The given value looks like a key"},
		"a key, known late":    {"[terraform_data.key.output]", "", "The given value looks like a key"},
		"something else":       {`["in use"]`, "", "not of the form user_id/app_id/fingerprint"},
		"null":                 {`[null]`, "", "Invalid app key ID"},
		"of another app":       {fmt.Sprintf("[%q]", strings.Replace(id, "tenant", "other", 1)), "", "Key of another app"},
		"of another account":   {fmt.Sprintf("[%q]", strings.Replace(id, e.w.UserID(), "somebody", 1)), "", "Key of another app"},
		"of another owner":     {fmt.Sprintf("[%q]", id), "user_id = \"acme\"\n", "Key of another app"},
		"by description":       {fmt.Sprintf("[%q]", e.w.UserID()+"/tenant/description=in use"), "", "not of the form"},
		"an import ID":         {fmt.Sprintf("[%q]", id+",store_key=true"), "", "not of the form"},
		"an app without a key": {"[]", "user_id = \"\"\n", "must be the ID of a user"},
	} {
		t.Run(name, func(t *testing.T) {
			ws := exclusively{clitest.InProcess(t, e.w), t, e.w}
			late := "resource \"terraform_data\" \"d\" {\n  input = []\n}\n"
			if strings.Contains(c.ids, "terraform_data.key") {
				late = fmt.Sprintf("resource \"terraform_data\" \"key\" {\n  input = %q\n}\n", raw)
			}
			ws.write(late, only(`"tenant"`, c.ids, c.more))
			r := ws.Run("apply", "-auto-approve", "-no-color")
			if r.Err == nil {
				t.Error("it is applied")
			}
			said := clitest.Unwrapped(r.Output)
			says(t, said, c.want)
			if at := strings.Index(said, "Error:"); at >= 0 {
				saysNot(t, said[at:], raw)
			}
		})
	}
	e.alive("in use")
	e.write(only(`"nowhere"`, fmt.Sprintf("[%q]", strings.Replace(id, "tenant", "nowhere", 1)), ""))
	if r := e.Run("apply", "-auto-approve", "-no-color"); r.Err == nil {
		t.Error("an app that does not exist is taken")
	} else {
		says(t, clitest.Unwrapped(r.Output), `has no app "nowhere"`)
	}
}

// TestAccAppKeysExclusive_targeted: an apply of something else revokes nothing, and
// neither does the next one revoke the new key that the set does not have yet.
func TestAccAppKeysExclusive_targeted(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.write(tenant, managedKey, onlyK)
	e.apply()
	e.hand("by hand")
	e.apply("-target=clarifai_app_key.k", "-replace=clarifai_app_key.k")
	e.alive("managed", "by hand")
	e.apply()
	e.alive("managed")
	e.isEmpty()
	e.hand("by hand")
	e.apply("-target=clarifai_app_keys_exclusive.e")
	e.alive("managed")
}

// TestAccAppKeysExclusive_destroyedOffline: a destroy sends nothing, so nothing can
// block it.
func TestAccAppKeysExclusive_destroyedOffline(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	id := e.hand("in use")
	e.write(only(`"tenant"`, fmt.Sprintf("[%q]", id), ""))
	e.apply()
	e.w.Reset()
	e.w.Inject(emulator.Fault{Kind: "status", HTTPStatus: 500, Times: -1})
	e.Must("destroy", "-auto-approve", "-refresh=false")
	if n := e.w.Count(""); n != 0 {
		t.Errorf("%d requests", n)
	}
	e.alive("in use")
}
