package app_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// must fails the test when an edit from outside did not work.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAccApp_drift edits one attribute after the other from outside: the plan
// shows each, and the apply puts it back.
func TestAccApp_drift(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	var before emulator.App
	steps := []resource.TestStep{{
		Config:        w.Config(app(full)),
		PostApplyFunc: func() { before = w.Apps(w.UserID())[0] },
	}}
	for name, edit := range map[string]func(*emulator.App){
		"name":             func(a *emulator.App) { a.Name = "x" },
		"default_language": func(a *emulator.App) { a.DefaultLanguage = "it" },
		"sample_ms":        func(a *emulator.App) { a.SampleMS = 1 },
		"is_template":      func(a *emulator.App) { a.IsTemplate = false },
		"visibility":       func(a *emulator.App) { a.Visibility = 50 },
		"description":      func(a *emulator.App) { a.Description = "" },
		"notes":            func(a *emulator.App) { a.Notes = "x" },
		"metadata":         func(a *emulator.App) { a.Metadata["more"] = true },
		"default_workflow": func(a *emulator.App) {
			a.DefaultWorkflow = emulator.Workflow{ID: "Text", UserID: "clarifai", AppID: "main"}
		},
	} {
		steps = append(steps, resource.TestStep{
			PreConfig:        func() { must(t, w.EditApp(w.UserID(), "tenant", edit)) },
			Config:           w.Config(app(full)),
			ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate),
			PostApplyFunc: func() {
				a := w.Apps(w.UserID())[0]
				if a.Name != before.Name || a.DefaultLanguage != before.DefaultLanguage || a.SampleMS != before.SampleMS ||
					a.IsTemplate != before.IsTemplate || a.Visibility != before.Visibility || a.Description != before.Description ||
					a.Notes != before.Notes || len(a.Metadata) != len(before.Metadata) || a.DefaultWorkflow != before.DefaultWorkflow {
					t.Errorf("%s was not put back: %+v, before %+v", name, a, before)
				}
			},
		})
	}
	w.Run(t, resource.TestCase{Steps: steps})
}

const appAndKeys = `
resource "clarifai_app" "t" {
  id = "tenant"
}
resource "clarifai_app_key" "k" {
  count       = 2
  app_id      = clarifai_app.t.id
  description = "key ${count.index}"
  scopes      = ["Predict"]
}
`

// TestAccApp_disappears deletes an app from outside: the next plan recreates it
// and its keys, in one go.
func TestAccApp_disappears(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(appAndKeys)},
		{
			PreConfig: func() { must(t, w.DeleteApp(w.UserID(), "tenant")) },
			Config:    w.Config(appAndKeys),
			ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
				address:                 plancheck.ResourceActionCreate,
				"clarifai_app_key.k[0]": plancheck.ResourceActionCreate,
				"clarifai_app_key.k[1]": plancheck.ResourceActionCreate,
			}),
		},
	}})
}

// TestAccApp_renamedOutside renames an app from outside. Where Clarifai tells
// its new id, it is renamed back and the keys stay.
func TestAccApp_renamedOutside(t *testing.T) {
	t.Parallel()
	rename := func(w *acctest.World) func() {
		return func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) }
	}
	t.Run("moved", func(t *testing.T) {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
		same := statecheck.CompareValue(acctest.Same{})
		w.Run(t, resource.TestCase{Steps: []resource.TestStep{
			{Config: w.Config(appAndKeys), ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue("clarifai_app_key.k[0]", path("key"))}},
			{
				PreConfig: rename(w),
				Config:    w.Config(appAndKeys),
				ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
					address:                 plancheck.ResourceActionUpdate,
					"clarifai_app_key.k[0]": plancheck.ResourceActionUpdate,
				}),
				ConfigStateChecks: []statecheck.StateCheck{
					state("id", knownvalue.StringExact("tenant")),
					same.AddStateValue("clarifai_app_key.k[0]", path("key")),
				},
			},
		}})
	})
	t.Run("not found", func(t *testing.T) {
		w := acctest.Start(t, emulator.Options{})
		same := statecheck.CompareValue(acctest.Same{})
		w.Run(t, resource.TestCase{Steps: []resource.TestStep{
			{Config: w.Config(appAndKeys), ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue("clarifai_app_key.k[0]", path("key"))}},
			{ // the keys are found in the app's new place, which an app of the old name must not cost
				PreConfig:   rename(w),
				Config:      w.Config(appAndKeys),
				ExpectError: regexp.MustCompile(`(?s)Cannot move app key.*renamed\s+outside\s+of\s+Terraform.*terraform\s+import\s+ADDRESS\s+` + w.UserID() + `/elsewhere`),
			},
			{
				PreConfig: func() {
					if w.LiveKeys() != 2 || w.LiveApps() != 1 {
						t.Errorf("%d keys in %d apps", w.LiveKeys(), w.LiveApps())
					}
					must(t, w.RenameApp(w.UserID(), "elsewhere", "tenant"))
				},
				Config: w.Config(appAndKeys),
				ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
					address: plancheck.ResourceActionNoop, "clarifai_app_key.k[0]": plancheck.ResourceActionNoop,
				}),
				ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue("clarifai_app_key.k[0]", path("key"))},
			},
		}})
	})
}
