package appkey_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_storeKey keeps the secret out of state and plan, puts it in and
// takes it out again: all the time it is one and the same key.
func TestAccAppKey_storeKey(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	same, secret := statecheck.CompareValue(acctest.Same{}), statecheck.CompareValue(acctest.Same{})
	hidden := acctest.Hidden{World: w}
	step := func(store, description string, action plancheck.ResourceActionType) resource.TestStep {
		s := resource.TestStep{
			Config: w.Config(tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n  description = \"" +
				description + "\"\n  store_key = " + store + "\n}"),
			ConfigPlanChecks:  acctest.PlansOne(address, action),
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("fingerprint"))},
			PostApplyFunc: func() {
				if w.LiveKeys() != 1 || w.Count("PostKeys") != 1 {
					t.Errorf("%d keys live, %d were created", w.LiveKeys(), w.Count("PostKeys"))
				}
			},
		}
		if store == "false" {
			s.ConfigStateChecks = append(s.ConfigStateChecks, hidden, statecheck.ExpectKnownValue(address, path("key"), knownvalue.Null()))
		} else {
			s.ConfigStateChecks = append(s.ConfigStateChecks, secret.AddStateValue(address, path("key")))
		}
		return s
	}
	neverStored := func(s resource.TestStep) resource.TestStep {
		s.ConfigPlanChecks.PreApply = append(s.ConfigPlanChecks.PreApply, hidden)
		s.ConfigPlanChecks.PostApplyPostRefresh = []plancheck.PlanCheck{hidden}
		return s
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		neverStored(step("false", "one", plancheck.ResourceActionCreate)),
		neverStored(step("false", "two", plancheck.ResourceActionUpdate)),
		step("true", "two", plancheck.ResourceActionUpdate),
		step("true", "three", plancheck.ResourceActionUpdate),
		step("false", "three", plancheck.ResourceActionUpdate),
		step("true", "four", plancheck.ResourceActionUpdate),
		step("false", "five", plancheck.ResourceActionUpdate),
		neverStored(step("false", "five", plancheck.ResourceActionNoop)),
	}})
}
