package appkey_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const theSet = "clarifai_app_keys_exclusive.e"

// exclusiveRotation is a rotating key, and the set of its app's keys.
type exclusiveRotation struct {
	*rotation
	estate  *acctest.Estate
	ids     any  // key_ids of the set
	silence bool // no plan may say anything
}

// ofKey is an attribute of the rotating key.
func ofKey(attribute string) acctest.Ref {
	return acctest.Ref{Address: rotating, Attribute: attribute}
}

// references are the ways in which a set refers to a rotating key.
var references = map[string]any{"key_ids": ofKey("key_ids"), "id": []any{ofKey("id")}}

func newExclusiveRotation(t *testing.T, s emulator.Switches) *exclusiveRotation {
	t.Helper()
	r := newRotation(t, s, rotatingType)
	r.config = rotationConfig(attributes{"scopes": []string{"Apps:Get", "Inputs:Get"}}) // which are worth no warning
	return &exclusiveRotation{rotation: r, estate: r.NewEstate(t)}
}

func startExclusiveRotation(t *testing.T, s emulator.Switches, refers string) *exclusiveRotation {
	t.Helper()
	e := newExclusiveRotation(t, s)
	e.ids = references[refers]
	e.run()
	e.silence = refers == "key_ids"
	return e
}

// planBoth plans for both in one process.
func (e *exclusiveRotation) planBoth() map[string]*acctest.Plan {
	e.t.Helper()
	plans, err := e.estate.Plan(acctest.Resources{
		rotating: e.config, theSet: {"app_id": "tenant", "user_id": ofKey("user_id"), "key_ids": e.ids},
	})
	if err != nil || e.silence && e.estate.Said() != "" {
		e.t.Fatal(e.estate.Said())
	}
	return plans
}

// applyBoth applies both plans in another process.
func (e *exclusiveRotation) applyBoth(plans map[string]*acctest.Plan) error {
	e.t.Helper()
	err := e.estate.ApplyPlans(plans)
	e.stored = e.estate.Stored(rotating)
	return err
}

