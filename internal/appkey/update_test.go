package appkey_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKey_appRenamed renames the app in the same plan: its keys and their values stay
// where Clarifai takes them along, and are recreated where not.
func TestAppKey_appRenamed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"follow":          {},
		"follow, moved":   {RenameOld: "moved"},
		"dropped":         {RenameKeys: "dropped"},
		"dropped, moved":  {RenameKeys: "dropped", RenameOld: "moved"},
		"follow, no list": {AccountListing: "refused"},
		"follow, late":    {RenameLag: 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			step := func(id, description, action string) acctest.Step {
				want := inApp(id, predict, attributes{"description": description})
				want["clarifai_app_key.hidden"] = attributes{"app_id": id, "scopes": []string{"Search"}, "store_key": false}
				step := acctest.Step{Want: want, Plan: action + " app.t, " + action + " app_key.hidden, " + action + " app_key.k", After: func() {
					w.CheckKeys(t, 2)
				}}
				if s.RenameKeys == "dropped" {
					step.New = "app_key.k app_key.hidden"
				} else if action == "update" {
					step.Same = "app_key.k app_key.hidden"
				}
				return step
			}
			w.NewEstate(t).Follow(step("tenant", "one", "create"), step("renamed", "one", "update"), step("tenant", "two", "update"))
		})
	}
}

// TestAppKey_interruptedRename renames the app in a run that does not come to the keys:
// the next one finds them in the app's new place.
func TestAppKey_interruptedRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := w.NewEstate(t)
	must(t, e.Apply(inTenant(predict)))
	plans, err := e.Plan(inApp("renamed", predict))
	must(t, err)
	w.Inject(emulator.Fault{Method: "ListAppKeys", Times: -1, Kind: "status", HTTPStatus: 403, Code: 11007})
	err = e.ApplyPlans(plans)
	w.ClearFaults()
	if err == nil || !regexp.MustCompile(`(?s)The old key is untouched.*holds every scope that the provider needs.*does not allow /clarifai.api.V2/ListAppKeys`).MatchString(err.Error()) {
		t.Errorf("another error: %v", err)
	}
	e.Follow(acctest.Step{Want: inApp("renamed", predict), Same: "app_key.k"})
}

// TestAppKey_otherApp moves a key to another app, which takes another key, wherever that
// app comes from, and says so.
func TestAppKey_otherApp(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := w.NewEstate(t)
	step := func(app, plan, says string, apps ...string) acctest.Step {
		want := acctest.Resources{address: {"app_id": app, "scopes": []string{"Predict"}}}
		for _, id := range apps {
			want["clarifai_app."+id] = attributes{"id": id}
		}
		return acctest.Step{Want: want, Plan: plan, New: "app_key.k", Says: says, After: func() {
			w.CheckKeys(t, 1)
		}}
	}
	const says = "did not hold the key emulator-user/[a-z]+/[0-9a-f]+, so the key emulator-user/[a-z]+/[0-9a-f]+ was created there, and the old one was revoked"
	e.Follow(
		acctest.Step{
			Want: acctest.Resources{address: {"app_id": "nothing", "scopes": []string{"Predict"}}}, Plan: "create app_key.k",
			Fails: `(?s)Cannot create app key.*emulator-user has no app "nothing".*Otherwise check app_id and user_id`,
		},
		step("tenant", "create app.other, create app.tenant, create app_key.k", "", "tenant", "other"),
		step("other", "update app_key.k", says, "tenant", "other"),
		step("third", "create app.third, update app_key.k", "", "tenant", "other", "third"),
		step("fourth", "create app.fourth, destroy app.third, update app_key.k", "", "tenant", "other", "fourth"), // its app is deleted meanwhile
	)
}

// TestAppKey_unknownOwner: an owner that is unknown at plan may turn out to be the old
// one, and then the key stays.
func TestAppKey_unknownOwner(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{})
	r.AddOrganization("acme", r.UserID())
	must(t, r.PutApp(emulator.App{ID: "tenant", UserID: "acme"}))
	for _, owner := range []string{r.UserID(), "acme", r.UserID()} {
		before := r.state()
		r.want(predict, attributes{"user_id": acctest.Unknown})
		p := r.Process(t)
		plan := p.Plan(r.stored, r.config)
		if unknown := p.Unknowns(plan); plan.Action != acctest.Update || !unknown["key"] || !unknown["id"] {
			t.Errorf("the plan is to %s, and unknown are %v", plan.Action, unknown)
		}
		r.want(predict, attributes{"user_id": owner})
		var said acctest.Said
		r.stored, said = r.Process(t).Apply(plan, r.config)
		must(t, said.Err())
		after := r.state()
		if stays := after["key"] == before["key"]; stays != (owner == before["user_id"]) || after["user_id"] != owner || r.LiveKeys() != 1 {
			t.Errorf("%s: the key of %s stays: %t; %d live", owner, after["user_id"], stays, r.LiveKeys())
		}
		r.expect(acctest.NoOp)
	}
}

