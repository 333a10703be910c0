package faults_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// This file gives the provider one wrong, early or late answer. What lives stays in the
// state and at Clarifai.

// notFoundOnce is an answer that is wrong once.
func notFoundOnce(method string) emulator.Fault {
	return emulator.Fault{Method: method, Kind: "status", HTTPStatus: http.StatusNotFound, Code: clarifai.CodeDoesNotExist}
}

func always(f emulator.Fault) emulator.Fault {
	f.Times = -1
	return f
}

// tenant is an app with a key.
func tenant(app string) acctest.Resources {
	return acctest.Resources{"clarifai_app.t": appOf(app), "clarifai_app_key.k": keyOf(app, "k", "Apps:Get")}
}

// TestDoubt_counts destroys an app whose counts are not found although it holds inputs.
func TestDoubt_counts(t *testing.T) {
	t.Parallel()
	w, tf := applied(t, emulator.Switches{}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Inputs: 5}))
	w.Inject(notFoundOnce("GetResourceCounts"))
	checkFails(t, tf.Destroy(), "Cannot check whether app is empty", "contradicts itself", "the app itself answers")
	checkFails(t, tf.Destroy(), "it holds 5 inputs")
	apitest.Equal(t, w.LiveApps(), 1, "living apps")
}

// TestDoubt_oneNotFound lets an app, or the listing of its keys, be not found once, and
// always.
func TestDoubt_oneNotFound(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GetApp", "ListAppKeys"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			want := tenant("tenant")
			w, tf := applied(t, emulator.Switches{}, want)
			w.Inject(notFoundOnce(method))
			apitest.Equal(t, tf.Changes(want), "", "the plan")
			w.Inject(always(notFoundOnce(method)))
			checkFails(t, tf.Apply(want), "contradicts itself", "Nothing was removed from the state. Try again in a minute")
			w.ClearFaults()
			checkSteady(t, w, tf, want)
			checkDestroy(t, w, tf)
		})
	}
}

// TestDoubt_destroyUnstored destroys a key whose secret the state does not hold, so that
// it has to be found first.
func TestDoubt_destroyUnstored(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	tf := w.NewEstate(t)
	unstored := keyOf("tenant", "k", "Apps:Get")
	unstored["store_key"] = false
	mustApply(t, tf, acctest.Resources{"clarifai_app.t": appOf("tenant"), "clarifai_app_key.k": unstored})
	w.Inject(notFoundOnce("ListAppKeys"))
	if _, said := w.Process(t).Destroy(tf.Stored("clarifai_app_key.k")); said.Failed() || w.LiveKeys() != 0 {
		t.Errorf("%d keys live: %s", w.LiveKeys(), said)
	}
}

// TestDoubt_lateDelete carries out the deletion of an app only after it was created
// again.
func TestDoubt_lateDelete(t *testing.T) {
	t.Parallel()
	w, tf := applied(t, emulator.Switches{}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	w.Inject(emulator.Fault{Method: "DeleteApp", Kind: "status_then_work", Latency: 200 * time.Millisecond})
	destroyed, apply := w.Process(t).PlanDestroy(tf.Stored("clarifai_app.t")), w.Process(t)
	none, said := apply.Apply(destroyed, nil)
	must(t, said.Err())
	_, said = apply.Apply(apply.PlanOnly(none, appOf("tenant")), nil)
	must(t, said.Err())
	w.WaitForLateWork()
	apitest.Equal(t, w.LiveApps(), 1, "apps after the late deletion")
}

// TestDoubt_createdLate shows nothing of what was created for a moment, or for longer
// than anybody waits.
func TestDoubt_createdLate(t *testing.T) {
	t.Parallel()
	for lag, fails := range map[time.Duration]bool{150 * time.Millisecond: false, time.Hour: true} {
		w, _ := start(t, emulator.Switches{CreateLag: lag}, 1)
		tf, want := w.NewEstate(t), tenant("tenant")
		if err := tf.Apply(want); fails {
			checkFails(t, err, "this run created the app emulator-user/tenant", "Apply again")
		} else if err != nil {
			t.Error(err)
		}
		w.SetSwitches(emulator.Switches{})
		mustApply(t, tf, want)
		checkSteady(t, w, tf, want)
		checkDestroy(t, w, tf)
	}
}

// TestDoubt_movedElsewhere sends the old ID of a renamed app to another owner, or to an
// app that took the new ID since: neither is adopted.
func TestDoubt_movedElsewhere(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"moved_owner", "moved_app"} {
		w, _ := start(t, emulator.Switches{RenameOld: old}, 1)
		tf := w.NewEstate(t)
		want := acctest.Resources{"clarifai_app.t": appOf("tenant")}
		mustApply(t, tf, want)
		w.MakeApps(t, "elsewhere-was") // what the wrong answers may name
		rename(t, w, "tenant", "elsewhere")
		text := said(tf, want)
		apitest.SaysNot(t, text, "The plan renames it back")
		apitest.Says(t, text, "do not apply this plan")
	}
}

