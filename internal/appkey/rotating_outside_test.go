package appkey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestRotatingAppKey_goneAndRenamed: the previous key is all that consumers have, so a
// rename of its app by the same plan keeps it with its date.
func TestRotatingAppKey_goneAndRenamed(t *testing.T) {
	t.Parallel()
	w, clock := noWaiting(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	e, config := w.NewEstate(t), rotationConfig()
	want := acctest.Resources{"clarifai_app.t": {"id": "tenant"}, "clarifai_rotating_app_key.r": config}
	state := func() map[string]string { return w.Process(t).Texts(e.Stored("clarifai_rotating_app_key.r")) }
	must(t, e.Apply(want))
	clock.Advance(90 * day)
	must(t, e.Apply(want))
	before := state()
	must(t, w.DeleteKey(before["key"]))
	want["clarifai_app.t"]["id"], config["app_id"] = "renamed", "renamed"
	must(t, e.Apply(want))
	apitest.Says(t, e.Said(), "The current app key no longer exists")
	apitest.SaysNot(t, e.Said(), "already has such a key", "was revoked", "may be left")
	after := state()
	if after["previous_key"] != before["previous_key"] || after["previous_expires_at"] != before["previous_expires_at"] || after["previous_id"] == before["previous_id"] || w.LiveKeys() != 2 {
		t.Errorf("the previous key is %s until %s, and %d keys live", after["previous_id"], after["previous_expires_at"], w.LiveKeys())
	}
	e.CheckSettled(want)
	clock.Advance(7 * day)
	must(t, e.Apply(want))
	apitest.Equal(t, state()["previous_id"], "", "previous_id")
	apitest.Equal(t, w.LiveKeys(), 1, "living keys")
}

// TestRotatingAppKey_notGone: a plan does not find the current key, and its apply does. It
// is the previous key then, and consumers have the whole overlap to leave it.
func TestRotatingAppKey_notGone(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	r.clock.Advance(7 * day) // the key before it is overdue
	current, before := r.live()[r.state()["key"]], r.state()["previous_key"]
	must(t, r.DeleteKey(current.ID))
	plan := r.plan()
	mustSay(t, plan.Said, "The current app key no longer exists")
	must(t, r.PutKey(current))
	must(t, r.apply(plan).Err())
	if r.state()["previous_key"] != current.ID || r.live()[before].ID == "" { // to which the plan may have sent consumers
		t.Errorf("the previous key is not the one that was current, or the one before is gone: %v", r.keyIDs())
	}
	r.updates(0, 2)
	if _, alive := r.live()[current.ID]; !alive {
		t.Error("the key that was current has no overlap")
	}
	r.updates(7*day, 1)
	r.destroy()
}

// TestRotatingAppKey_goneAndRenamedBack: the current key is deleted while the apply renames
// its app back. Listings may lag behind a rename, so that apply does not conclude that the
// key is gone; the next one does.
func TestRotatingAppKey_goneAndRenamedBack(t *testing.T) {
	t.Parallel()
	w, clock := noWaiting(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	e := w.NewEstate(t)
	want := acctest.Resources{"clarifai_app.t": {"id": "tenant"}, rotating: rotationConfig(attributes{"store_key": false})}
	must(t, e.Apply(want))
	clock.Advance(90 * day)
	must(t, e.Apply(want))
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	plans, err := e.Plan(want)
	must(t, err)
	current := w.Process(t).Texts(e.Stored(rotating))["fingerprint"]
	for _, k := range w.Keys(w.UserID(), "elsewhere") {
		if fingerprint(k.ID) == current {
			must(t, w.DeleteKey(k.ID))
		}
	}
	apitest.Fails(t, e.ApplyPlans(plans), "plan again in a minute")
	must(t, e.Apply(want))
	e.CheckSettled(want)
	w.CheckKeys(t, 2)
}

// TestRotatingAppKey_renamedOutside: the keys of an app that was renamed outside
// Terraform in the middle of an overlap are found under its new ID, all of them.
func TestRotatingAppKey_renamedOutside(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"not_found", "moved"} {
		r := startRotation(t, emulator.Switches{RenameOld: old})
		r.config = rotationConfig(map[string]any{"keepers": map[string]string{"month": "1"}})
		r.expect(acctest.Update)
		r.config = rotationConfig(map[string]any{"keepers": map[string]string{"month": "2"}})
		r.expect(acctest.Update)
		must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere"))
		if said := r.plan().Said; !said.Failed() {
			t.Error("the plan would leave the app")
		}
		r.config = rotationConfig(map[string]any{"app_id": "elsewhere", "keepers": map[string]string{"month": "2"}})
		r.expect(acctest.NoOp)
		r.check(3)
		r.updates(7*day, 1)
		r.destroy()
	}
}

// TestRotatingAppKey_goneAndRenamedOutside: the current key is deleted and its app renamed,
// both outside Terraform. The previous key is all that consumers have, so no plan leaves it
// behind, and it is revoked when its time is over.
func TestRotatingAppKey_goneAndRenamedOutside(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{RenameOld: "not_found"})
	must(t, r.DeleteKey(r.state()["key"]))
	must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere"))
	said := r.plan().Said
	mustSay(t, said, "Cannot move app key: The app was renamed outside of Terraform")
	r.config["app_id"] = "elsewhere" // as the error says
	r.updates(0, 2)
	r.updates(7*day, 1)
	r.destroy()
}

