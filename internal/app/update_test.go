package app_test

import (
	"fmt"
	"regexp"
	"strings"
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

func path(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

// onlyApps checks that after the destroy only these apps are left.
func onlyApps(w *acctest.World, ids ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var left []string
		for _, a := range w.Apps(w.UserID()) {
			left = append(left, a.ID)
		}
		if strings.Join(left, " ") != strings.Join(ids, " ") {
			return fmt.Errorf("the apps %q are left instead of %q", left, ids)
		}
		return nil
	}
}

// TestAccApp_workflow goes through the forms of default_workflow, with the
// base workflow shown as a copy in the app and as where it came from.
func TestAccApp_workflow(t *testing.T) {
	t.Parallel()
	for _, shown := range []string{"copied", "referenced"} {
		t.Run(shown, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: shown}})
			step := func(attributes string, action plancheck.ResourceActionType, id string) resource.TestStep {
				return resource.TestStep{
					Config: w.Config(app(attributes)), ConfigPlanChecks: acctest.PlansOne(address, action),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, path("default_workflow").AtMapKey("id"), knownvalue.StringExact(id))},
				}
			}
			const (
				create, update, noop = plancheck.ResourceActionCreate, plancheck.ResourceActionUpdate, plancheck.ResourceActionNoop
				short                = `default_workflow = { id = "General" }`
				long                 = `default_workflow = { id = "General", user_id = "clarifai", app_id = "main" }`
			)
			tenant, renamed := "id = \"tenant\"\n", "id = \"renamed\"\n"
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{
				step(tenant+short, create, "General"),
				step(tenant+short+"\nname = \"x\"", update, "General"),
				step(tenant+long, noop, "General"),
				step(renamed+long, update, "General"),
				step(renamed+short, noop, "General"),
				step(tenant+short, update, "General"),
				step(tenant, noop, "General"),
				step(renamed, update, "General"),
				step(renamed+`default_workflow = { id = "Face" }`, update, "Face"),
				step(renamed+`default_workflow = { id = "Text", user_id = "clarifai", app_id = "main" }`, update, "Text"),
				step(renamed, noop, "Text"),
			}})
		})
	}
}

// TestAccApp_workflowOfFull changes the base workflow of an app that holds
// inputs, which Clarifai refuses unless it may index them again.
func TestAccApp_workflowOfFull(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	const face = "id = \"tenant\"\ndefault_workflow = { id = \"Face\" }\nforce_destroy = true\n"
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(app(`id = "tenant"`))},
		{
			PreConfig:   func() { must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Inputs: 7})) },
			Config:      w.Config(app(face)),
			ExpectError: regexp.MustCompile(`(?s)reindex.*reindex_on_workflow_change`),
		},
		{
			Config:            w.Config(app(face + "reindex_on_workflow_change = true")),
			ConfigPlanChecks:  acctest.PlansOne(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, path("default_workflow").AtMapKey("id"), knownvalue.StringExact("Face"))},
		},
	}})
}

// TestAccApp_noSuchWorkflow names a workflow that does not exist.
func TestAccApp_noSuchWorkflow(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{{
		Config:      w.Config(app("id = \"tenant\"\ndefault_workflow = { id = \"Nope\" }")),
		ExpectError: regexp.MustCompile(`(?s)Cannot create app.*App [^/]+/tenant: .*Nope`),
	}}})
}

// TestAccApp_owner moves an app to an organization, which means another app.
func TestAccApp_owner(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(app(`id = "tenant"`))},
		{
			Config:            w.Config(app("id = \"tenant\"\nuser_id = \"acme\"")),
			ConfigPlanChecks:  acctest.PlansOne(address, plancheck.ResourceActionReplace),
			ConfigStateChecks: []statecheck.StateCheck{state("user_id", knownvalue.StringExact("acme"))},
		},
	}})
}

// TestAccApp_otherOwner meets a Clarifai that gives the app to the owner of the
// PAT instead of the organization: nothing is kept.
func TestAccApp_otherOwner(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{AppOwner: "caller"}})
	w.AddOrganization("acme", w.UserID())
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{{
		Config:      w.ConfigAs("acme", w.PAT(), app(`id = "tenant"`)),
		ExpectError: regexp.MustCompile(`(?s)instead of\s+acme.*deleted\s+again`),
	}}})
}

// TestAccApp_taken finds the id taken by an app that the state does not hold.
func TestAccApp_taken(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	w.Run(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config:      w.Config(app(`id = "tenant"`)),
				ExpectError: regexp.MustCompile(`(?s)Cannot create app.*ID\s+is\s+taken.*terraform\s+import\s+\S+\s+` + w.UserID() + `/tenant`),
			},
			{Config: w.Config(app(`id = "other"`))},
			{
				Config:      w.Config(app(`id = "tenant"`)),
				ExpectError: regexp.MustCompile(`(?s)Cannot rename app.*ID\s+is\s+taken.*cannot\s+be\s+renamed.*already\s+has\s+an\s+app\s+"tenant"`),
			},
		},
		CheckDestroy: onlyApps(w, "tenant"),
	})
}

// TestAccApp_longID is above what Clarifai documents, and not refused for it.
// What is asked for is what an app has by itself.
func TestAccApp_longID(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(app(`
  id          = "a-tenant-with-a-name-of-forty-characters"
  visibility  = "PRIVATE"
  is_template = false
  description = ""
  metadata    = "{}"
`)),
	}}})
}
