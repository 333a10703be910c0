package appkey_test

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

var lacksScope = regexp.MustCompile(`(?s)PAT\s.*lacks\s+a\s+scope.*Keys:Delete`)

func of(app, attributes string) string {
	return "resource \"clarifai_app_key\" \"k\" {\n  app_id = " + app + "\n" + attributes + "\n}\n"
}

// TestAccAppKey_scopes goes through the forms that scopes and endpoints take.
func TestAccAppKey_scopes(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	step := func(attributes string, action plancheck.ResourceActionType, want knownvalue.Check) resource.TestStep {
		return resource.TestStep{
			Config: w.Config(tenant + of("clarifai_app.t.id", attributes)), ConfigPlanChecks: acctest.PlansOne(address, action),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, path("scopes"), want)},
		}
	}
	set := func(scopes ...string) knownvalue.Check {
		var checks []knownvalue.Check
		for _, s := range scopes {
			checks = append(checks, knownvalue.StringExact(s))
		}
		return knownvalue.SetExact(checks)
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step(`endpoints = ["/clarifai.api.V2/PostModelOutputs"]`, plancheck.ResourceActionCreate, knownvalue.Null()),
		step("endpoints = [\"/clarifai.api.V2/PostModelOutputs\"]\nscopes = []", plancheck.ResourceActionUpdate, set()),
		step(`scopes = ["All"]`, plancheck.ResourceActionReplace, set("All")),
		step(`scopes = ["Inputs_Add"]`, plancheck.ResourceActionReplace, set("Inputs_Add")),
		step(`scopes = ["Inputs:Add"]`, plancheck.ResourceActionNoop, set("Inputs_Add")),
		step("scopes = [\"Inputs:Add\"]\nendpoints = []\nkeepers = {}", plancheck.ResourceActionUpdate, set("Inputs_Add")),
		step("scopes = [\"Inputs:Add\"]\nendpoints = []\nkeepers = { a = \"b\" }", plancheck.ResourceActionReplace, set("Inputs:Add")),
		step("scopes = [\"Inputs:Add\"]\nkeepers = null", plancheck.ResourceActionReplace, set("Inputs:Add")),
		step("scopes = [\"Inputs:Delete\", \"Inputs:Add\", \"Inputs:Get\"]", plancheck.ResourceActionReplace, set("Inputs:Delete", "Inputs:Add", "Inputs:Get")),
		step("scopes = [\"Inputs:Delete\", \"Inputs:Get\"]", plancheck.ResourceActionReplace, set("Inputs:Delete", "Inputs:Get")),
	}})
}

// TestAccAppKey_emptied: null and empty are equal in each direction, which costs
// no request.
func TestAccAppKey_emptied(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	same := statecheck.CompareValue(acctest.Same{})
	step := func(attributes string, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			Config:            w.Config(tenant + of("clarifai_app.t.id", "description = \"x\"\n"+attributes)),
			ConfigPlanChecks:  acctest.PlansOne(address, action),
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("key"))},
			PostApplyFunc: func() {
				if n := w.Count("PostKeys") + w.Count("PatchKeys"); n != 1 {
					t.Errorf("%d writes", n)
				}
			},
		}
	}
	const endpoints = "endpoints = [\"/clarifai.api.V2/PostModelOutputs\"]\n"
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step(endpoints+"scopes = []\nkeepers = {}", plancheck.ResourceActionCreate),
		step(endpoints, plancheck.ResourceActionUpdate),
		step(endpoints+"keepers = {}", plancheck.ResourceActionUpdate),
		step(endpoints+"scopes = []", plancheck.ResourceActionUpdate),
	}})
}

// TestAccAppKey_unknownScopes takes scopes and endpoints from what is not
// applied yet.
func TestAccAppKey_unknownScopes(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := func(scopes string) string {
		return w.Config(tenant + `
resource "terraform_data" "scopes" {
  input            = [` + scopes + `]
  triggers_replace = [` + scopes + `]
}
` + of("clarifai_app.t.id", "scopes = terraform_data.scopes.output\nendpoints = [for s in terraform_data.scopes.output : \"/clarifai.api.V2/PostModelOutputs\"]"))
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(`"Predict"`)},
		{Config: config(`"Predict", "Search"`), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace)},
	}})
}

// TestAccAppKey_alike creates keys of one app that differ in nothing.
func TestAccAppKey_alike(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	different := statecheck.CompareValue(acctest.Changed{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(tenant + of("clarifai_app.t.id", "count = 5\ndescription = \"alike\"\nscopes = [\"Predict\"]")),
		ConfigStateChecks: []statecheck.StateCheck{
			different.AddStateValue(address+"[0]", path("fingerprint")), different.AddStateValue(address+"[1]", path("fingerprint")),
			different.AddStateValue(address+"[2]", path("fingerprint")), different.AddStateValue(address+"[3]", path("fingerprint")),
		},
		PostApplyFunc: func() {
			if w.LiveKeys() != 5 || w.Count("PostKeys") != 5 {
				t.Errorf("%d keys live, %d were created", w.LiveKeys(), w.Count("PostKeys"))
			}
		},
	}}})
}

// TestAccAppKey_owner gives a key of an organization's app, and fails to give
// one of an app that does not exist.
func TestAccAppKey_owner(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config:      w.Config(of(`"nothing"`, `scopes = ["Predict"]`)),
			ExpectError: regexp.MustCompile(`(?s)Cannot create app key.*emulator-user\s+has\s+no\s+app\s+"nothing".*Otherwise\s+check\s+app_id\s+and\s+user_id`),
		},
		{
			Config: w.Config("resource \"clarifai_app\" \"t\" {\n  id = \"tenant\"\n  user_id = \"acme\"\n}\n" +
				of("clarifai_app.t.id", "user_id = clarifai_app.t.user_id\nscopes = [\"Predict\"]")),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, path("id"), knownvalue.StringRegexp(regexp.MustCompile(`^acme/tenant/[0-9a-f]{16}$`))),
			},
		},
	}})
}
