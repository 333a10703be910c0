package exclusive_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKeysExclusive_renamed renames the app in each way: nothing is revoked
// in the same apply, whatever the plan before has shown.
func TestAccAppKeysExclusive_renamed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"not found": {}, "moved": {RenameOld: "moved"}, "lagging": {RenameLag: 200 * time.Millisecond}, "dropped keys": {RenameKeys: "dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExclusively(t, s)
			e.write(tenant, managedKey, onlyK)
			e.apply()
			e.hand("by hand")
			renamed := strings.Replace(tenant, `"tenant"`, `"renamed"`, 1)
			e.write(renamed, managedKey, onlyK)
			said := e.apply()
			saysNot(t, said, "Warning: None of the keys")
			if s.RenameKeys == "dropped" {
				e.alive("managed")
			} else {
				e.alive("managed", "by hand")
			}
			e.apply()
			e.alive("managed")
			e.isEmpty()
			must(t, e.w.RenameApp(e.w.UserID(), "renamed", "outside"))
			if s.RenameOld == "moved" { // else the app counts as gone
				e.apply()
				e.alive("managed")
				e.isEmpty()
			}
		})
	}
}

// TestAccAppKeysExclusive_replaced replaces the app in each way, or finds it gone:
// one apply leaves the managed key and no default key in it.
func TestAccAppKeysExclusive_replaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*testing.T, exclusively)
		args   []string
		more   string
		owner  string
	}{
		"-replace":             {args: []string{"-replace=clarifai_app.t"}},
		"-replace, with owner": {args: []string{"-replace=clarifai_app.t"}, more: "user_id = clarifai_app.t.user_id\n"},
		"gone":                 {before: func(t *testing.T, e exclusively) { t.Helper(); must(t, e.w.DeleteApp(e.w.UserID(), "tenant")) }},
		"owner":                {owner: "acme", more: "user_id = clarifai_app.t.user_id\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExclusively(t, emulator.Switches{DefaultKey: true})
			e.w.AddOrganization("acme", e.w.UserID())
			key := of("clarifai_app.t.id", "user_id = clarifai_app.t.user_id\ndescription = \"managed\"\nscopes = [\"Predict\"]")
			set := only("clarifai_app.t.id", "[clarifai_app_key.k.id]", c.more)
			e.write(tenant, key, set)
			e.apply()
			e.hand("by hand")
			if c.before != nil {
				c.before(t, e)
			}
			if c.owner != "" {
				e.write(strings.Replace(tenant, `"tenant"`, "\"tenant\"\n  user_id = \"acme\"", 1), key, set)
			}
			e.apply(c.args...)
			counted := 0
			for _, owner := range []string{e.w.UserID(), "acme"} {
				counted += len(e.w.Keys(owner, ""))
			}
			if counted != 1 {
				t.Errorf("%d keys are alive", counted)
			}
			e.isEmpty()
			e.Must("destroy", "-auto-approve")
			if err := e.w.NothingLeft(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAccAppKeysExclusive_createBeforeDestroy replaces a key whose successor is
// created first: when the set is applied, the old one is still alive, and Terraform
// revokes it itself.
func TestAccAppKeysExclusive_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	key := func(round string) string {
		return of("clarifai_app.t.id", "description = \"managed\"\nscopes = [\"Predict\"]\nkeepers = { round = \""+round+"\" }\nlifecycle {\n  create_before_destroy = true\n}")
	}
	e.write(tenant, key("1"), onlyK)
	e.apply()
	old := e.hand("by hand")
	e.write(tenant, key("2"), onlyK)
	says(t, e.plan(), `- "`+old+`" = "by hand"`, "} -> (known after apply)")
	e.apply()
	e.alive("managed")
	says(t, e.plan("-refresh=false"), "No changes")
	if n := e.w.Count("DeleteKey"); n != 2 {
		t.Errorf("%d revocations", n)
	}
	e.isEmpty()
	e.write(tenant, key("3"), onlyK)
	e.w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102}) // of the deposed key
	if r := e.Run("apply", "-auto-approve", "-no-color"); r.Err == nil {
		t.Error("the deposed key was revoked")
	}
	e.alive("managed", "managed")
	e.apply() // Terraform revokes it, and the set may as well
	e.alive("managed")
	e.isEmpty()
}

// TestAccAppKeysExclusive_concurrentKeys: in a new app, keys that the same apply
// creates are not revoked, even if the set does not name them and their creation is
// answered late.
func TestAccAppKeysExclusive_concurrentKeys(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{DefaultKey: true})
	other := "resource \"clarifai_app_key\" \"other\" {\n  count = 6\n  app_id = clarifai_app.t.id\n  description = \"other ${count.index}\"\n  scopes = [\"Predict\"]\n}\n"
	for n := range 7 {
		e.w.Inject(emulator.Fault{Method: "PostKeys", Kind: "latency_after", Skip: n, Latency: 300 * time.Millisecond})
	}
	e.write(tenant, other, only("clarifai_app.t.id", "[]", "allow_none = true\n"))
	says(t, e.apply(), "Warning: key_ids of emulator-user/tenant may lack keys that Terraform manages")
	e.alive("other 0", "other 1", "other 2", "other 3", "other 4", "other 5")
	e.refuses(lacksKeys, "plan")
}

// TestAccAppKeysExclusive_adopted: an app that was only found after a lost answer
// may be somebody else's. What it holds is shown before it is revoked.
func TestAccAppKeysExclusive_adopted(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{DefaultKey: true})
	e.w.Inject(emulator.Fault{Method: "PostApps", Kind: "cut_after"})
	e.write(tenant, managedKey, onlyK)
	e.apply()
	if n := e.w.LiveKeys(); n != 2 {
		t.Errorf("%d keys are alive", n)
	}
	says(t, e.plan(), "1 to change", `- "`)
	e.apply()
	e.alive("managed")
	e.isEmpty()
}

// TestAccAppKeysExclusive_temporary: temporary keys that are open while the set is
// planned or applied are neither shown nor revoked; one that a run has left is
// named in a warning until it is a day old.
func TestAccAppKeysExclusive_temporary(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.Release.SkipBelow(t, "1.10.0", "1.11.0")
	e.Workspace = clitest.New(t, e.w)
	temporary := `
ephemeral "clarifai_temporary_app_key" "e" {
  app_id  = clarifai_app.t.id
  user_id = clarifai_app.t.user_id
  scopes  = ["Apps:Get", "Models:Get", "Workflows:Get"]
}
provider "clarifai" {
  alias       = "tenant"
  max_retries = 1
  pat         = ephemeral.clarifai_temporary_app_key.e.key
}
data "clarifai_app" "as_tenant" {
  provider   = clarifai.tenant
  id         = clarifai_app.t.id
  depends_on = [clarifai_app.t]
}
output "name" {
  value = [data.clarifai_app.as_tenant.name, clarifai_app_keys_exclusive.e.app_id]
}
`
	e.write(tenant, managedKey, onlyK, temporary)
	saysNot(t, e.apply(), "left alone")
	e.isEmpty()
	e.hand("by hand")
	saysNot(t, e.apply(), "left alone")
	e.alive("managed")
	left := e.hand("Temporary key of a Terraform run, made " + time.Now().UTC().Format(time.RFC3339) + ": left")
	says(t, e.plan(), "No changes", "App keys of emulator-user/tenant are left alone", left)
}
