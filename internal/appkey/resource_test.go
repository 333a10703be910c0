package appkey_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const tenant = `
resource "clarifai_app" "t" {
  id = "tenant"
}
`

// TestAccAppKey_life follows a key through its life under every setting of
// what is not known of the API.
func TestAccAppKey_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		const key = "clarifai_app_key.k"
		same := statecheck.CompareValue(acctest.Same{})
		other := statecheck.CompareValue(acctest.Changed{})
		config := func(description, scopes, more string) string {
			return w.Config(tenant + `
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "` + description + `"
  scopes      = [` + scopes + `]
  ` + more + `
}`)
		}
		action := func(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
			return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(key, a)}}
		}
		const scopes = `"Inputs:Add", "Inputs:Get", "Predict"`
		w.Run(t, resource.TestCase{Steps: []resource.TestStep{
			{
				Config: config("one", scopes, ""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(key, tfjsonpath.New("scopes"), knownvalue.SetExact([]knownvalue.Check{
						knownvalue.StringExact("Inputs:Add"), knownvalue.StringExact("Inputs:Get"), knownvalue.StringExact("Predict"),
					})),
					statecheck.ExpectSensitiveValue(key, tfjsonpath.New("key")),
					same.AddStateValue(key, tfjsonpath.New("key")),
				},
			},
			{
				Config: config("two", scopes, ""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(key, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(key, tfjsonpath.New("fingerprint"), knownvalue.NotNull()),
					plancheck.ExpectKnownValue(key, tfjsonpath.New("key"), knownvalue.NotNull()),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					same.AddStateValue(key, tfjsonpath.New("key")),
					other.AddStateValue(key, tfjsonpath.New("key")),
				},
			},
			{ // after an import nothing is to be done either
				ResourceName: key, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return w.UserID() + "/tenant/description=two", nil },
				ImportPlanChecks:  resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(key, plancheck.ResourceActionNoop)}},
			},
			{
				Config:            config("two", `"Predict"`, ""),
				ConfigPlanChecks:  action(plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{other.AddStateValue(key, tfjsonpath.New("key"))},
			},
			{
				Config:            config("two", `"Predict"`, `endpoints = ["/clarifai.api.V2/PostModelOutputs"]`),
				ConfigPlanChecks:  action(plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{other.AddStateValue(key, tfjsonpath.New("key"))},
			},
			{
				Config:            config("two", `"Predict"`, "keepers = { month = \"12\" }\nlifecycle { create_before_destroy = true }"),
				ConfigPlanChecks:  action(plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{other.AddStateValue(key, tfjsonpath.New("key"))},
			},
		}})
	})
}
