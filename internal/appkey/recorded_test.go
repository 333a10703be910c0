package appkey_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorded"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAccAppKey_recordedState plans over a state that an earlier version of the
// provider wrote. Each key in it has a note in private state, under the name and
// in the form that states hold; without the note, each plan is another one.
func TestAccAppKey_recordedState(t *testing.T) {
	t.Parallel()
	recording := recorded.Read(t, "testdata/recorded")
	bare := recording.WithoutPrivate(t)
	options := emulator.Options{Switches: emulator.Switches{KeyEndpoints: "hidden", DefaultScopes: "all"}}
	config := func(app, more string) string {
		return `
resource "clarifai_app_key" "defaults" {
  app_id      = "tenant"
  description = "defaults"
  endpoints   = ["/clarifai.api.V2/PostModelOutputs"]
}

resource "clarifai_app_key" "imported" {
  app_id      = "tenant"
  description = "imported"
  scopes      = ["Predict"]
` + more + `
}

resource "clarifai_app_key" "renamed_outside" {
  app_id      = "` + app + `"
  description = "renamed outside"
  scopes      = ["Predict"]
}
`
	}
	const noChange = "No changes."
	for name, c := range map[string]struct {
		config        string
		with, without string
	}{
		"as it was": { // server_defaults: Clarifai filled in the scopes and hides the endpoints
			config("after", ""), noChange, "Plan: 1 to add, 0 to change, 1 to destroy.",
		},
		"first keepers after an import": {
			config("after", "keepers = { month = \"11\" }"), "Plan: 0 to add, 1 to change, 0 to destroy.", "Plan: 2 to add, 0 to change, 2 to destroy.",
		},
		"back to the app's old name": {
			config("before", ""), "The app was renamed outside of Terraform", "Plan: 1 to add, 1 to change, 1 to destroy.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Says(t, recording.Plan(t, options, c.config), c.with)
			apitest.Says(t, bare.Plan(t, options, c.config), c.without)
		})
	}
}
