package app_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_app.t"

// app is the resource with these attributes.
func app(attributes string) string {
	return "resource \"clarifai_app\" \"t\" {\n" + attributes + "\n}\n"
}

// full is the configuration with every attribute set.
const full = `
  id               = "tenant"
  name             = "Tenant one"
  default_language = "de"
  sample_ms        = 500
  is_template      = true
  visibility       = "ORG"
  description      = "first"
  notes            = "# First"
  metadata         = jsonencode({ tenant = "acme", limits = { cpu = 2, big = 12345678901234567890 } })
  default_workflow = { id = "General", user_id = "clarifai", app_id = "main" }
`

func state(name string, v knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), v)
}

// TestAccApp_life follows an app through its life under every setting of what
// is not known of the API. After each step the plan has to be empty.
func TestAccApp_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, s emulator.Switches) {
		update := acctest.PlansOne(address, plancheck.ResourceActionUpdate)
		const texts = `
  id          = "renamed"
  description = "second"
  notes       = "# Second"
`
		steps := []resource.TestStep{
			{
				Config: w.Config(app(`id = "tenant"`)),
				ConfigStateChecks: []statecheck.StateCheck{
					state("user_id", knownvalue.StringExact(w.UserID())),
					state("name", knownvalue.StringExact("tenant")),
					state("visibility", knownvalue.StringExact("PRIVATE")),
					state("is_template", knownvalue.Bool(false)),
					state("description", knownvalue.Null()),
					state("metadata", knownvalue.Null()),
					state("default_workflow", knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact("Universal")})),
					state("created_at", knownvalue.NotNull()),
				},
			},
			{
				Config: w.Config(app(full)), ConfigPlanChecks: update,
				ConfigStateChecks: []statecheck.StateCheck{
					state("sample_ms", knownvalue.Int64Exact(500)),
					state("is_template", knownvalue.Bool(true)),
					state("default_workflow", knownvalue.ObjectExact(map[string]knownvalue.Check{
						"id": knownvalue.StringExact("General"), "user_id": knownvalue.StringExact("clarifai"), "app_id": knownvalue.StringExact("main"),
					})),
				},
			},
			{ // with the full configuration nothing is to be done after an import
				ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: w.UserID() + "/tenant",
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)}},
			},
			{
				Config: w.Config(app(texts + `
  name             = "Tenant two"
  default_language = "fr"
  sample_ms        = 2000
  is_template      = false
  visibility       = "PUBLIC"
  metadata         = jsonencode({ b = [1, 2], a = { x = null } })
  default_workflow = { id = "Face" }
`)),
				ConfigPlanChecks: update,
				ConfigStateChecks: []statecheck.StateCheck{
					state("id", knownvalue.StringExact("renamed")),
					state("is_template", knownvalue.Bool(false)),
					state("visibility", knownvalue.StringExact("PUBLIC")),
				},
			},
			{ // what Clarifai fills by itself is kept; JSON is compared by meaning
				Config:           w.Config(app(texts + `metadata = "{ \"a\": {\"x\":null},  \"b\": [1.0, 2] }"`)),
				ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop),
			},
			{
				Config: w.Config(app(texts)), ConfigPlanChecks: update,
				ConfigStateChecks: []statecheck.StateCheck{state("metadata", knownvalue.Null())},
			},
		}
		cleared := w.Config(app(`id = "renamed"`))
		if s.ClearStrings == "honored" {
			steps = append(steps, resource.TestStep{
				Config: cleared, ConfigPlanChecks: update,
				ConfigStateChecks: []statecheck.StateCheck{state("description", knownvalue.Null()), state("notes", knownvalue.Null())},
			})
		} else {
			steps = append(steps,
				resource.TestStep{Config: cleared, ExpectError: regexp.MustCompile(`(?s)Clarifai did not clear description.*still\s+has\s+its\s+old\s+value`)},
				resource.TestStep{Config: w.Config(app(texts)), PlanOnly: true},
			)
		}
		w.Run(t, resource.TestCase{Steps: steps})
	})
}

// TestAccApp_metadata changes how metadata is written and what it means.
func TestAccApp_metadata(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	step := func(metadata string, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			Config:           w.Config(app(fmt.Sprintf("id = \"tenant\"\nmetadata = %s", metadata))),
			ConfigPlanChecks: acctest.PlansOne(address, action),
		}
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step(`jsonencode({ a = 1, b = "x", big = 12345678901234567890, text = "<&>" })`, plancheck.ResourceActionCreate),
		step(`"{\"b\":\"x\", \"a\": 1,\n\"text\":\"\\u003c&>\", \"big\": 12345678901234567890}"`, plancheck.ResourceActionNoop),
		step(`jsonencode({ a = 2 })`, plancheck.ResourceActionUpdate),
		step(`jsonencode({})`, plancheck.ResourceActionUpdate),
		step(`null`, plancheck.ResourceActionUpdate),
	}})
}

// TestAccApp_onlyTerraforms changes what Clarifai does not know of: nothing is
// sent to the app.
func TestAccApp_onlyTerraforms(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(app(full))},
		{
			PreConfig:        w.Reset,
			Config:           w.Config(app(full + "force_destroy = true\nreindex_on_workflow_change = true")),
			ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				state("force_destroy", knownvalue.Bool(true)),
				state("notes", knownvalue.StringExact("# First")),
			},
			PostApplyFunc: func() {
				if n := w.Count("PatchApp"); n > 0 {
					t.Errorf("%d patches of an app that does not change", n)
				}
			},
		},
	}})
}
