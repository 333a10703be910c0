package faults_test

import (
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestFaults_lostRename loses the answer of a rename and everything else that would
// show it. The next plan finds the app by its other attributes.
func TestFaults_lostRename(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 200)
	retries(w, 1)
	tf, want := w.NewEstate(t), fleet("one", "-renamed")
	mustApply(t, tf, fleet("one", ""))
	before := checkKeys(t, tf, w.Emulator)
	plans, err := tf.Plan(want)
	must(t, err)
	w.Inject(emulator.Fault{Kind: "cut_after", Method: "PatchAppsIds", Times: -1})
	w.Inject(emulator.Fault{Kind: "html", Method: "GetApp", Times: -1})
	checkFails(t, tf.ApplyPlans(plans), "Cannot rename app")
	w.ClearFaults()
	for _, a := range w.Apps(w.UserID()) {
		if slices.Contains(tf.Each("clarifai_app", "id"), a.ID) {
			t.Errorf("the state has the new ID %s", a.ID)
		}
	}
	mustApply(t, tf, want)
	checkSteady(t, w, tf, want)
	apitest.Equal(t, checkKeys(t, tf, w.Emulator), before, "keys")
	checkDestroy(t, w, tf)
}

// TestFaults_renamedOutside changes an app that was renamed outside Terraform since the
// last refresh: every error names the new ID.
func TestFaults_renamedOutside(t *testing.T) {
	t.Parallel()
	w, tf := applied(t, emulator.Switches{RenameOld: "moved"}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	rename(t, w, "tenant", "elsewhere")
	const moved = `was renamed to "elsewhere"`
	for address, config := range map[string]map[string]any{
		"clarifai_app.t":     {"id": "tenant", "description": "changed"},
		"clarifai_app_key.k": keyOf("tenant", "k", "Predict"),
	} {
		p := w.Process(t)
		_, failed := p.Apply(p.PlanOnly(tf.Stored(address), config), nil)
		checkFails(t, failed.Err(), moved)
	}
	_, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_keys", map[string]any{"app_id": "tenant"})
	checkSaid(t, failure, moved)
}

func rename(t *testing.T, w *acctest.World, app, newID string) {
	t.Helper()
	apitest.Must(t, apitest.Err(inventoryOf(t, w).RenameApp(t.Context(), inventory.StateApp{AppRef: clarifai.AppRef{UserID: w.UserID(), AppID: app}}, newID)))
}

// TestFaults_keyChangedOutside changes the description of a key whose scopes were
// widened outside Terraform since the last refresh.
func TestFaults_keyChangedOutside(t *testing.T) {
	t.Parallel()
	want := fleet("two", "")
	w, tf := applied(t, emulator.Switches{}, fleet("one", ""))
	for _, k := range w.Keys(w.UserID(), "") {
		if err := w.EditKey(k.ID, func(k *emulator.Key) {
			k.Scopes, k.Endpoints = []string{"All"}, []string{"/clarifai.api.V2/GetApp"}
		}); err != nil {
			t.Fatal(err)
		}
	}
	const address = "clarifai_app_key.north"
	p := w.Process(t)
	plan := p.PlanOnly(tf.Stored(address), want[address])
	_, got := w.Process(t).Apply(plan, nil)
	checkSaid(t, got.String(), "App key changed outside of Terraform", "The next plan shows it")
	if tf.Changes(want) == "" {
		t.Error("the next plan shows nothing")
	}
	mustApply(t, tf, want)
	checkSteady(t, w, tf, want)
	checkDestroy(t, w, tf)
}

// TestFaults_appCreatedOutside plans to move a key to the new ID of an app. By the time
// of the apply another app has that ID. The plan was for an update, so the apply has to
// be one.
func TestFaults_appCreatedOutside(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	w.MakeApps(t, "one")
	in := func(app string) acctest.Resources {
		return acctest.Resources{"clarifai_app_key.k": keyOf(app, "k", "Predict")}
	}
	tf := w.NewEstate(t)
	mustApply(t, tf, in("one"))
	plans, err := tf.Plan(in("two"))
	must(t, err)
	w.MakeApps(t, "two")
	must(t, tf.ApplyPlans(plans))
	checkKeys(t, tf, w.Emulator)
	apitest.Equal(t, len(w.Keys(w.UserID(), "two")), 1, "keys in the new app")
}