// run plans and applies.
func (e *exclusiveRotation) run() (key, set acctest.Action) {
	e.t.Helper()
	plans := e.planBoth()
	must(e.t, e.applyBoth(plans))
	return plans[rotating].Action, plans[theSet].Action
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

// TestAppKeysExclusive_createdWhileCurrentIsGone creates the set in the apply that replaces
// the lost current key. The key before that is all that consumers have: no plan revokes it
// before its time, not even one without a refresh.
func TestAppKeysExclusive_createdWhileCurrentIsGone(t *testing.T) {
	t.Parallel()
	for _, refers := range []string{"key_ids", "id", "nothing"} {
		e := newExclusiveRotation(t, emulator.Switches{})
		for range 2 { // the second one rotates
			e.clock.Advance(90 * day)
			must(t, e.estate.Apply(acctest.Resources{rotating: e.config}))
		}
		e.stored = e.estate.Stored(rotating)
		previous, literal := e.state()["previous_key"], []any{e.state()["previous_id"]}
		must(t, e.DeleteKey(e.state()["key"]))
		if e.ids = references[refers]; refers == "nothing" {
			e.ids = literal
		}
		e.run()
		ids := map[string]any{"key_ids": e.keyIDs(), "id": []string{e.state()["id"]}, "nothing": literal}[refers]
		p := e.Process(t)
		p.PlanOnly(e.stored, e.config)
		plan := p.PlanOnly(e.estate.Stored(theSet), attributes{"app_id": "tenant", "user_id": e.UserID(), "key_ids": ids})
		_, said := e.Process(t).Apply(plan, nil)
		must(t, said.Err())
		if _, lives := e.live()[previous]; !lives {
			t.Errorf("%s: the previous key was revoked", refers)
		}
		e.check(2) // the one that the first apply created lives as well
	}
}

// A year lives a rotating key and the set of its app's keys day by day. Each plan that
// changes something meets the next of the disturbances.
type year struct {
	*exclusiveRotation
	disturbances []disturbance
	met          int
	consumed     string // the key that consumers have read last
	log          []string
}

// disturbance is what happens to a plan that changes something.
type disturbance struct {
	days   int             // between plan and apply, in which there is no other run
	killed bool            // once the key is applied: no state holds what was done
	fault  *emulator.Fault // of the apply
}

func failing(method, kind string, times int) disturbance {
	f := emulator.Fault{Method: method, Kind: kind, Times: times}
	if kind == "status" {
		f.HTTPStatus, f.Code = 400, 10020
	}
	return disturbance{fault: &f}
}

// late is a key of a lost request, which Clarifai creates after the run has given it up.
var late = disturbance{fault: &emulator.Fault{Method: "PostKeys", Kind: "status_then_work", Latency: 300 * time.Millisecond}}

var disturbances = []disturbance{
	{}, {days: 5}, {killed: true}, failing("PostKeys", "cut_after", 1), failing("DeleteKey", "status", -1), {}, failing("PostKeys", "status", -1),
	late, {days: 1}, failing("DeleteKey", "cut_after", 1), {killed: true}, {killed: true}, failing("ListAppKeys", "status", -1), {days: 3}, failing("PatchKeys", "html", -1),
}

// TestRotatingAppKey_exclusiveYear lives a year of daily runs with an exclusive set beside
// the key, and with skipped runs, plans that are applied late, kills, faults and keys made
// by hand. Nobody is cut off, and nothing is revoked that no plan has shown.
func TestRotatingAppKey_exclusiveYear(t *testing.T) {
	t.Parallel()
	for _, refers := range []string{"key_ids", "id"} {
		for first := range 2 {
			t.Run(fmt.Sprint(refers, " from ", first), func(t *testing.T) {
				t.Parallel()
				y := &year{exclusiveRotation: startExclusiveRotation(t, emulator.Switches{}, refers), disturbances: disturbances, met: 7 * first}
				y.silence, y.consumed = false, y.state()["key"]
				t.Cleanup(func() {
					if t.Failed() {
						t.Log(strings.Join(y.log, "\n"))
					}
				})
				y.live365()
			})
		}
	}
}

func (y *year) live365() {
	rotations := 0
	for today := 0; today < 365; today++ {
		y.checkConsumer()
		if today%40 == 7 {
			must(y.t, y.PutKey(emulator.Key{UserID: y.UserID(), AppID: "tenant", Description: "by hand", Scopes: []string{"All"}}))
		}
		if today%60 == 20 {
			y.killedWith([]string{"All"})
		}
		if current := y.state()["key"]; current != y.consumed {
			y.consumed = current // which consumers read once a day
			rotations++
		}
		y.clock.Advance(day)
		if today%11 != 3 { // no run
			today += y.runWith()
		}
	}
	if rotations < 3 || rotations > 4 || y.met < 15 {
		y.t.Errorf("%d rotations, and %d changes", rotations, y.met)
	}
	for range 6 { // until what was disturbed last is done
		y.clock.Advance(day)
		y.disturbances = []disturbance{{}}
		y.runWith()
	}
	y.destroy()
}

// killedWith kills a run that rotates for other scopes, which nobody wants afterwards.
func (y *year) killedWith(scopes []string) {
	config, meant := y.config, y.disturbances
	y.config, y.disturbances = maps.Clone(config), []disturbance{{killed: true}}
	y.config["scopes"] = scopes
	y.runWith()
	y.config, y.disturbances = config, meant
}

// checkConsumer checks that the key that consumers hold lives.
func (y *year) checkConsumer() {
	y.t.Helper()
	if _, ok := y.live()[y.consumed]; !ok {
		y.t.Fatal("the key that consumers hold is dead")
	}
}

// shownBy returns what a plan shows of what its apply may revoke: the values that it changes
// or destroys, and what is said, except of keys that stay.
func shownBy(p *acctest.Process, plan *acctest.Plan) string {
	shown := slices.DeleteFunc(slices.Clone(plan.Said), recorder.LivesOn).String()
	for name, v := range p.Values(plan.Prior) {
		if plan.Action == acctest.Replace || !reflect.DeepEqual(v, p.Planned(plan, name)) {
			shown += fmt.Sprintf("%s = %v\n", name, v)
		}
	}
	return shown
}

// runWith plans and applies, and disturbs that if the plan changes something. It returns
// how many days pass in between.
func (y *year) runWith() (days int) {
	p, plans := y.Process(y.t), y.planBoth()
	keyPlan, setPlan := plans[rotating], plans[theSet]
	shown := shownBy(p, keyPlan) + shownBy(p, setPlan)
	if keyPlan.Action == acctest.NoOp && setPlan.Action == acctest.NoOp {
		return 0
	}
	d := y.disturbances[y.met%len(y.disturbances)]
	y.met++
	y.log = append(y.log, fmt.Sprintf("%s: %s and %s with %+v %+v", y.clock.Now(), keyPlan.Action, setPlan.Action, d, d.fault))
	for range d.days {
		y.clock.Advance(day)
		y.checkConsumer()
	}
	existed := y.live()
	y.Reset()
	if d.fault != nil {
		y.Inject(*d.fault)
	}
	if d.killed {
		y.Process(y.t).Apply(keyPlan, nil)
	} else {
		err := y.applyBoth(plans)
		y.log = append(y.log, fmt.Sprint(err, y.estate.Said()))
	}
	y.ClearFaults()
	y.WaitForLateWork()
	for _, r := range y.Requests() {
		if secret := r.Path[strings.LastIndex(r.Path, "/")+1:]; r.Method == "DeleteKey" && existed[secret].ID != "" && !strings.Contains(shown, "/"+fingerprint(secret)) {
			y.t.Errorf("%s: the apply revokes %s (%q), which the plan did not show:\n%s", y.clock.Now(), fingerprint(secret), existed[secret].Description, shown)
		}
	}
	y.checkConsumer()
	return d.days
}
