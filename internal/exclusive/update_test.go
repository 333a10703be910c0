package exclusive_test

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// TestAppKeysExclusive_existing: the first apply for an existing app records, the next plan
// shows, and its apply revokes what it has shown. A destroy revokes and requests nothing.
func TestAppKeysExclusive_existing(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	kept, old := s.hand("managed"), s.hand("by hand")
	s.keep(kept)
	plan := s.plan()
	says(t, plan.Said.String(), "The app emulator-user/tenant has other keys", old+` ("by hand")`)
	if !s.w.Process(t).Unknowns(plan)["other_keys"] {
		t.Error("other_keys are known")
	}
	must(t, s.apply(plan).Err())
	s.alive("managed", "by hand")
	later := s.hand("later")
	plan = s.unrefreshed() // which revokes what the state holds
	s.expect(plan, acctest.Update, old)
	saysNot(t, plan.Prior.Text()+plan.Said.String(), later, "The apply revokes") // of which a refresh warns
	s.apply(plan)
	s.alive("managed", "later")
	plan = s.plan()
	s.expect(plan, acctest.Update, later)
	says(t, plan.Said.String(), "WARNING: The apply revokes app keys of emulator-user/tenant", later+` ("later")`, "To keep one")
	s.hand("latest") // the plan does not name it
	s.apply(plan)
	s.alive("managed", "latest")
	s.expect(s.unrefreshed(), acctest.NoOp)
	s.mustApply()
	s.alive("managed")
	s.expect(s.plan(), acctest.NoOp)
	s.hand("left")
	s.w.Reset()
	if _, said := s.w.Process(t).Destroy(s.stored); said.Failed() || s.w.Count("") > 0 {
		t.Errorf("%d requests to destroy: %s", s.w.Count(""), said)
	}
	s.alive("managed", "left")
}

// TestAppKeysExclusive_marked: a key whose description marks it as part of a rotation is left
// alone, and named. One that gets the mark after the plan is, too.
func TestAppKeysExclusive_marked(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	kept := s.hand("managed")
	s.keep(kept)
	s.mustApply()
	mark := " (after " + clarifai.Secret(s.w.Keys(s.w.UserID(), "tenant")[0].ID).Fingerprint() + ")"
	s.hand("managed" + mark)
	other := s.hand("managed (after 0123456789abcdef)")
	plan := s.plan()
	s.expect(plan, acctest.Update, other)
	says(t, plan.Said.String(), "App keys of emulator-user/tenant are left alone", "managed"+mark)
	must(t, s.w.EditKey(s.w.Keys(s.w.UserID(), "tenant")[2].ID, func(k *emulator.Key) { k.Description = "again" + mark }))
	says(t, s.apply(plan).String(), "App keys of emulator-user/tenant are left alone", "again (after")
	s.alive("managed", "managed"+mark, "again"+mark)
}

