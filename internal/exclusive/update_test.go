package exclusive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// exclusively is a workspace for an app whose keys are managed.
type exclusively struct {
	*clitest.Workspace
	t *testing.T
	w *acctest.World
}

func newExclusively(t *testing.T, s emulator.Switches) exclusively {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: s})
	return exclusively{clitest.InProcess(t, w), t, w}
}

const quickly = "provider \"clarifai\" {\n  max_retries = 1\n}\n"

// write writes a configuration.
func (e exclusively) write(config ...string) { e.Write("main.tf", quickly+strings.Join(config, "")) }

// apply applies the configuration and returns what it says.
func (e exclusively) apply(args ...string) string {
	e.t.Helper()
	return clitest.Unwrapped(e.Must(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...).Output)
}

// plan plans and returns what it says.
func (e exclusively) plan(args ...string) string {
	e.t.Helper()
	return clitest.Unwrapped(e.Must(append([]string{"plan", "-no-color"}, args...)...).Output)
}

// isEmpty checks that the next plan is empty.
func (e exclusively) isEmpty() {
	e.t.Helper()
	if r := e.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		e.t.Errorf("the next plan is not empty:\n%s", r.Output)
	}
}

// hand creates a key outside of Terraform, and returns its ID.
func (e exclusively) hand(description string) string {
	e.t.Helper()
	return byHand(e.t, e.w, emulator.Key{Description: description, Scopes: []string{"All"}})
}

// alive checks which keys of the account are alive, by description.
func (e exclusively) alive(want ...string) {
	e.t.Helper()
	counted := map[string]int{}
	for _, k := range e.w.Keys(e.w.UserID(), "") {
		counted[k.Description]++
	}
	wanted := map[string]int{}
	for _, d := range want {
		wanted[d]++
	}
	if fmt.Sprint(counted) != fmt.Sprint(wanted) {
		e.t.Errorf("alive are %v instead of %v", counted, wanted)
	}
}

// says checks that a message says all of it.
func says(t *testing.T, said string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("it does not say %q:\n%s", w, said)
		}
	}
}

// saysNot checks that a message says nothing of it.
func saysNot(t *testing.T, said string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(said, w) {
			t.Errorf("it says %q:\n%s", w, said)
		}
	}
}

var (
	managedKey = of("clarifai_app.t.id", "description = \"managed\"\nscopes = [\"Predict\"]")
	onlyK      = only("clarifai_app.t.id", "[clarifai_app_key.k.id]", "")
)

// TestAccAppKeysExclusive_existing: the first apply for an existing app records, the
// next plan shows, and its apply revokes what it has shown.
func TestAccAppKeysExclusive_existing(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.write(tenant, managedKey)
	e.apply()
	old := e.hand("by hand")
	e.write(tenant, managedKey, onlyK)
	says(t, e.plan(), "The app emulator-user/tenant has other keys", old+` ("by hand")`, "other_keys = (known after apply)")
	e.apply()
	e.alive("managed", "by hand")
	says(t, e.plan(), `- "`+old+`" = "by hand"`, "1 to change", "Warning: The apply revokes app keys of emulator-user/tenant", old+` ("by hand")`, "To keep one")
	e.hand("later")
	e.Must("plan", "-out=saved")
	e.hand("latest") // the plan does not name it
	e.Must("apply", "saved")
	e.alive("managed", "latest")
	says(t, e.plan("-refresh=false"), "No changes")
	e.apply()
	e.alive("managed")
	e.isEmpty()
	e.hand("left")
	e.Must("destroy", "-auto-approve", "-target=clarifai_app_keys_exclusive.e")
	e.alive("managed", "left")
	e.Must("destroy", "-auto-approve")
}

// TestAccAppKeysExclusive_withoutRefresh: without a refresh, an apply revokes what
// the state holds, which the plan shows, and nothing else.
func TestAccAppKeysExclusive_withoutRefresh(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.write(tenant, managedKey)
	e.apply()
	old := e.hand("by hand")
	e.write(tenant, managedKey, onlyK)
	e.apply()
	e.hand("later")
	says(t, e.plan("-refresh=false"), `- "`+old+`" = "by hand"`)
	e.apply("-refresh=false")
	e.alive("managed", "later")
}

// refuses checks that a command fails with an error.
func (e exclusively) refuses(heading string, args ...string) {
	e.t.Helper()
	if r := e.Run(append(args, "-no-color")...); r.Err == nil {
		e.t.Errorf("%v succeeds:\n%s", args, r.Output)
	} else {
		says(e.t, clitest.Unwrapped(r.Output), heading, "terraform destroy -refresh=false")
	}
}

const lacksKeys = "Error: key_ids lacks keys that Terraform manages"

// TestAccAppKeysExclusive_leaves: a key that leaves key_ids while Terraform still
// manages it is an error of the plan, which each remedy that the error names resolves.
func TestAccAppKeysExclusive_leaves(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	second := strings.ReplaceAll(strings.ReplaceAll(managedKey, `"k"`, `"second"`), "managed", "second")
	e.write(tenant, managedKey, second, only("clarifai_app.t.id", "[clarifai_app_key.k.id, clarifai_app_key.second.id]", ""))
	e.apply()
	e.isEmpty()
	e.write(tenant, managedKey, second, onlyK)
	e.refuses(lacksKeys, "plan")
	e.refuses(lacksKeys, "apply", "-auto-approve")
	e.refuses(lacksKeys, "destroy", "-auto-approve")
	e.alive("managed", "second")
	e.write(tenant, managedKey, second, only("clarifai_app.t.id", "[clarifai_app_key.k.id, clarifai_app_key.second.id]", ""))
	e.isEmpty()
	saysNot(t, e.plan("-replace=clarifai_app_key.second"), "that Terraform manages")
	e.write(tenant, managedKey, onlyK) // and the resource of the key is gone as well
	e.apply()
	e.alive("managed")
	e.isEmpty()
}

