package app_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestApp_drift edits one attribute after the other from outside: the plan shows each,
// and the apply puts it back.
func TestApp_drift(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	var before emulator.App
	unmodified := func(a emulator.App) emulator.App { a.ModifiedAt = before.ModifiedAt; return a }
	steps := []acctest.Step{{Want: only("tenant", all), Plan: "create app.t", After: func() { before = live(t, w) }}}
	for name, edit := range map[string]func(*emulator.App){
		"name":             func(a *emulator.App) { a.Name = "x" },
		"default_language": func(a *emulator.App) { a.DefaultLanguage = "it" },
		"sample_ms":        func(a *emulator.App) { a.SampleMS = 1 },
		"is_template":      func(a *emulator.App) { a.IsTemplate = false },
		"visibility":       func(a *emulator.App) { a.Visibility = 50 },
		"description":      func(a *emulator.App) { a.Description = "" },
		"notes":            func(a *emulator.App) { a.Notes = "x" },
		"metadata":         func(a *emulator.App) { a.Metadata = map[string]any{"more": true} },
		"default_workflow": func(a *emulator.App) {
			a.DefaultWorkflow = emulator.Workflow{ID: "Text", UserID: "clarifai", AppID: "main"}
		},
	} {
		steps = append(steps, acctest.Step{
			Before: func() { must(t, w.EditApp(w.UserID(), "tenant", edit)) },
			Want:   only("tenant", all), Plan: "update app.t",
			After: func() {
				apitest.Equal(t, unmodified(live(t, w)), before, "the app after drift of", name)
			},
		})
	}
	w.NewEstate(t).Follow(steps...)
}

// TestApp_disappears deletes an app from outside: the next plan recreates it and its keys,
// in one go. A destroy succeeds.
func TestApp_disappears(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	gone := func() { must(t, w.DeleteApp(w.UserID(), "tenant")) }
	w.NewEstate(t).Follow(
		acctest.Step{Want: withKeys(), Plan: createThree},
		acctest.Step{Before: gone, Want: withKeys(), Plan: createThree, New: "app_key.k app_key.l", After: gone},
	)
}

// TestApp_renamedOutside renames an app from outside. Where Clarifai tells its new ID, it
// is renamed back and the keys stay.
func TestApp_renamedOutside(t *testing.T) {
	t.Parallel()
	const keys = "app_key.k app_key.l"
	for old, step := range map[string]acctest.Step{
		"moved": {Plan: "update app.t, update app_key.k, update app_key.l"},
		// The keys are found in the app's new place, which an app of the old name must not cost.
		"not_found": {Fails: "(?s)Cannot move app key.*renamed outside of Terraform.*terraform import ADDRESS emulator-user/elsewhere"},
	} {
		t.Run(old, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: old}})
			step.Want, step.Same = withKeys(), keys
			step.Before = func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) }
			steps := []acctest.Step{{Want: withKeys(), Plan: createThree}, step}
			if step.Fails != "" {
				steps = append(steps, acctest.Step{
					Before: func() { must(t, w.RenameApp(w.UserID(), live(t, w).ID, "tenant")) }, Want: withKeys(), Plan: "", Same: keys,
				})
			}
			w.NewEstate(t).Follow(steps...)
		})
	}
}

// TestApp_movedSomewhere: an app that was renamed, Clarifai does not say to what, is planned
// as a new one. The plan does not end there.
func TestApp_movedSomewhere(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := w.NewEstate(t)
	must(t, e.Apply(only("tenant")))
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	w.Inject(emulator.Fault{Method: "GetApp", Kind: "status", Code: 10050, Times: -1})
	apitest.Equal(t, e.Changes(only("tenant")), "create app.t", "the plan")
	apitest.Says(t, e.Said(), "Clarifai does not say to what")
}

// TestApp_swappedForGood: two apps of the state have changed their IDs. The plan names both by
// their times, until they have their IDs back or are imported anew.
func TestApp_swappedForGood(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"not_found", "moved"} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: old}})
		e, want := w.NewEstate(t), acctest.Resources{"clarifai_app.a": {"id": "one", "name": "n"}, "clarifai_app.b": {"id": "two", "name": "n"}}
		must(t, e.Apply(want))
		created := e.Each("clarifai_app", "created_at")
		swap := func() {
			for _, ids := range [][2]string{{"one", "x"}, {"two", "one"}, {"x", "two"}} {
				must(t, w.RenameApp(w.UserID(), ids[0], ids[1]))
			}
		}
		swap()
		apitest.Equal(t, e.Changes(want), "", "the plan")
		apitest.Says(t, e.Said(), "App emulator-user/one is not the one of the state", "App emulator-user/two is not the one of the state",
			"was created at "+created[0]+", the one", "was created at "+created[1]+", the one")
		swap()
		e.CheckSettled(want)
		apitest.Equal(t, e.Said(), "", "said")
	}
}

// TestApp_ownerMissing: a state that was edited by hand may lack the owner, which is then the
// provider's user.
func TestApp_ownerMissing(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e, p := w.NewEstate(t), w.Process(t)
	must(t, e.Apply(withKeys()))
	for of, config := range withKeys() {
		plan := p.Plan(p.Edited(e.Stored(of), attributes{"user_id": nil}, ""), config)
		if owner := p.Texts(plan.Prior)["user_id"]; plan.Action != acctest.NoOp || owner != w.UserID() {
			t.Errorf("%s of %q: the plan is %s: %s", of, owner, plan.Action, plan.Said)
		}
	}
}

// TestApp_onLaterPage: what a later page of the account's listing shows counts as well. One
// wrong answer removes nothing from the state, and an app under another name is found.
func TestApp_onLaterPage(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{PageCap: 2, RenameOld: "not_found"}})
	e, want := w.NewEstate(t), acctest.Resources{"clarifai_app.t": {"id": "tenant"}}
	w.MakeApps(t, "one", "two")
	must(t, e.Apply(want))
	w.MakeApps(t, "three", "four")
	w.Inject(emulator.Fault{Method: "GetApp", Kind: "status", HTTPStatus: 404, Code: 11101, Times: 1})
	apitest.Equal(t, e.Changes(want), "", "the plan after one wrong answer")
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	apitest.Equal(t, e.Changes(want), "create app.t", "the plan after a rename")
	apitest.Says(t, e.Said(), `probably renamed to "elsewhere"`, "terraform import ADDRESS emulator-user/elsewhere")
}

// TestApp_swapped: outside Terraform, the app was renamed and another one has its ID. The
// state does not take that one for its own.
func TestApp_swapped(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"not_found", "moved"} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: old, PageCap: 2}})
		e, want := w.NewEstate(t), acctest.Resources{"clarifai_app.t": {"id": "tenant"}}
		must(t, e.Apply(want))
		w.MakeApps(t, "one", "two", "three")
		must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
		must(t, w.RenameApp(w.UserID(), "three", "tenant"))
		changes := e.Changes(want)
		apitest.Says(t, e.Said(), `probably renamed to "elsewhere"`)
		if err := e.Apply(want); changes != "create app.t" || err == nil || w.LiveApps() != 4 {
			t.Errorf("%s: the plan is to %s, the apply says %v, %d apps live", old, changes, err, w.LiveApps())
		}
	}
}
