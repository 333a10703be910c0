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

// TestAppKey_expiresAt leads a key with a date through its life, whatever Clarifai
// does to keys that have expired.
func TestAppKey_expiresAt(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"default": {}, "bare answers": {WriteAnswers: "bare"}, "unlisted": {ExpiredKeys: "unlisted"}, "served": {ExpiredKeys: "served"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, clock := noWaiting(t, emulator.Options{Switches: s})
			e := w.NewEstate(t)
			dated := func(text string, count int) func() {
				return func() {
					apitest.Equal(t, w.Process(t).Texts(e.Stored(address))["expires_at"], text, "expires_at")
					apitest.Equal(t, w.LiveKeys(), count, "living keys")
				}
			}
			advance := func(d time.Duration) func() { return func() { clock.Advance(d) } }
			const update, expired = "update app_key.k", "WARNING: App key has expired"
			spelled, first, later := "2026-03-11T14:00:00+02:00", until(10*day), until(20*day)
			two, three := attributes{"description": "two"}, attributes{"description": "three"}
			e.Follow(
				acctest.Step{Want: inTenant(predict, attributes{"expires_at": spelled}), Plan: createBoth, After: dated(spelled, 1)},
				acctest.Step{Want: inTenant(predict, first), Same: "app_key.k", After: dated(spelled, 1)},
				acctest.Step{Want: inTenant(predict, later), Plan: update, New: "app_key.k", After: dated(later["expires_at"].(string), 1)},
				acctest.Step{Want: inTenant(predict, later, two), Plan: update, Same: "app_key.k"},
				acctest.Step{Want: inTenant(predict, two), Same: "app_key.k", After: dated(later["expires_at"].(string), 1)},
				acctest.Step{Want: inTenant(predict, first, two), Plan: update, New: "app_key.k", After: dated(first["expires_at"].(string), 1)},
				acctest.Step{Before: advance(11 * day), Want: inTenant(predict, first, two), Says: expired, Same: "app_key.k"},
				acctest.Step{Want: inTenant(predict, first, three), Plan: update, Says: expired, Same: "app_key.k"},
				acctest.Step{Want: inTenant(predict, until(30*day), three), Plan: update, New: "app_key.k", After: dated(until(30 * day)["expires_at"].(string), 1)},
				acctest.Step{Before: advance(20 * day), Want: inTenant(predict, until(30*day), three), Says: expired},
			)
		})
	}
}

// TestAppKey_setExpiry: Clarifai gives a key a date that the configuration does not
// name. It is replaced once a Read has noted that the date has passed, and in no other plan.
func TestAppKey_setExpiry(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"refused", "unlisted", "served"} {
		r := plainKey(t, emulator.Switches{ExpiredKeys: value})
		key := r.state()["key"]
		must(t, r.EditKey(key, func(k *emulator.Key) { k.ExpiresAt = r.clock.Now().Add(31*day + time.Hour) }))
		quiet := func(text string) {
			t.Helper()
			if said := r.expect(acctest.NoOp); text == "" && strings.Contains(said.String(), "expires") || !strings.Contains(said.String(), text) {
				t.Errorf("%s: it does not say %q: %s", value, text, said)
			}
		}
		quiet("")
		r.clock.Advance(2 * day)
		quiet("in 29 days. The first plan after that replaces it")
		saved := r.Process(t).Plan(r.stored, map[string]any{"app_id": "tenant", "scopes": []string{"Predict"}, "description": "changed"})
		r.clock.Advance(30 * day)
		apitest.Equal(t, r.Process(t).PlanOnly(saved.Prior, r.config).Action, acctest.NoOp, "the plan without a refresh", value)
		r.apply(saved) // as it was planned
		r.want(predict, attributes{"description": "changed"})
		plan := r.plan()
		if plan.Action != acctest.Replace || r.state()["key"] != key {
			t.Errorf("%s: the plan is %s", value, plan.Action)
		}
		r.clock.Advance(400 * day)
		r.apply(plan)
		quiet("")
		if state := r.state(); state["key"] == key || state["expires_at"] != "" {
			t.Errorf("%s: it is not another key without a date", value)
		}
		r.destroy()
	}
}

// TestAppKey_expiredMoves renames the app of a key that has expired, which nothing stops: the
// key is not created again, and with a later date it is.
func TestAppKey_expiredMoves(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"listed": {}, "unlisted": {ExpiredKeys: "unlisted"}, "unlisted, moved": {ExpiredKeys: "unlisted", RenameOld: "moved"},
		"unlisted, late": {ExpiredKeys: "unlisted", RenameLag: time.Second}, "left behind": {RenameKeys: "dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, clock := noWaiting(t, emulator.Options{Switches: s})
			e := w.NewEstate(t)
			state := func() map[string]string { return w.Process(t).Texts(e.Stored(address)) }
			must(t, e.Apply(inTenant(predict, until(10*day))))
			before := state()
			clock.Advance(11 * day)
			must(t, e.Apply(inApp("renamed", predict, until(10*day))))
			after := state()
			if after["key"] != before["key"] || after["app_id"] != "renamed" || w.Count("PostKeys") != 1 {
				t.Errorf("it is another key in %s", after["app_id"])
			}
			e.CheckSettled(inApp("renamed", predict, until(10*day)))
			must(t, e.Apply(inApp("renamed", predict, until(30*day))))
			if state()["key"] == before["key"] || w.LiveKeys() != 1 {
				t.Errorf("%d keys live", w.LiveKeys())
			}
			must(t, e.Destroy())
		})
	}
}

