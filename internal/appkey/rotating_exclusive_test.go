package appkey_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// exclusiveRotation is a rotating key, and the set of its app's keys, which refers to it.
type exclusiveRotation struct {
	*rotation
	only    *acctest.Stored
	refers  string // to "key_ids" or to "id"
	literal []any  // its key_ids, if it does not refer to the key
	silence bool   // no plan may say anything
}

func startExclusiveRotation(t *testing.T, s emulator.Switches, refers string) *exclusiveRotation {
	t.Helper()
	w, clock := noWaiting(t, emulator.Options{Switches: s})
	w.MakeApps(t, "tenant")
	r := &rotation{World: w, t: t, clock: clock, config: rotationConfig(), stored: &acctest.Stored{Type: rotatingType}}
	r.config["scopes"] = []string{"Apps:Get", "Inputs:Get"} // which are worth no warning
	e := &exclusiveRotation{rotation: r, only: &acctest.Stored{Type: "clarifai_app_keys_exclusive"}, refers: refers}
	e.run()
	e.silence = refers == "key_ids"
	return e
}

func (e *exclusiveRotation) set(ids any) map[string]any {
	return map[string]any{"app_id": "tenant", "key_ids": ids}
}

// planned returns the key_ids of the set in a plan for the key.
func (e *exclusiveRotation) planned(p *acctest.Process, plan *acctest.Plan) any {
	e.t.Helper()
	if e.literal != nil {
		return e.literal
	}
	planned := p.Planned(plan, e.refers)
	if e.refers == "key_ids" || planned == acctest.Unknown {
		return planned
	}
	return []any{planned}
}

// applied returns the key_ids of the set once the key is applied.
func (e *exclusiveRotation) applied() any {
	e.t.Helper()
	switch {
	case e.literal != nil:
		return e.literal
	case e.refers == "key_ids":
		return e.keyIDs()
	}
	return []string{e.state()["id"]}
}

// run plans for both in one process and applies both in another.
func (e *exclusiveRotation) run() (key, set acctest.Action) {
	e.t.Helper()
	p := e.Process(e.t)
	keyPlan := p.Plan(e.stored, e.config)
	setPlan := p.Plan(e.only, e.set(e.planned(p, keyPlan)))
	if said := slices.Concat(keyPlan.Said, setPlan.Said); said.Failed() || e.silence && len(said) > 0 {
		e.t.Fatal(said)
	}
	p = e.Process(e.t)
	var said, more acctest.Said
	e.stored, said = p.Apply(keyPlan, nil)
	e.only, more = p.Apply(setPlan, e.set(e.applied()))
	if said = append(said, more...); said.Failed() {
		e.t.Fatal(said)
	}
	return keyPlan.Action, setPlan.Action
}

// TestAppKeysExclusive_rotating plans and applies a rotating key and its app's set
// daily over a whole rotation: the set revokes no key of the rotation, and changes only
// when the key does.
func TestAppKeysExclusive_rotating(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{"default": {}, "lagging deletes": {DeleteLag: 2}, "all-odd": emulator.Variants()["all-odd"]} {
		for _, refers := range []string{"key_ids", "id"} {
			t.Run(name+", "+refers, func(t *testing.T) {
				t.Parallel()
				e := startExclusiveRotation(t, s, refers)
				e.clock.Advance(88 * day)
				for d := range 12 {
					e.clock.Advance(day)
					if key, set := e.run(); key == acctest.NoOp && set != acctest.NoOp {
						t.Errorf("day %d: the set changes, and the key does not", d)
					}
					want := 1
					if 1 <= d && d < 8 {
						want = 2
					}
					e.check(want)
				}
				e.destroy()
			})
		}
	}
}

// TestAccAppKeysExclusive_rotating renames, replaces and loses the app of both, with a
// real Terraform.
func TestAccAppKeysExclusive_rotating(t *testing.T) {
	w, clock := noWaiting(t, emulator.Options{Switches: emulator.Switches{DefaultKey: true}})
	const set = "resource \"clarifai_app_keys_exclusive\" \"e\" {\n  app_id = clarifai_app.t.id\n  key_ids = " + rotating + ".key_ids\n}\n"
	step := func(after time.Duration, app, more string, live int) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() { clock.Advance(after) }, Config: w.Config(rotatingIn(app, more) + set),
			PostApplyFunc: func() {
				w.CheckKeys(t, live)
			},
		}
	}
	byHand := step(day, "renamed", `keepers = { a = "1" }`, 1)
	byHand.PreConfig = func() {
		clock.Advance(day)
		must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "renamed", Description: "by hand", Scopes: []string{"Predict"}}))
	}
	replaced := step(0, "renamed", `keepers = { a = "2" }`, 1)
	replaced.Taint = []string{"clarifai_app.t"}
	lost := step(0, "renamed", `keepers = { a = "3" }`, 1)
	lost.PreConfig = func() { must(t, w.DeleteApp(w.UserID(), "renamed")) }
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step(0, "tenant", "", 1),
		step(90*day, "tenant", "", 2),
		step(day, "renamed", "", 2),
		step(0, "renamed", `keepers = { a = "1" }`, 3),
		step(7*day, "renamed", `keepers = { a = "1" }`, 1),
		byHand,
		step(0, "renamed", `keepers = { a = "2" }`, 2),
		replaced,
		step(0, "renamed", `keepers = { a = "3" }`, 2),
		lost,
		step(90*day, "renamed", `keepers = { a = "3" }`, 2),
	}})
}

// TestAppKeysExclusive_createdWhileCurrentIsGone creates the set in the apply that replaces
// the lost current key. The key before that is all that consumers have: no plan revokes it
// before its time, not even one without a refresh.
func TestAppKeysExclusive_createdWhileCurrentIsGone(t *testing.T) {
	t.Parallel()
	for _, refers := range []string{"key_ids", "id", "nothing"} {
		r := startOverlap(t, emulator.Switches{})
		previous := r.state()["previous_key"]
		must(t, r.DeleteKey(r.state()["key"]))
		e := &exclusiveRotation{rotation: r, only: &acctest.Stored{Type: "clarifai_app_keys_exclusive"}, refers: refers}
		if refers == "nothing" {
			e.literal = []any{r.state()["previous_id"]}
		}
		e.run()
		p := r.Process(t)
		keyPlan := p.PlanOnly(r.stored, r.config)
		setPlan := p.PlanOnly(e.only, e.set(e.planned(p, keyPlan)))
		r.apply(keyPlan)
		_, said := r.Process(t).Apply(setPlan, e.set(e.applied()))
		must(t, said.Err())
		if _, lives := r.live()[previous]; !lives {
			t.Errorf("%s: the previous key was revoked", refers)
		}
		r.check(2) // the one that the first apply created lives as well
	}
}