// TestRotatingAppKey_goneInRenamedApp: where Terraform does not manage the app, the advice
// for a key that is not listed since a rename keeps the one before it.
func TestRotatingAppKey_goneInRenamedApp(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{RenameOld: "moved"})
	previous := r.state()["previous_key"]
	must(t, r.DeleteKey(r.state()["key"]))
	must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere"))
	said := r.plan().Said
	id := r.UserID() + "/elsewhere/" + clarifai.Secret(previous).Fingerprint()
	mustSay(t, said, "plan again in a minute",
		`set app_id to "elsewhere", and run terraform state rm ADDRESS, and then terraform import ADDRESS `+id)
	r.config["app_id"] = "elsewhere"
	r.stored, said = r.Process(t).Import(rotatingType, id)
	must(t, said.Err())
	r.applyUntilQuiet()
	if r.state()["previous_key"] != previous { // its own rotation was due
		t.Error("the previous key was not kept")
	}
	r.check(2)
	r.destroy()
}

// TestRotatingAppKey_moveToOtherApp creates one key in the other app and revokes all
// of the old one.
func TestRotatingAppKey_moveToOtherApp(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	r.MakeApps(t, "other")
	r.config = rotationConfig(map[string]any{"app_id": "other"})
	plan := r.plan()
	r.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", Code: 10020, HTTPStatus: 400})
	said := r.apply(plan)
	mustSay(t, said, "Cannot delete previous app key")
	apitest.Equal(t, len(r.keyIDs()), 2, "keyIDs")
	apitest.Equal(t, r.LiveKeys(), 2, "living keys")
	r.updates(0, 1) // revokes the one that could not be revoked
	r.destroy()
}

// TestRotatingAppKey_moveAndRotate changes the app's ID and the scopes in one plan: if
// the key is in the new app, the next plan rotates it, even without a refresh.
func TestRotatingAppKey_moveAndRotate(t *testing.T) {
	t.Parallel()
	for _, refresh := range []bool{true, false} {
		r := startOverlap(t, emulator.Switches{})
		first := r.state()["key"]
		r.config = rotationConfig(map[string]any{"app_id": "elsewhere", "scopes": []string{"Search"}})
		plan := r.plan()
		must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere")) // as a clarifai_app in the same plan does
		said := r.apply(plan)
		must(t, said.Err())
		mustNotSay(t, said, "changed outside")
		if state := r.state(); state["key"] != first || r.LiveKeys() != 2 || !strings.Contains(state["previous_id"], "/elsewhere/") {
			t.Errorf("%d keys live, and the previous one is %s", r.LiveKeys(), state["previous_id"])
		}
		p := r.Process(t)
		if plan = p.PlanOnly(r.stored, r.config); refresh {
			plan = p.Plan(r.stored, r.config)
		}
		apitest.Equal(t, plan.Action, acctest.Update, "the next plan")
		must(t, r.apply(plan).Err())
		apitest.Equal(t, r.live()[r.state()["key"]].Scopes, []string{"Search"}, "scopes")
		r.check(3)
		r.destroy()
	}
}