// TestAppKey_renameTaken follows the advice of a rename to an ID that is taken: the app of
// that ID is imported, and the key moves there.
func TestAppKey_renameTaken(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "taken")
	e := w.NewEstate(t)
	e.OtherApps = 1
	const advice = "App ID is taken: .*terraform state rm ADDRESS, and then terraform import ADDRESS emulator-user/taken"
	e.Follow(
		acctest.Step{Want: inTenant(predict), Plan: createBoth},
		acctest.Step{Want: inApp("taken", predict), Plan: "update app.t, update app_key.k", Says: advice, Fails: "Cannot rename app", Same: "app_key.k"},
		acctest.Step{Before: func() { must(t, e.Import("clarifai_app.t", w.UserID()+"/taken")) }, Want: inApp("taken", predict), Plan: "update app_key.k", New: "app_key.k"},
	)
}

// TestAppKey_ownRename: a key that ignores changes of app_id stays in an app that Terraform
// renames, and the next plans do not take that for a rename by somebody else.
func TestAppKey_ownRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e, want, ignored := w.NewEstate(t), inTenant(predict), inApp("renamed", predict)
	must(t, e.Apply(want))
	ignored[address] = want[address]
	must(t, e.Apply(ignored))
	for range 2 {
		apitest.Equal(t, e.Changes(inApp("renamed", predict)), "", "the next plan")
		apitest.Equal(t, w.Count("PostKeys"), 1, "keys created")
		apitest.SaysNot(t, e.Said(), "renamed outside")
		must(t, e.Apply(inApp("renamed", predict)))
	}
}

// TestAppKey_destroyAfterRename destroys a key whose secret the state does not hold after
// the same run has renamed its app: it is found there, and revoked.
func TestAppKey_destroyAfterRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "not_found", AccountListing: "refused"}})
	e, p := w.NewEstate(t), w.Process(t)
	must(t, e.Apply(inTenant(predict, attributes{"store_key": false})))
	_, renamed := p.Apply(p.Plan(e.Stored("clarifai_app.t"), attributes{"id": "renamed"}), nil)
	_, destroyed := p.Destroy(e.Stored(address))
	if renamed.Failed() || destroyed.Failed() || w.LiveKeys() > 0 {
		t.Errorf("%d keys live: %s%s", w.LiveKeys(), renamed, destroyed)
	}
}

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

// TestAppKey_appImportedAgain imports an app under the new ID that it got outside Terraform,
// when another app has its old one: its key is found there, although no refresh saw it move.
func TestAppKey_appImportedAgain(t *testing.T) {
	t.Parallel()
	w, _ := noWaiting(t, emulator.Options{})
	e := w.NewEstate(t)
	e.OtherApps = 1
	e.Follow(
		acctest.Step{Want: inTenant(predict), Plan: createBoth},
		acctest.Step{
			Before: func() {
				must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
				w.MakeApps(t, "tenant")
				must(t, e.Import("clarifai_app.t", w.UserID()+"/elsewhere"))
			},
			Want: inApp("elsewhere", predict),
			Same: "app_key.k",
		},
	)
}

// TestAppKey_movedAfterRename moves a key out of an app that was renamed outside Terraform
// to a new one: at once where Terraform manages the renamed app, so that it is meant; else
// after that one was created, as the error says.
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
		acctest.Step{Want: want("new", "new"), Plan: "create app.n, update app_key.k", New: "app_key.k"},
	)
	w.MakeApps(t, "tenant")
	unmanaged := func(more, of string) acctest.Resources {
		all := want(more, of)
		delete(all, "clarifai_app.t")
		return all
	}
	e := w.NewEstate(t)
	e.OtherApps = 1
	e.Follow(
		acctest.Step{Want: unmanaged("", "tenant"), Plan: "create app_key.k"},
		acctest.Step{Before: func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) }, Want: unmanaged("", "elsewhere"), Same: "app_key.k"},
		acctest.Step{Want: unmanaged("new", "new"), Fails: `(?s)Cannot move app key.*create that app first, with -target`},
		acctest.Step{Want: unmanaged("new", "elsewhere"), Plan: "create app.n", Same: "app_key.k"},
		acctest.Step{Want: unmanaged("new", "new"), Plan: "update app_key.k", New: "app_key.k"},
	)
}
