package clitest_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFresh creates keys with two providers of one account, which run in two
// processes, and reads all of them in the same apply with the one that has listed
// the app before the other one creates its key.
func TestAccFresh(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	ws.Write("main.tf", `
provider "clarifai" {
  alias = "second"
}

resource "clarifai_app" "t" {
  id = "tenant"
}

resource "clarifai_app_key" "first" {
  app_id      = clarifai_app.t.id
  description = "first"
  scopes      = ["Predict"]
}

resource "clarifai_app_key" "second" {
  provider    = clarifai.second
  app_id      = clarifai_app_key.first.app_id
  description = "second"
  scopes      = ["Predict"]
  depends_on  = [clarifai_app_key.first]
}

data "clarifai_app_keys" "all" {
  app_id     = clarifai_app.t.id
  depends_on = [clarifai_app_key.second]
}

data "clarifai_app_key" "by_description" {
  app_id      = clarifai_app.t.id
  description = "second"
  depends_on  = [clarifai_app_key.second]
}

data "clarifai_app_key" "by_id" {
  id = clarifai_app_key.second.id
}

output "keys" {
  value = join(", ", sort(data.clarifai_app_keys.all.keys[*].description))
}
`)
	apitest.Says(t, ws.Must("apply", "-auto-approve", "-no-color").Output, `keys = "first, second"`)
	if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		t.Errorf("the next plan is not empty:\n%s", r.Output)
	}
}