// TestAccAppKeysExclusive_failing: a key that cannot be revoked stays in the state,
// and the next apply tries again.
func TestAccAppKeysExclusive_failing(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	e.write(tenant, managedKey, onlyK)
	e.apply()
	e.hand("one")
	e.hand("two")
	e.w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102, Skip: 1})
	r := e.Run("apply", "-auto-approve", "-no-color")
	if said := clitest.Unwrapped(r.Output); r.Err == nil {
		t.Error("the failure is no error")
	} else {
		says(t, said, "Cannot revoke app key", "The state keeps it in other_keys", "the next apply tries again")
	}
	if n := e.w.LiveKeys(); n != 2 {
		t.Errorf("%d keys are alive", n)
	}
	says(t, e.plan("-refresh=false"), "1 to change")
	e.apply("-refresh=false")
	e.alive("managed")
	e.isEmpty()
	e.hand("three")
	e.Must("plan", "-out=saved")
	e.w.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "status", HTTPStatus: 500, Times: -1})
	if r := e.Run("apply", "-no-color", "saved"); r.Err == nil {
		t.Error("an apply that cannot list the keys succeeds")
	} else {
		says(t, clitest.Unwrapped(r.Output), "Cannot list app keys", "No key was revoked")
	}
	e.w.ClearFaults()
	e.apply()
	e.alive("managed")
}

// TestAccAppKeysExclusive_failingDefaultKey: what a Create cannot revoke does not
// make Terraform recreate the resource.
func TestAccAppKeysExclusive_failingDefaultKey(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{DefaultKey: true})
	e.write(tenant, managedKey, onlyK)
	e.w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102})
	says(t, e.apply(), "Warning: Cannot revoke app key", "the next apply tries again")
	if n := e.w.LiveKeys(); n != 2 {
		t.Errorf("%d keys are alive", n)
	}
	says(t, e.plan("-refresh=false"), "1 to change, 0 to destroy")
	e.apply()
	e.alive("managed")
	e.isEmpty()
}

// TestAccAppKeysExclusive_none keeps an app without any key.
func TestAccAppKeysExclusive_none(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{DefaultKey: true})
	e.write(tenant, only("clarifai_app.t.id", "[]", "allow_none = true\n"))
	e.apply()
	e.alive()
	e.isEmpty()
	e.hand("by hand")
	e.apply()
	e.alive()
	if err := e.w.DeleteApp(e.w.UserID(), "tenant"); err != nil {
		t.Fatal(err)
	}
	says(t, e.plan(), "2 to add, 0 to change, 0 to destroy") // the app is gone
	e.apply()
	e.alive()
	e.isEmpty()
}

// TestAccAppKeysExclusive_loses: an apply that would leave an app without any key
// that is in use revokes nothing.
func TestAccAppKeysExclusive_loses(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	used := e.hand("in use")
	dead := e.w.UserID() + "/tenant/0123456789abcdef"
	e.write(only(`"tenant"`, fmt.Sprintf("[%q]", used), ""))
	e.apply()
	e.isEmpty()
	e.write(only(`"tenant"`, fmt.Sprintf("[%q]", dead), ""))
	says(t, e.plan(), "Warning: None of the keys to keep exists")
	if r := e.Run("apply", "-auto-approve", "-no-color"); r.Err == nil {
		t.Error("it is applied")
	} else {
		says(t, clitest.Unwrapped(r.Output), "Error: None of the keys to keep exists", "No key was revoked")
	}
	e.alive("in use")
	e.Must("destroy", "-auto-approve") // is never blocked
	e.write(only(`"tenant"`, fmt.Sprintf("[%q]", dead), ""))
	says(t, e.apply(), "None of the keys to keep exists", "The app emulator-user/tenant has other keys")
	e.alive("in use")
}

// TestAccAppKeysExclusive_twice: two resources for one app are an error of the plan, and
// to remove one resolves it.
func TestAccAppKeysExclusive_twice(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	second := strings.ReplaceAll(strings.ReplaceAll(managedKey, `"k"`, `"second"`), "managed", "second")
	both := strings.Replace(onlyK, "clarifai_app_key.k.id", "clarifai_app_key.k.id, clarifai_app_key.second.id", 1)
	e.write(tenant, managedKey, second, both, strings.ReplaceAll(both, `"e"`, `"other"`))
	says(t, e.apply(), "Warning: Two sets of exclusive keys for emulator-user/tenant")
	e.alive("managed", "second")
	e.refuses("Error: Two sets of exclusive keys for one app", "plan")
	e.refuses("Error: Two sets of exclusive keys for one app", "destroy", "-auto-approve")
	e.write(tenant, managedKey, second, both)
	e.apply()
	e.isEmpty()
	e.alive("managed", "second")
	saysNot(t, e.apply("-replace=clarifai_app_keys_exclusive.e"), "Two sets")
	e.isEmpty()
	e.write(tenant, managedKey, second, both, strings.ReplaceAll(both, `"e"`, `"other"`))
	e.apply()
	e.Must("destroy", "-auto-approve", "-refresh=false") // nothing else is left to do where an error blocks it
	must(t, e.w.NothingLeft(nil))
}