// TestDoubt_renamedOutside plans within the lag of the listings behind a rename outside
// Terraform, and beyond it.
func TestDoubt_renamedOutside(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"moved", "not_found"} {
		for lag, settles := range map[time.Duration]bool{150 * time.Millisecond: true, time.Hour: false} {
			want := tenant("tenant")
			w, tf := applied(t, emulator.Switches{RenameOld: old, RenameLag: lag}, want)
			rename(t, w, "tenant", "elsewhere")
			p := w.Process(t)
			p.Load(tf.Stored("clarifai_app.t"))
			app, _ := p.Refresh(tf.Stored("clarifai_app.t"))
			k, said := p.Refresh(tf.Stored("clarifai_app_key.k"))
			switch {
			case !k.Exists():
				t.Errorf("%s, %s: the key counts as gone", old, lag)
			case settles && (said.Failed() || p.Texts(k)["app_id"] != "elsewhere"):
				t.Errorf("%s, %s: the key is in %q: %s", old, lag, p.Texts(k)["app_id"], said)
			case !settles:
				checkFails(t, said.Err(), "plan again in a minute", "-refresh-only -target=APP")
			}
			if old != "moved" || settles {
				continue
			}
			// Once the state has the app's new ID, the key counts as any other.
			again := w.Process(t)
			again.Load(app)
			if k, said := again.Refresh(tf.Stored("clarifai_app_key.k")); k.Exists() || said.Failed() {
				t.Errorf("after the refresh of the app: %s", said)
			}
		}
	}
}

// TestDoubt_unknownOwner plans while user_id is not known yet.
func TestDoubt_unknownOwner(t *testing.T) {
	t.Parallel()
	for _, resourceType := range []string{"clarifai_app", "clarifai_app_keys_exclusive"} {
		w, _ := start(t, emulator.Switches{}, 1)
		w.AddOrganization("other", w.UserID())
		tf := w.NewEstate(t)
		config := func(owner any) map[string]any {
			if resourceType == "clarifai_app" {
				return map[string]any{"id": "tenant", "user_id": owner}
			}
			return map[string]any{"app_id": "tenant", "user_id": owner, "key_ids": []string{}, "allow_none": true}
		}
		mustApply(t, tf, with(acctest.Resources{"clarifai_app.t": appOf("tenant")}, acctest.Resources{resourceType + ".t": config(w.UserID())}))
		plan := w.Process(t).Plan(tf.Stored(resourceType+".t"), config(acctest.Unknown))
		if plan.Action != acctest.Update || plan.Said.Failed() {
			t.Fatalf("%s: %s, %s", resourceType, plan.Action, plan.Said)
		}
		if stored, said := w.Process(t).Apply(plan, config(w.UserID())); said.Failed() || !stored.Exists() {
			t.Errorf("%s, the same owner: %s", resourceType, said)
		}
		_, said := w.Process(t).Apply(plan, config("other"))
		checkFails(t, said.Err(), `turned out to be "other"`, "Nothing was changed")
		apitest.Equal(t, w.Process(t).Plan(tf.Stored(resourceType+".t"), config("other")).Action, acctest.Replace, "after a refresh,", resourceType)
		apitest.Equal(t, w.LiveApps(), 1, "apps", resourceType)
	}
}

