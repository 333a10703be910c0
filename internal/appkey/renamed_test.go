package appkey_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKey_renamedOutside renames an app that is not Terraform's: the key is found, and a
// plan refuses to leave it, whether or not it refreshes. Only app_id is to follow.
func TestAppKey_renamedOutside(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"moved", "not_found"} {
		r := plainKey(t, emulator.Switches{RenameOld: old})
		refused := func(said acctest.Said) {
			t.Helper()
			if said.Failed() {
				mustSay(t, said, "Cannot move app key: The app was renamed outside of Terraform",
					"now in the app emulator-user/elsewhere", "To keep the new name")
				return
			}
			t.Errorf("%s: the plan leaves the app: %s", old, said)
		}
		must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere"))
		refused(r.plan().Said)
		refreshed, said := r.Process(t).Refresh(r.stored) // terraform apply -refresh-only
		mustSay(t, said, "App renamed outside of Terraform")
		before := r.stored
		for _, r.stored = range []*acctest.Stored{refreshed, before} {
			r.want(predict, attributes{"app_id": "elsewhere"})
			r.expect(acctest.NoOp)
		}
		r.stored = refreshed
		r.want(predict)
		refused(r.plan().Said)
		refused(r.Process(t).PlanOnly(r.stored, r.config).Said)
		apitest.Equal(t, r.Count("PostKeys"), 1, "keys created,", old)
		r.destroy() // as the error says
	}
}

// TestAppKey_goneAfterRename destroys a key without a stored secret that was deleted after a
// rename of its app outside Terraform. Without a refresh that cannot end: the error says so.
func TestAppKey_goneAfterRename(t *testing.T) {
	t.Parallel()
	w, _ := noWaiting(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	e, want := w.NewEstate(t), inTenant(predict, attributes{"store_key": false})
	must(t, e.Apply(want))
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	must(t, w.DeleteKey(w.Keys(w.UserID(), "elsewhere")[0].ID))
	for range 2 {
		_, said := w.Process(t).Destroy(e.Stored(address))
		mustSay(t, said, "-refresh-only -target=APP", "Leave -refresh=false away")
	}
	must(t, e.Refresh("clarifai_app.t")) // as the error says
	must(t, e.Destroy())
	apitest.Equal(t, w.LiveApps(), 0, "living apps")
}

// TestAppKey_renamedBack lets Terraform rename the app back in a plan without a refresh: its
// key stays.
func TestAppKey_renamedBack(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	e, want := w.NewEstate(t), inTenant(predict)
	must(t, e.Apply(want))
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	refreshing, planning, applying := w.Process(t), w.Process(t), w.Process(t)
	var plans []*acctest.Plan
	for _, of := range []string{"clarifai_app.t", address} {
		stored, said := refreshing.Refresh(e.Stored(of))
		must(t, said.Err())
		plans = append(plans, planning.PlanOnly(stored, want[of]))
	}
	for _, plan := range plans {
		must(t, plan.Said.Err())
		_, said := applying.Apply(plan, nil)
		must(t, said.Err())
	}
	if keys := w.Keys(w.UserID(), "tenant"); len(keys) != 1 || w.Count("PostKeys") != 1 || w.Count("DeleteKey") > 0 {
		t.Errorf("%d keys live in the app", len(keys))
	}
}

// TestAppKey_renamedChain gives the old name of an app that was renamed outside Terraform
// to another one: the key is not to follow the name.
func TestAppKey_renamedChain(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	want := func(first, second, of string) acctest.Resources {
		return acctest.Resources{"clarifai_app.t": {"id": first}, "clarifai_app.b": {"id": second}, address: {"app_id": of, "scopes": []string{"Predict"}}}
	}
	renamed := func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) }
	w.NewEstate(t).Follow(
		acctest.Step{Want: want("tenant", "b", "tenant"), Plan: "create app.b, create app.t, create app_key.k"},
		acctest.Step{Before: renamed, Want: want("elsewhere", "tenant", "tenant"), Fails: `(?s)Cannot move app key.*was renamed outside of Terraform`},
		acctest.Step{Want: want("elsewhere", "b", "elsewhere"), Same: "app_key.k"},
	)
}

// TestAppKey_renamedTwice gives an app that was renamed outside Terraform a third name, when
// Terraform has lost track of it: it would create an empty app, and revoke the key in use.
func TestAppKey_renamedTwice(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "not_found"}})
	e := w.NewEstate(t)
	e.Follow(
		acctest.Step{Want: inTenant(predict), Plan: createBoth},
		acctest.Step{
			Before: func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) },
			Want:   inApp("third", predict),
			Fails:  `(?s)Cannot move app key.*creates an empty app third.*terraform import ADDRESS emulator-user/elsewhere.*rename the app to third`,
		},
		acctest.Step{
			Before: func() { must(t, e.Import("clarifai_app.t", w.UserID()+"/elsewhere")) }, // as the error says
			Want:   inApp("third", predict),
			Plan:   "update app.t, update app_key.k",
			Same:   "app_key.k",
		},
	)
}

// TestAppKey_renamedOutsideTwice renames an app twice outside Terraform, with a refresh
// between, and gives its first name to another app: a plan refuses to leave it for that one.
func TestAppKey_renamedOutsideTwice(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{})
	for _, names := range [][2]string{{"tenant", "second"}, {"second", "third"}} {
		must(t, r.RenameApp(r.UserID(), names[0], names[1]))
		r.stored, _ = r.Process(t).Refresh(r.stored)
	}
	r.MakeApps(t, "tenant")
	if said := r.plan().Said; !said.Failed() {
		t.Error("the plan leaves the app")
	} else {
		mustSay(t, said, "in the app emulator-user/third, which was called tenant and second")
	}
	r.want(predict, attributes{"app_id": "third"})
	r.expect(acctest.NoOp)
	r.destroy()
}

// TestAppKey_movedAfterRename moves a key out of an app that was renamed outside Terraform
// to one that is created first, as the error says.
func TestAppKey_movedAfterRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	want := func(more, of string) acctest.Resources {
		all := acctest.Resources{"clarifai_app.t": {"id": "elsewhere"}, address: {"app_id": of, "scopes": []string{"Predict"}}}
		if more != "" {
			all["clarifai_app.n"] = map[string]any{"id": more}
		}
		return all
	}
	w.NewEstate(t).Follow(
		acctest.Step{Want: inTenant(predict), Plan: createBoth},
		acctest.Step{Before: func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) }, Want: want("", "elsewhere"), Same: "app_key.k"},
		acctest.Step{Want: want("new", "new"), Fails: `(?s)Cannot move app key.*create that app first, with -target`},
		acctest.Step{Want: want("new", "elsewhere"), Plan: "create app.n", Same: "app_key.k"},
		acctest.Step{Want: want("new", "new"), Plan: "update app_key.k"},
	)
}
