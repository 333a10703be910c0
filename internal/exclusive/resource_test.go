package exclusive_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeysExclusive_life follows an app whose keys are all managed, under every setting of
// what is not known of the API: the run that creates it leaves no default key, and whatever is
// added later is shown and then revoked.
func TestAppKeysExclusive_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		apply := func(p *acctest.Process, plan *acctest.Plan) *acctest.Stored {
			t.Helper()
			got, said := p.Apply(plan, nil)
			must(t, append(plan.Said, said...).Err())
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
		w.CheckKeys(t, 1)
		apitest.Equal(t, w.Process(t).Plan(set, config).Action, acctest.NoOp, "the next plan")
		w.MakeKey(t, emulator.Key{Description: "by hand", Scopes: []string{"All"}})
		p = w.Process(t)
		plan := p.Plan(set, config)
		apitest.Equal(t, plan.Action, acctest.Update, "the plan after a key was added")
		set = apply(p, plan)
		if w.LiveKeys() != 1 || w.Keys(w.UserID(), "tenant")[0].Description == "by hand" {
			t.Errorf("%d keys are alive", w.LiveKeys())
		}
		apitest.Equal(t, w.Process(t).Plan(set, config).Action, acctest.NoOp, "the last plan")
	})
}