// TestDoubt_twoAddresses gives an object another address without a moved block.
func TestDoubt_twoAddresses(t *testing.T) {
	t.Parallel()
	const refused = "at two addresses"
	app := acctest.Resources{"clarifai_app.new": appOf("tenant"), "clarifai_app_key.k": keyOf("tenant", "k", "Apps:Get")}
	rotating := func() acctest.Resources {
		r := tenant("tenant")
		delete(r, "clarifai_app_key.k")
		r["clarifai_rotating_app_key.k"] = with(acctest.Resources{"": keyOf("tenant", "k", "Apps:Get")})[""]
		r["clarifai_rotating_app_key.k"]["rotation_period"] = "90d"
		return r
	}
	for name, c := range map[string]struct {
		want    acctest.Resources
		imports string // the address
		id      string
	}{
		"created":               {app, "", ""},
		"imported":              {app, "clarifai_app.new", "emulator-user/tenant"},
		"both in the state":     {with(tenant("tenant"), acctest.Resources{}), "clarifai_app.new", "emulator-user/tenant"},
		"a key that is rotated": {rotating(), "clarifai_rotating_app_key.k", ""},
	} {
		w, tf := applied(t, emulator.Switches{}, tenant("tenant"))
		id := c.id
		if c.imports != "" && id == "" {
			id = tf.Each("clarifai_app_key", "id")[0]
		}
		if c.imports != "" {
			must(t, tf.Import(c.imports, id))
		}
		_, err := tf.Plan(c.want)
		checkFails(t, err, refused, "moved {", "terraform destroy -refresh=false")
		apitest.Equal(t, w.LiveApps(), 1, "living apps", name)
		apitest.Equal(t, w.LiveKeys(), 1, "living keys", name)
		if err := tf.Destroy(); err != nil { // all of it: no address keeps it
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDoubt_lateKey carries out lost requests only after another one has taken their
// place: the warning says how many.
func TestDoubt_lateKey(t *testing.T) {
	t.Parallel()
	w, _ := applied(t, emulator.Switches{}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	w.Inject(emulator.Fault{Method: "PostKeys", Times: 2, Kind: "status_then_work", Latency: 3 * time.Second})
	_, said := w.Process(t).Apply(w.Process(t).PlanOnly(&acctest.Stored{Type: "clarifai_app_key"}, keyOf("tenant", "k", "Apps:Get")), nil)
	if said.Failed() || !strings.Contains(said.String(), "2 duplicate app keys may appear beside "+w.UserID()+"/") {
		t.Error(said)
	}
	w.WaitForLateWork()
	apitest.Equal(t, w.LiveKeys(), 3, "keys")
}

// TestDoubt_killedMove moves a key to an app in which an earlier run has created it.
func TestDoubt_killedMove(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	w.MakeApps(t, "new")
	tf := w.NewEstate(t)
	mustApply(t, tf, tenant("tenant"))
	before := tf.Stored("clarifai_app_key.k")
	move := func() acctest.Said {
		_, said := w.Process(t).Apply(w.Process(t).PlanOnly(before, keyOf("new", "k", "Apps:Get")), nil)
		return said
	}
	w.Inject(always(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 403, Code: clarifai.CodeInsufficientScopes}))
	move() // of which nothing reaches the state
	w.ClearFaults()
	if said := move(); said.Failed() || !strings.Contains(said.String(), "The app already has such a key") {
		t.Error(said)
	}
}

// TestDoubt_taintedWithoutRefresh plans a tainted app that nothing has read.
func TestDoubt_taintedWithoutRefresh(t *testing.T) {
	t.Parallel()
	w, tf := applied(t, emulator.Switches{}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	for loaded, warns := range map[bool]bool{true: false, false: true} {
		p := w.Process(t)
		if loaded {
			p.Load(tf.Stored("clarifai_app.t"))
		}
		plan := p.PlanOnly(&acctest.Stored{Type: "clarifai_app"}, appOf("tenant"))
		apitest.Equal(t, strings.Contains(plan.Said.String(), "App ID is taken"), warns, "in the state:", loaded, plan.Said)
	}
}

// TestDoubt_takenByRenamed plans an app whose ID another one of the state has got outside
// of Terraform, before that one is read.
func TestDoubt_takenByRenamed(t *testing.T) {
	t.Parallel()
	w, tf := applied(t, emulator.Switches{RenameOld: "moved"}, acctest.Resources{"clarifai_app.t": appOf("tenant")})
	must(t, w.RenameApp(w.UserID(), "tenant", "renamed"))
	text := w.Process(t).Plan(&acctest.Stored{Type: "clarifai_app"}, appOf("renamed")).Said.String()
	checkSaid(t, text, "App ID is taken", "with an earlier ID, use a moved block instead")
	apitest.SaysNot(t, text, "not in this state")
	apitest.Equal(t, w.Process(t).Plan(tf.Stored("clarifai_app.t"), appOf("renamed")).Action, acctest.NoOp, "after the moved block")
}
