package exclusive_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// only is the exclusive resource of the tenant.
func only(app, keyIDs, more string) string {
	return "resource \"clarifai_app_keys_exclusive\" \"e\" {\n  app_id = " + app + "\n  key_ids = " + keyIDs + "\n" + more + "}\n"
}

// exclusively is a workspace for an app whose keys are managed.
type exclusively struct {
	*clitest.Workspace
	account
}

func newExclusively(t *testing.T, s emulator.Switches) exclusively {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: s})
	return exclusively{clitest.InProcess(t, w), account{t, w}}
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

var (
	managedKey = of("clarifai_app.t.id", "description = \"managed\"\nscopes = [\"Predict\"]")
	secondKey  = strings.ReplaceAll(strings.ReplaceAll(managedKey, `"k"`, `"second"`), "managed", "second")
	onlyK      = only("clarifai_app.t.id", "[clarifai_app_key.k.id]", "")
)

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
	e.write(tenant, managedKey, secondKey, only("clarifai_app.t.id", "[clarifai_app_key.k.id, clarifai_app_key.second.id]", ""))
	e.apply()
	e.isEmpty()
	e.write(tenant, managedKey, secondKey, onlyK)
	e.refuses(lacksKeys, "plan")
	e.refuses(lacksKeys, "apply", "-auto-approve")
	e.refuses(lacksKeys, "destroy", "-auto-approve")
	e.alive("managed", "second")
	e.write(tenant, managedKey, secondKey, only("clarifai_app.t.id", "[clarifai_app_key.k.id, clarifai_app_key.second.id]", ""))
	e.isEmpty()
	saysNot(t, e.plan("-replace=clarifai_app_key.second"), "that Terraform manages")
	e.write(tenant, managedKey, onlyK) // and the resource of the key is gone as well
	e.apply()
	e.alive("managed")
	e.isEmpty()
}

// TestAccAppKeysExclusive_twice: two resources for one app are an error of the plan, and
// to remove one resolves it.
func TestAccAppKeysExclusive_twice(t *testing.T) {
	t.Parallel()
	e := newExclusively(t, emulator.Switches{})
	both := strings.Replace(onlyK, "clarifai_app_key.k.id", "clarifai_app_key.k.id, clarifai_app_key.second.id", 1)
	e.write(tenant, managedKey, secondKey, both, strings.ReplaceAll(both, `"e"`, `"other"`))
	says(t, e.apply(), "Warning: Two sets of exclusive keys for emulator-user/tenant")
	e.alive("managed", "second")
	e.refuses("Error: Two sets of exclusive keys for one app", "plan")
	e.refuses("Error: Two sets of exclusive keys for one app", "destroy", "-auto-approve")
	e.write(tenant, managedKey, secondKey, both)
	e.apply()
	e.isEmpty()
	e.alive("managed", "second")
	saysNot(t, e.apply("-replace=clarifai_app_keys_exclusive.e"), "Two sets")
	e.isEmpty()
	e.write(tenant, managedKey, secondKey, both, strings.ReplaceAll(both, `"e"`, `"other"`))
	e.apply()
	e.Must("destroy", "-auto-approve", "-refresh=false") // nothing else is left to do where an error blocks it
	must(t, e.w.NothingLeft(nil))
}