// TestAppKey_expiredAppGone: not even an app that was deleted makes a key that has expired
// come back.
func TestAppKey_expiredAppGone(t *testing.T) {
	t.Parallel()
	w, clock := noWaiting(t, emulator.Options{})
	e := w.NewEstate(t)
	must(t, e.Apply(inTenant(predict, until(10*day))))
	clock.Advance(11 * day)
	must(t, w.DeleteApp(w.UserID(), "tenant"))
	apitest.Equal(t, e.Changes(inTenant(predict, until(10*day))), "create app.t", "the plan")
	must(t, e.Apply(inTenant(predict, until(10*day))))
	if changes := e.Changes(inTenant(predict, until(10*day))); changes != "" || w.LiveKeys() > 0 {
		t.Errorf("the next plan is to %s", changes)
	}
	must(t, e.Apply(inTenant(predict, until(20*day))))
	apitest.Equal(t, w.LiveKeys(), 1, "living keys")
	must(t, e.Destroy())
}

// TestAppKey_expiredUnlisted is to store the value of a key that Clarifai no longer shows.
func TestAppKey_expiredUnlisted(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{ExpiredKeys: "unlisted"}, until(10*day), attributes{"store_key": false})
	r.clock.Advance(11 * day)
	r.want(predict, until(10*day))
	r.expect(acctest.Update)
	r.expect(acctest.NoOp)
	if r.state()["key"] != "" || r.LiveKeys() != 1 {
		t.Errorf("%d keys live", r.LiveKeys())
	}
}

// TestAppKey_newDate: the key in use is revoked after its successor has the date, and not if
// there is none.
func TestAppKey_newDate(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{}, until(10*day))
	old := r.state()["key"]
	r.want(predict, until(20*day))
	plan := r.plan()
	p := r.Process(t)
	if unknown := p.Unknowns(plan); !unknown["key"] || !unknown["id"] || !unknown["fingerprint"] || !unknown["created_at"] || unknown["expires_at"] {
		t.Errorf("unknown are %v", unknown)
	}
	r.Inject(emulator.Fault{Method: "PostKeys", Kind: "status", HTTPStatus: 403, Code: clarifai.CodeInsufficientScopes})
	if said := r.apply(plan); !said.Failed() || r.Count("DeleteKey") != 0 {
		t.Errorf("the old key is in danger: %s", said)
	}
	r.Inject(emulator.Fault{Method: "DeleteKey", Kind: "echo_key", HTTPStatus: 400})
	if said := r.apply(r.plan()); !said.Failed() || !strings.Contains(said.String(), "the state no longer holds it: delete it in Clarifai") {
		t.Errorf("the old key is not named: %s", said)
	}
	if key := r.state()["key"]; key == old || len(r.live()) != 2 {
		t.Error("the new key is not in the state")
	}
	must(t, r.DeleteKey(old))
	r.expect(acctest.NoOp)

	// A run that was killed has left a key with the next date.
	must(t, r.PutKey(emulator.Key{ID: old, UserID: r.UserID(), AppID: "tenant", Scopes: []string{"Predict"}, ExpiresAt: r.clock.Now().Add(30 * day)}))
	r.want(predict, attributes{"expires_at": r.clock.Now().Add(30 * day).Format(time.RFC3339)})
	mustSay(t, r.expect(acctest.Update), "a run that was killed may have left them")
	r.expect(acctest.NoOp)
}

// TestAppKey_unknownDate: a date that is known only after apply gives the key a new value,
// unless it turns out to be the one that it has.
func TestAppKey_unknownDate(t *testing.T) {
	t.Parallel()
	const warning = "The date of an app key is known only after apply"
	r := plainKey(t, emulator.Switches{}, until(10*day))
	key := r.state()["key"]
	for _, c := range []struct {
		more   attributes
		date   attributes
		warns  bool
		action acctest.Action
	}{
		{more: attributes{}, date: until(10 * day), warns: true},
		{more: attributes{"description": "more"}, date: until(10 * day)},
		{more: attributes{"description": "more"}, date: until(20 * day), warns: true},
	} {
		r.want(predict, c.more, attributes{"expires_at": acctest.Unknown})
		p := r.Process(t)
		plan := p.Plan(r.stored, r.config)
		if unknown := p.Unknowns(plan); plan.Action != acctest.Update || !unknown["key"] || !unknown["expires_at"] {
			t.Errorf("the plan is %s, unknown are %v", plan.Action, unknown)
		}
		apitest.Equal(t, strings.Contains(plan.Said.String(), warning), c.warns, "it warns", c.more)
		r.want(predict, c.more, c.date)
		var said acctest.Said
		r.stored, said = r.Process(t).Apply(plan, r.config)
		must(t, said.Err())
		if got := r.state(); (got["key"] == key) != (c.date["expires_at"] == until(10 * day)["expires_at"]) || got["expires_at"] != c.date["expires_at"] {
			t.Errorf("%v: it is another key until %s", c.more, got["expires_at"])
		}
		r.expect(acctest.NoOp)
	}
	r.destroy()
}