// TestRotatingAppKey_drift rotates a key whose scopes were changed in Clarifai, and
// restores a description in place, mark included.
func TestRotatingAppKey_drift(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	key := r.state()["key"]
	marked := r.live()[key].Description
	r.editKey(func(k *emulator.Key) { k.Description = "other" })
	r.expect(acctest.Update)
	if k := r.live()[key]; k.Description != "d" || r.state()["key"] != key {
		t.Errorf("the description is %q", k.Description)
	}
	r.editKey(func(k *emulator.Key) { k.Description = marked })
	r.config = rotationConfig(map[string]any{"description": "e"})
	r.expect(acctest.Update)
	if k := r.live()[key]; k.Description != "e"+marked[1:] || r.state()["description"] != "e" {
		t.Errorf("the description is %q", k.Description)
	}
	r.check(2)
	r.editKey(func(k *emulator.Key) { k.Scopes = []string{"All"} })
	r.expect(acctest.Update)
	if r.state()["key"] == key {
		t.Error("the key stays")
	}
	r.clock.Advance(7 * day)
	r.applyUntilQuiet()
	r.check(1)
	r.destroy()
}

// TestRotatingAppKey_withoutRefresh: a plan without a refresh obeys what the last
// refresh has noted, and a refresh alone notes once.
func TestRotatingAppKey_withoutRefresh(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	r.clock.Advance(95 * day)
	p := r.Process(t)
	apitest.Equal(t, p.PlanOnly(r.stored, r.config).Action, acctest.NoOp, "the plan without a note")
	refreshed, said := p.Refresh(r.stored) // terraform apply -refresh-only
	if said.Failed() || p.HoldsSame(refreshed, r.stored) {
		t.Fatalf("nothing is noted: %s", said)
	}
	r.stored = refreshed
	r.clock.Advance(day)
	if again, _ := r.Process(t).Refresh(r.stored); !p.HoldsSame(again, r.stored) {
		t.Error("another refresh writes the state")
	}
	plan := p.PlanOnly(r.stored, r.config)
	apitest.Equal(t, plan.Action, acctest.Update, "the plan with a note")
	must(t, r.apply(plan).Err())
	apitest.Equal(t, p.PlanOnly(r.stored, r.config).Action, acctest.NoOp, "the plan without the note")
	r.check(2)
	r.destroy()
}

// TestRotatingAppKey_notStored keeps every secret out of the state and the plan, over a
// whole rotation, and puts both into it when they are wanted.
func TestRotatingAppKey_notStored(t *testing.T) {
	t.Parallel()
	w, clock := noWaiting(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	e := w.NewEstate(t)
	e.OtherApps = 1
	step := func(after time.Duration, store bool, plan string, keys int) acctest.Step {
		return acctest.Step{
			Before: func() { clock.Advance(after) }, Want: acctest.Resources{rotating: rotationConfig(attributes{"store_key": store})}, Plan: plan,
			After: func() {
				w.CheckKeys(t, keys)
				if state := w.Process(t).Texts(e.Stored(rotating)); (state["key"] != "") != store || (state["previous_key"] != "") != (store && keys == 2) || (state["previous_id"] != "") != (keys == 2) {
					t.Errorf("stored: %t, with the previous key: %t", state["key"] != "", state["previous_key"] != "")
				}
			},
		}
	}
	const update = "update rotating_app_key.k"
	e.Follow(
		step(0, false, "create rotating_app_key.k", 1), step(90*day, false, update, 2), step(7*day, false, update, 1), step(90*day, false, update, 2),
		step(0, true, update, 2), step(0, false, update, 2),
	)
}

// TestRotatingAppKey_storedAgain: secrets that are to be stored again are looked for
// once, even if that of the previous key is not found.
func TestRotatingAppKey_storedAgain(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	r.config["keepers"] = map[string]string{"a": "1"}
	r.expect(acctest.Update)
	previous := r.state()["previous_key"]
	r.config["store_key"] = false
	r.expect(acctest.Update)
	must(t, r.DeleteKey(previous))
	r.config["store_key"] = true
	r.expect(acctest.Update)
	r.expect(acctest.NoOp)
}
