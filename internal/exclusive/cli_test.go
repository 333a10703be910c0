package exclusive_test

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// exclusively is a workspace for an app whose keys are managed.
type exclusively struct {
	*clitest.Workspace
	account
}

// write writes the app, a key of it with more attributes, a set that names it, and more.
func (e exclusively) write(attributes, more string) {
	e.Write("main.tf", `
provider "clarifai" {
  max_retries = 1
}
resource "clarifai_app" "t" {
  id = "tenant"
}
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "managed"
  scopes      = ["Predict"]
`+attributes+`
}
resource "clarifai_app_keys_exclusive" "e" {
  app_id  = clarifai_app.t.id
  key_ids = [clarifai_app_key.k.id]
}
`+more)
}

// run runs a command and returns what it says.
func (e exclusively) run(command string, args ...string) string {
	e.t.Helper()
	return clitest.Unwrapped(e.Must(append([]string{command, "-no-color"}, args...)...).Output)
}

func (e exclusively) apply(args ...string) string {
	e.t.Helper()
	return e.run("apply", append([]string{"-auto-approve"}, args...)...)
}

// isEmpty checks that the next plan is empty.
func (e exclusively) isEmpty() {
	e.t.Helper()
	says(e.t, e.run("plan"), "No changes.")
}

// TestAccAppKeysExclusive_createBeforeDestroy replaces a key whose successor is created
// first: when the set is applied, the old one is still alive, and Terraform revokes it
// itself. Then it replaces what has not changed.
func TestAccAppKeysExclusive_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := exclusively{clitest.InProcess(t, w), account{t, w}}
	write := func(round string) {
		e.write("keepers = { round = \""+round+"\" }\nlifecycle {\n  create_before_destroy = true\n}", "")
	}
	write("1")
	e.apply()
	old := e.hand("by hand")
	write("2")
	says(t, e.run("plan"), `- "`+old+`" = "by hand"`, "} -> (known after apply)")
	e.apply()
	e.alive("managed")
	says(t, e.run("plan", "-refresh=false"), "No changes")
	apitest.Equal(t, e.w.Count("DeleteKey"), 2, "revocations")
	e.isEmpty()
	write("3")
	e.w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102}) // of the deposed key
	apitest.Fails(t, e.Run("apply", "-auto-approve", "-no-color").Err)
	e.alive("managed", "managed")
	e.apply() // Terraform revokes it, and the set may as well
	e.alive("managed")
	e.isEmpty()
	saysNot(t, e.run("plan", "-replace=clarifai_app_key.k"), "that Terraform manages")
	saysNot(t, e.apply("-replace="+theSetAddress), "Two sets")
	e.isEmpty()
}

// TestAccAppKeysExclusive_temporary: temporary keys that are open while the set is
// planned or applied are neither shown nor revoked; one that a run has left is
// named in a warning until it is a day old.
func TestAccAppKeysExclusive_temporary(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := exclusively{clitest.New(t, w), account{t, w}}
	e.Release.SkipBelow(t, "1.10.0", "1.11.0")
	e.write("", `
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
`)
	saysNot(t, e.apply(), "left alone")
	e.isEmpty()
	e.hand("by hand")
	saysNot(t, e.apply(), "left alone")
	e.alive("managed")
	left := e.hand("Temporary key of a Terraform run, made " + time.Now().UTC().Format(time.RFC3339) + ": left")
	says(t, e.run("plan"), "No changes", "App keys of emulator-user/tenant are left alone", left)
}