// TestAppKey_pastDate: a key that would have expired already is not created, which a plan
// warns of; a plan that was saved before may not know.
func TestAppKey_pastDate(t *testing.T) {
	t.Parallel()
	const warning, refused = "The date of a new app key has passed", "which has passed: Clarifai's clock says 2026-03-1"
	r := plainKey(t, emulator.Switches{}, until(15*day))
	key := r.state()["key"]
	r.want(predict, until(10*day))
	saved := r.plan()
	r.clock.Advance(11 * day)
	for _, plan := range []*acctest.Plan{saved, r.plan()} {
		if warned := strings.Contains(plan.Said.String(), warning); warned != (plan != saved) || plan.Said.Failed() {
			t.Errorf("the plan says %s", plan.Said)
		}
		said := r.apply(plan)
		mustSay(t, said, refused)
		if r.state()["key"] != key || r.LiveKeys() != 1 || !said.Failed() {
			t.Error("the old key is gone")
		}
	}
	created := &rotation{World: r.World, t: t, clock: r.clock, stored: &acctest.Stored{Type: "clarifai_app_key"}}
	created.want(predict, until(10*day))
	plan := created.plan()
	mustSay(t, plan.Said, warning)
	mustSay(t, created.apply(plan), refused)
	r.want(predict, until(15*day))
	r.clock.Advance(5 * day)
	r.expect(acctest.NoOp)
	r.want(attributes{"scopes": []string{"Search"}}, until(15*day))
	mustSay(t, r.plan().Said, warning)
	r.destroy()
}

// TestAppKey_expiresAtInvalid refuses what is no date, and dates that stand for none.
func TestAppKey_expiresAtInvalid(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{})
	for _, text := range []string{"", "soon", "2031-05-06", "2031-05-06T07:08:09", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"} {
		r.want(predict, attributes{"expires_at": text})
		if plan := r.plan(); !plan.Said.Failed() || !strings.Contains(plan.Said.String(), "Invalid date") {
			t.Errorf("%q: %s", text, plan.Said)
		}
	}
}

// TestAppKey_datedFollowsApp: an app is replaced with its keys. One with a date gets a
// successor with the same date, and one that has expired none.
func TestAppKey_datedFollowsApp(t *testing.T) {
	t.Parallel()
	for name, passes := range map[string]bool{"lives": false, "expired": true} {
		w, clock := noWaiting(t, emulator.Options{})
		w.AddOrganization("acme", w.UserID())
		e := w.NewEstate(t)
		owned := func(owner string) acctest.Resources {
			want := inTenant(predict, until(10*day), attributes{"user_id": owner})
			want["clarifai_app.t"]["user_id"] = owner
			return want
		}
		must(t, e.Apply(owned(w.UserID())))
		before := w.Process(t).Texts(e.Stored(address))["fingerprint"]
		if passes {
			clock.Advance(11 * day)
		}
		must(t, e.Apply(owned("acme")))
		state := w.Process(t).Texts(e.Stored(address))
		if (state["fingerprint"] == before) != passes || state["user_id"] != "acme" || state["expires_at"] != until(10 * day)["expires_at"] {
			t.Errorf("%s: %v", name, state["id"])
		}
		apitest.Equal(t, e.Changes(owned("acme")), "", "the next plan", name)
		must(t, e.Destroy())
		if n := w.LiveKeys(); n > 0 {
			t.Errorf("%s: %d keys are left", name, n)
		}
	}
}

// TestAppKey_datedRotates: a key that comes under rotation keeps its date until then.
func TestAppKey_datedRotates(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{}, until(10*day))
	mustSay(t, r.move(rotatingType), "expires at 2026-03-11T12:00:00Z, and the move does not change that")
	r.config = rotationConfig(attributes{"description": nil})
	r.expect(acctest.Update)
	apitest.Equal(t, r.state()["expires_at"], "2026-03-11T12:00:00Z", "expires_at")
	r.clock.Advance(11 * day)
	r.expect(acctest.Update)
	if state := r.state(); state["expires_at"] != "" || state["previous_id"] == "" {
		t.Errorf("it has not rotated, or expires at %s", state["expires_at"])
	}
	r.check(2)
	r.destroy()
}
