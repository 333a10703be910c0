package appkey_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// edit changes the tenant's only key from outside.
func edit(t *testing.T, w *acctest.World, f func(*emulator.Key)) func() {
	return func() {
		t.Helper()
		must(t, w.EditKey(w.Keys(w.UserID(), "tenant")[0].ID, f))
	}
}

// TestAccAppKey_drift changes a key from outside, in each way: the plan shows
// it, and the apply leaves one key as it was asked for.
func TestAccAppKey_drift(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := w.Config(tenant + `
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "one"
  scopes      = ["Inputs:Add", "Inputs:Get", "Predict"]
  endpoints   = ["/clarifai.api.V2/PostModelOutputs"]
}`)
	value := statecheck.CompareValue(acctest.Changed{})
	step := func(f func(*emulator.Key), action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			PreConfig: edit(t, w, f), Config: config, ConfigPlanChecks: acctest.PlansOne(address, action),
			PostApplyFunc: func() {
				keys := w.Keys(w.UserID(), "tenant")
				if len(keys) != 1 || keys[0].Description != "one" || len(keys[0].Scopes) != 3 || len(keys[0].Endpoints) != 1 {
					t.Errorf("there are %d keys, or it was not put back", len(keys))
				}
			},
		}
	}
	replaced := func(f func(*emulator.Key)) resource.TestStep {
		s := step(f, plancheck.ResourceActionReplace)
		s.ConfigStateChecks = []statecheck.StateCheck{value.AddStateValue(address, path("key"))}
		return s
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config, ConfigStateChecks: []statecheck.StateCheck{value.AddStateValue(address, path("key"))}},
		step(func(k *emulator.Key) { slices.Reverse(k.Scopes) }, plancheck.ResourceActionNoop),
		step(func(k *emulator.Key) { k.Description = "by hand" }, plancheck.ResourceActionUpdate),
		step(func(k *emulator.Key) { k.Description = "" }, plancheck.ResourceActionUpdate),
		replaced(func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Search") }),
		replaced(func(k *emulator.Key) { k.Scopes = []string{"All"} }),
		replaced(func(k *emulator.Key) { k.Scopes = k.Scopes[:1] }),
		replaced(func(k *emulator.Key) { k.Scopes = nil }),
		replaced(func(k *emulator.Key) { k.Endpoints = append(k.Endpoints, "/clarifai.api.V2/GetModel") }),
		replaced(func(k *emulator.Key) { k.Endpoints = nil }),
	}})
}

// TestAccAppKey_disappears deletes a key from outside: it is planned for creation.
func TestAccAppKey_disappears(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: 11009}})
	config := w.Config(tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}")
	gone := func() { must(t, w.DeleteKey(w.Keys(w.UserID(), "tenant")[0].ID)) }
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: gone, Config: config,
			ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
				address: plancheck.ResourceActionCreate, "clarifai_app.t": plancheck.ResourceActionNoop,
			}),
		},
		{PreConfig: gone, Config: config, Destroy: true},
	}})
}

// TestAccAppKey_requests counts what a plan over an app and its key costs.
func TestAccAppKey_requests(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := w.Config(tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}")
	before := 0
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: w.Reset,
			Config:    config, PlanOnly: true, // which plans twice
		},
		{
			PreConfig: func() { before = w.Count("") },
			Config:    config, ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop),
		},
	}})
	if before == 0 || before > 2*3 {
		t.Errorf("two plans over an app and a key took %d requests", before)
	}
}

// TestAccAppKey_texts goes through what a description can be.
func TestAccAppKey_texts(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ClearStrings: "honored"}})
	same := statecheck.CompareValue(acctest.Same{})
	step := func(description string, action plancheck.ResourceActionType, want knownvalue.Check) resource.TestStep {
		return resource.TestStep{
			Config:           w.Config(tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n  description = " + description + "\n}"),
			ConfigPlanChecks: acctest.PlansOne(address, action),
			ConfigStateChecks: []statecheck.StateCheck{
				same.AddStateValue(address, path("key")), statecheck.ExpectKnownValue(address, path("description"), want),
			},
		}
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step(`null`, plancheck.ResourceActionCreate, knownvalue.Null()),
		step(`""`, plancheck.ResourceActionUpdate, knownvalue.StringExact("")),
		step(`"text \"quoted\" ü"`, plancheck.ResourceActionUpdate, knownvalue.StringExact(`text "quoted" ü`)),
		step(`""`, plancheck.ResourceActionUpdate, knownvalue.StringExact("")),
		step(`"text"`, plancheck.ResourceActionUpdate, knownvalue.StringExact("text")),
		step(`null`, plancheck.ResourceActionUpdate, knownvalue.Null()),
	}})
}
