package exclusive_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const exclusive = "clarifai_app_keys_exclusive.e"

// only is the exclusive resource of the tenant.
func only(app, keyIDs, more string) string {
	return "resource \"clarifai_app_keys_exclusive\" \"e\" {\n  app_id = " + app + "\n  key_ids = " + keyIDs + "\n" + more + "}\n"
}

// others checks what other_keys holds in the state.
func others(want map[string]knownvalue.Check) []statecheck.StateCheck {
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(exclusive, path("other_keys"), knownvalue.MapExact(want))}
}

var none = map[string]knownvalue.Check{}

// described returns how many keys of the tenant have the description.
func described(w *acctest.World, description string) (n int) {
	for _, k := range w.Keys(w.UserID(), "") {
		if k.Description == description {
			n++
		}
	}
	return n
}

// byHandWith creates a key of the tenant outside of Terraform.
func byHandWith(t *testing.T, w *acctest.World, description string) func() {
	return func() {
		t.Helper()
		byHand(t, w, emulator.Key{Description: description, Scopes: []string{"All"}})
	}
}

// TestAccAppKeysExclusive_life follows an app whose keys are all managed: the apply
// that creates it leaves no default key, and whatever is added later is shown and then
// revoked.
func TestAccAppKeysExclusive_life(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultKey: true}})
	config := w.Config(tenant + of("clarifai_app.t.id", `scopes = ["Predict"]`) + only("clarifai_app.t.id", "[clarifai_app_key.k.id]", ""))
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config, ConfigStateChecks: others(none), PostApplyFunc: func() {
			if n := w.LiveKeys(); n != 1 {
				t.Errorf("%d keys are alive", n)
			}
		}},
		{Config: config, PlanOnly: true},
		{
			PreConfig: byHandWith(t, w, "by hand"), Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(exclusive, path("other_keys"), knownvalue.MapExact(none)),
			}},
			ConfigStateChecks: others(none),
			PostApplyFunc: func() {
				if described(w, "by hand") != 0 || w.LiveKeys() != 1 {
					t.Errorf("%d keys are alive", w.LiveKeys())
				}
			},
		},
		{Config: config, PlanOnly: true},
	}})
}

// TestAppKeysExclusive_life is the same under every setting of what is not known of
// the API.
func TestAppKeysExclusive_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		apply := func(p *acctest.Process, plan *acctest.Plan) *acctest.Stored {
			t.Helper()
			got, said := p.Apply(plan, nil)
			if plan.Said.Failed() || said.Failed() {
				t.Fatalf("%s%s", plan.Said, said)
			}
			return got
		}
		created := func(p *acctest.Process, resourceType string, config map[string]any) *acctest.Stored {
			t.Helper()
			return apply(p, p.PlanOnly(&acctest.Stored{Type: resourceType}, config))
		}
		p := w.Process(t)
		created(p, "clarifai_app", map[string]any{"id": "tenant"})
		key := created(p, "clarifai_app_key", map[string]any{"app_id": "tenant", "scopes": []string{"Predict"}})
		config := map[string]any{"app_id": "tenant", "key_ids": []string{p.Texts(key)["id"]}}
		set := created(p, "clarifai_app_keys_exclusive", config)
		if n := w.LiveKeys(); n != 1 {
			t.Errorf("%d keys are alive", n)
		}
		if plan := w.Process(t).Plan(set, config); plan.Action != acctest.NoOp {
			t.Errorf("the next plan: %s", plan.Action)
		}
		byHandWith(t, w, "by hand")()
		p = w.Process(t)
		plan := p.Plan(set, config)
		if plan.Action != acctest.Update {
			t.Errorf("the plan after a key was added: %s", plan.Action)
		}
		set = apply(p, plan)
		if described(w, "by hand") != 0 || w.LiveKeys() != 1 {
			t.Errorf("%d keys are alive", w.LiveKeys())
		}
		if plan := w.Process(t).Plan(set, config); plan.Action != acctest.NoOp {
			t.Errorf("the last plan: %s", plan.Action)
		}
	})
}