// TestAppKeysExclusive_temporary: temporary keys that are open while the set is planned and
// applied are not revoked. One that a run has left is named until it is a day old, which is a
// matter of Clarifai's clock, not of one that is two days behind.
func TestAppKeysExclusive_temporary(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newKeySet(t, emulator.Options{Now: func() time.Time { return now }})
	server := s.w.Configured(t)
	config := map[string]any{"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}}
	opened, said := acctest.Open(t, server, "clarifai_temporary_app_key", config)
	must(t, said.Err())
	s.keep(s.hand("managed"))
	const leftAlone = "App keys of emulator-user/tenant are left alone"
	saysNot(t, s.mustApply(), "has other keys")
	s.expect(s.plan(), acctest.NoOp)
	must(t, opened.Close(t, server).Err())
	s.alive("managed")
	left := s.hand(key.TemporaryDescription(now, "left"))
	plan := s.plan()
	s.expect(plan, acctest.NoOp)
	says(t, plan.Said.String(), leftAlone, left)
	now = now.AddDate(0, 0, 2)
	open := s.hand(key.TemporaryDescription(now, "open"))
	plan = s.plan()
	s.expect(plan, acctest.Update, left)
	says(t, plan.Said.String(), leftAlone, open)
	s.apply(plan)
	s.alive("managed", key.TemporaryDescription(now, "open"))
}

// TestAppKeysExclusive_failing: a key that cannot be revoked stays in the state, and the next
// apply tries again. Without a listing, none is revoked.
func TestAppKeysExclusive_failing(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	s.keep(s.hand("managed"))
	s.mustApply()
	s.hand("one")
	s.hand("two")
	s.w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102, Skip: 1})
	says(t, s.apply(s.plan()).String(), "ERROR: Cannot revoke app key", "The state keeps it in other_keys", "the next apply tries again")
	s.w.CheckKeys(t, 2)
	plan := s.unrefreshed()
	s.expect(plan, acctest.Update)
	s.apply(plan)
	s.alive("managed")
	s.expect(s.plan(), acctest.NoOp)
	s.hand("three")
	plan = s.plan()
	s.w.Inject(emulator.Fault{Method: "ListAppKeys", Kind: "status", HTTPStatus: 500, Times: -1})
	says(t, s.apply(plan).String(), "ERROR: Cannot list app keys", "No key was revoked")
	s.w.ClearFaults()
	s.mustApply()
	s.alive("managed")
}

// TestAppKeysExclusive_loses: an apply that would leave an app without any key that is in
// use revokes nothing, and neither does one that moves the set to another app.
func TestAppKeysExclusive_loses(t *testing.T) {
	t.Parallel()
	s := newKeySet(t, emulator.Options{})
	s.keep(s.hand("in use"))
	s.mustApply()
	s.keep(s.w.UserID() + "/tenant/0123456789abcdef")
	plan := s.plan()
	says(t, plan.Said.String(), "WARNING: None of the keys to keep in emulator-user/tenant exists")
	says(t, s.apply(plan).String(), "ERROR: None of the keys to keep exists", "No key was revoked")
	s.alive("in use")
	s.stored = &acctest.Stored{Type: setType}
	says(t, s.mustApply(), "None of the keys to keep in emulator-user/tenant exists", "The app emulator-user/tenant has other keys")
	s.alive("in use")

	s.w.MakeApps(t, "elsewhere")
	must(t, s.w.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: s.w.UserID(), AppID: "elsewhere", Description: "theirs"}))
	s.config = map[string]any{"app_id": "elsewhere", "key_ids": []string{}, "allow_none": true}
	s.mustApply()
	s.alive("in use", "theirs")
	plan = s.plan()
	s.expect(plan, acctest.Update, "/elsewhere/", "theirs")
	must(t, s.w.DeleteKey(s.w.Keys(s.w.UserID(), "elsewhere")[0].ID))
	s.keep(s.w.UserID() + "/elsewhere/0123456789abcdef")
	saysNot(t, s.mustApply(), "None of the keys") // there is none to revoke
}

// TestAppKeysExclusive_failingDefaultKey: what a Create cannot revoke does not make Terraform
// recreate the resource.
func TestAppKeysExclusive_failingDefaultKey(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultKey: true}})
	s := &keySet{account{t, w}, &acctest.Stored{Type: setType}, map[string]any{"app_id": "tenant", "key_ids": []string{}, "allow_none": true}}
	p := w.Process(t)
	_, said := p.Apply(p.PlanOnly(&acctest.Stored{Type: "clarifai_app"}, map[string]any{"id": "tenant"}), nil)
	must(t, said.Err())
	w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102})
	s.stored, said = p.Apply(p.PlanOnly(s.stored, s.config), nil)
	must(t, said.Err())
	says(t, said.String(), "WARNING: Cannot revoke app key", "the next apply tries again")
	w.CheckKeys(t, 1)
	s.expect(s.unrefreshed(), acctest.Update)
	s.mustApply()
	s.alive()
	s.expect(s.plan(), acctest.NoOp)
}
