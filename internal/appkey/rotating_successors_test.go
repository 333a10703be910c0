package appkey_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// killed rotates the key for other scopes and forgets that, as a run that was killed
// between the POST and the state, and a configuration that was reverted.
func killed(r *rotation) {
	before, config := *r.stored, r.config
	r.config = rotationConfig(map[string]any{"scopes": []string{"All"}})
	r.expect(acctest.Update)
	r.stored, r.config = &before, config
}

// successor creates a key that says that it succeeds the current one, and returns its ID.
func (r *rotation) successor(scopes ...string) string {
	r.t.Helper()
	k := emulator.Key{ID: emulator.NewSecret(), UserID: r.UserID(), AppID: "tenant", Description: "d (after " + r.state()["fingerprint"] + ")", Scopes: scopes}
	must(r.t, r.PutKey(k))
	return r.UserID() + "/tenant/" + fingerprint(k.ID)
}

// lives reports whether the key with that ID does.
func (r *rotation) lives(id string) bool {
	for value := range r.live() {
		if id == r.UserID()+"/tenant/"+fingerprint(value) {
			return true
		}
	}
	return false
}

// TestRotatingAppKey_destroyOldCopy destroys an old copy of a state: the plan names the
// key in use, which stays, and says how to remove it if nobody needs it. Terraform 1.11
// plans before it refreshes where the configuration lacks the resource.
func TestRotatingAppKey_destroyOldCopy(t *testing.T) {
	t.Parallel()
	destroyOldCopy(t, 0, func(p *acctest.Process, old *acctest.Stored) (*acctest.Plan, acctest.Said) {
		old, said := p.Refresh(old)
		plan := p.PlanDestroy(old)
		return plan, append(said, plan.Said...)
	})
	destroyOldCopy(t, 1, func(p *acctest.Process, old *acctest.Stored) (*acctest.Plan, acctest.Said) {
		plan := p.PlanDestroy(old)
		_, said := p.Refresh(old)
		return plan, append(plan.Said, said...)
	})
}

// destroyOldCopy is the test with one order of plan and refresh, after which the apply
// warns so often.
func destroyOldCopy(t *testing.T, warns int, inOrder func(*acctest.Process, *acctest.Stored) (*acctest.Plan, acctest.Said)) {
	t.Helper()
	r := startRotation(t, emulator.Switches{})
	before := *r.stored
	rotateNow(r)
	current, previous := r.state()["id"], r.state()["previous_id"]
	plan, said := inOrder(r.Process(t), &before)
	must(t, said.Err())
	mustSay(t, said, "The app key "+previous+" has a successor that stays alive", "  "+current+` ("d (after `)
	if _, said = r.Process(t).Apply(plan, nil); said.Failed() || len(said) != warns {
		t.Errorf("the apply says %s", said)
	}
	if !r.lives(current) || r.lives(previous) {
		t.Error("the key in use is revoked, or the other one is not")
	}
	p := r.Process(t) // the advice: import it, and destroy that
	imported, said := p.Import("clarifai_app_key", current+",store_key=false")
	if said.Failed() || len(said) > 0 {
		t.Fatal(said)
	}
	if _, said = p.Destroy(imported); said.Failed() || r.LiveKeys() > 0 {
		t.Errorf("%d keys are left: %s", r.LiveKeys(), said)
	}
}

// TestRotatingAppKey_adoptedPrevious imports the previous key of a rotation and removes
// it again: the import says which key is alive, and that one stays.
func TestRotatingAppKey_adoptedPrevious(t *testing.T) {
	t.Parallel()
	for _, resourceType := range []string{rotatingType, "clarifai_app_key"} {
		r := startOverlap(t, emulator.Switches{})
		current, previous := r.state()["id"], r.state()["previous_id"]
		p := r.Process(t)
		imported, said := p.Import(resourceType, previous)
		mustSay(t, said, "Another key of the rotation of "+previous+" is alive: The key "+current+" is alive")
		if _, said = p.Destroy(imported); said.Failed() || !r.lives(current) || r.lives(previous) {
			t.Errorf("%s: %d keys live: %s", resourceType, r.LiveKeys(), said)
		}
		_, said = r.Process(t).Import(resourceType, current)
		if len(said) > 0 {
			t.Errorf("the key before it is revoked: %s", said)
		}
	}
	r := startOverlap(t, emulator.Switches{})
	_, said := r.Process(t).Import("clarifai_app_key", r.state()["id"])
	mustSay(t, said, "The key "+r.state()["previous_id"]+" is alive")
}

// TestRotatingAppKey_unplannedSuccessor creates a successor between a plan and its apply:
// it is named, and not revoked. The next plan names it, and a rotation then revokes it.
func TestRotatingAppKey_unplannedSuccessor(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	r.clock.Advance(90 * day)
	plan := r.plan()
	id := r.successor("Search")
	mustSay(t, r.apply(plan), "  "+id)
	r.clock.Advance(7 * day)
	plan = r.plan()
	mustSay(t, plan.Said, "has successors that the apply revokes")
	later := r.successor("Search") // of the current key, which stays
	if said := r.apply(plan); said.Failed() || r.lives(id) || !r.lives(later) || r.LiveKeys() != 2 {
		t.Errorf("%d keys live: %s", r.LiveKeys(), said)
	}
	plan = r.plan()
	mustSay(t, plan.Said, "has a successor that stays alive")
	apitest.Equal(t, plan.Action, acctest.NoOp, "the plan")
	r.clock.Advance(90 * day)
	mustSay(t, r.expect(acctest.Update), later)
	if r.lives(later) {
		t.Error("the successor that the plan named is alive")
	}
	r.check(2)
	last := r.successor("Search")
	p := r.Process(t)
	destruction := p.PlanDestroy(r.stored) // without a refresh
	_, said := r.Process(t).Apply(destruction, nil)
	mustSay(t, said, last)
	if said.Failed() || !r.lives(last) || r.LiveKeys() != 1 {
		t.Errorf("%d keys live: %s", r.LiveKeys(), said)
	}
}
