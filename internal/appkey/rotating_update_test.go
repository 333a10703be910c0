package appkey_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// fails applies and checks that it fails with a text.
func (r *rotation) fails(text string) {
	r.t.Helper()
	said := r.apply(r.plan())
	if !said.Failed() {
		r.t.Errorf("the apply succeeds")
	}
	mustSay(r.t, said, text)
}

// TestRotatingAppKey_killed forgets the outcome of an apply, as if the run had been
// killed between the POST and the state: the next one adopts the key.
func TestRotatingAppKey_killed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change map[string]any
		posts  int // by the next apply
		times  int // killed runs
	}{
		"adopted":              {nil, 0, 1},
		"adopted, described":   {map[string]any{"description": "e"}, 0, 1},
		"other limits":         {map[string]any{"scopes": []string{"Search"}}, 1, 1},
		"killed twice":         {nil, 1, 2},
		"killed twice, others": {map[string]any{"scopes": []string{"Search"}}, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{})
			r.clock.Advance(90 * day)
			for range c.times {
				killed := *r.stored
				r.mustApply()
				newest := r.state()["key"]
				r.stored = &killed
				if c.times > 1 { // as one that was killed before it could adopt
					must(t, r.EditKey(newest, func(k *emulator.Key) { k.Scopes = []string{"Models:Get"} }))
				}
			}
			must(t, r.PutKey(emulator.Key{UserID: r.UserID(), AppID: "tenant", Description: "d (after 0123456789abcdef)", Scopes: []string{"Predict"}}))
			before := r.Count("PostKeys")
			r.config = rotationConfig(c.change)
			r.expect(acctest.Update)
			apitest.Equal(t, r.Count("PostKeys")-before, c.posts, "keys created")
			apitest.Equal(t, r.LiveKeys(), 3, "living keys") // with the foreign one, whose mark is not of this key
			described := fmt.Sprintf("%s (after %s)", r.config["description"], fingerprint(r.state()["previous_key"]))
			apitest.Equal(t, r.live()[r.state()["key"]].Description, described, "description")
			apitest.Equal(t, r.plan().Action, acctest.NoOp, "the next plan")
		})
	}
}

// TestRotatingAppKey_killedThenMoved revokes what a killed run has left in an app that
// the key leaves.
func TestRotatingAppKey_killedThenMoved(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	r.clock.Advance(90 * day)
	killed := *r.stored
	r.mustApply()
	r.stored = &killed
	r.MakeApps(t, "other")
	r.config = rotationConfig(map[string]any{"app_id": "other"})
	r.updates(0, 1)
}

// TestRotatingAppKey_killedMove moves a key to an app in which a run that was killed has
// created it: if the mark says so and the key is young, it is taken over. What looks
// like it is named.
func TestRotatingAppKey_killedMove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wait   time.Duration
		adopts bool
	}{{10 * day, true}, {85 * day, false}} {
		r := startRotation(t, emulator.Switches{})
		r.MakeApps(t, "other")
		foreign := emulator.NewSecret()
		must(t, r.PutKey(emulator.Key{ID: foreign, UserID: r.UserID(), AppID: "other", Description: "d", Scopes: []string{"Predict"}}))
		r.config = rotationConfig(map[string]any{"app_id": "other"})
		killed, created := *r.stored, r.clock.Now()
		for _, method := range []string{"DeleteKey", "PatchKeys"} { // of what it does after it created the key
			r.Inject(emulator.Fault{Method: method, Kind: "status", Code: 10020, HTTPStatus: 400, Times: -1})
		}
		r.apply(r.plan())
		left := r.state()["key"]
		r.ClearFaults()
		r.stored = &killed
		r.clock.Advance(c.wait)
		_, said := r.mustApply()
		mustSay(t, said, fingerprint(foreign))
		if adopts := r.state()["key"] == left; adopts != c.adopts || c.adopts && r.state()["rotated_at"] != created.UTC().Format(time.RFC3339) {
			t.Errorf("after %s, it is taken over: %t, as of %s", c.wait, adopts, r.state()["rotated_at"])
		}
		if !c.adopts {
			mustSay(t, said, fingerprint(left))
			must(t, r.DeleteKey(left))
		}
		must(t, r.DeleteKey(foreign))
		for _, k := range r.live() {
			apitest.Equal(t, k.Description, "d", "the description")
		}
		r.check(1)
	}
}

// TestRotatingAppKey_revocationFails keeps a key that cannot be revoked in key_ids, and
// creates no third one beside it.
func TestRotatingAppKey_revocationFails(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	previous := r.state()["previous_id"]
	r.clock.Advance(7 * day)
	fault := emulator.Fault{Method: "DeleteKey", Kind: "status", Code: 10020, HTTPStatus: 400, Times: -1}
	r.Inject(fault)
	r.fails("Cannot delete previous app key")
	if ids := r.keyIDs(); len(ids) != 2 || !slices.Contains(ids, previous) || r.state()["previous_id"] != previous {
		t.Errorf("key_ids are %v", ids)
	}
	posts := r.Count("PostKeys")
	r.clock.Advance(90 * day)
	r.fails("Cannot delete previous app key")
	apitest.Equal(t, r.Count("PostKeys"), posts, "requests: PostKeys")
	apitest.Equal(t, r.LiveKeys(), 2, "living keys")
	r.ClearFaults()
	r.updates(0, 2)
	r.destroy()
}

// TestRotatingAppKey_leftBehind: a key that a move could not revoke, and whose app was then
// renamed outside Terraform, is revoked in the next apply, also if somebody has deleted it.
func TestRotatingAppKey_leftBehind(t *testing.T) {
	t.Parallel()
	for _, s := range []emulator.Switches{{}, {RenameOld: "moved"}, {RenameOld: "moved", RenameLag: time.Hour}} {
		leftBehind(t, s, false)
		leftBehind(t, s, true)
	}
}

func leftBehind(t *testing.T, s emulator.Switches, deleted bool) {
	t.Helper()
	r := startRotation(t, s)
	left := r.state()["key"]
	r.MakeApps(t, "other")
	r.config = rotationConfig(map[string]any{"app_id": "other"})
	r.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", Code: 10020, HTTPStatus: 400, Times: -1})
	r.fails("Cannot delete previous app key")
	r.ClearFaults()
	must(t, r.RenameApp(r.UserID(), "tenant", "elsewhere"))
	if deleted {
		must(t, r.DeleteKey(left))
	}
	r.updates(0, 1)
	r.destroy()
}

// TestRotatingAppKey_unmarkFails revokes the previous key although its successor's mark cannot
// be removed, which the next apply does, and nothing else: what is revoked is not in the state.
func TestRotatingAppKey_unmarkFails(t *testing.T) {
	t.Parallel()
	r := startOverlap(t, emulator.Switches{})
	r.clock.Advance(7 * day)
	r.Inject(emulator.Fault{Method: "PatchKeys", Kind: "status", Code: 10020, HTTPStatus: 400, Times: -1})
	r.fails("Cannot update app key")
	apitest.Equal(t, r.LiveKeys(), 1, "living keys")
	apitest.Equal(t, len(r.keyIDs()), 1, "key_ids")
	apitest.Equal(t, r.state()["previous_key"], "", "the previous key")
	r.ClearFaults()
	r.updates(0, 1)
	apitest.Equal(t, r.Count("DeleteKey"), 1, "requests: DeleteKey")
	apitest.Equal(t, r.live()[r.state()["key"]].Description, "d", "the description")
}

// TestRotatingAppKey_clockSkew lets the clock of each run be ten minutes off: plans and
// applies disagree about the time, and nothing is lost.
func TestRotatingAppKey_clockSkew(t *testing.T) {
	t.Parallel()
	r, ahead := newRotation(t, emulator.Switches{}, rotatingType), time.Duration(0)
	r.Tune(func(cfg *clarifai.Config) { cfg.Clock = skewedClock{r.clock, ahead} })
	r.config = rotationConfig(map[string]any{"overlap": "115m", "rotation_period": "2h"})
	r.mustApply()
	for i := range 200 {
		ahead = 10 * time.Minute * time.Duration(i*i/5%3-1) // in no step with the rotations
		plan := r.plan()
		ahead = 10 * time.Minute * time.Duration(i*i/7%3-1)
		must(t, r.apply(plan).Err())
		if _, ok := r.live()[r.state()["key"]]; !ok || r.LiveKeys() > 2 {
			t.Fatalf("round %d: %d keys live", i, r.LiveKeys())
		}
		r.clock.Advance(13 * time.Minute)
	}
	r.destroy()
}

// TestRotatingAppKey_keepersTwice changes keepers twice within an overlap: each key
// that was current lives until its own date.
func TestRotatingAppKey_keepersTwice(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	keepers := func(value string) {
		r.config = rotationConfig(map[string]any{"keepers": map[string]string{"month": value}})
		r.expect(acctest.Update)
	}
	first := r.state()["key"]
	keepers("1")
	r.clock.Advance(2 * day)
	keepers("2")
	r.check(3)
	r.updates(5*day+time.Hour, 2)
	if _, ok := r.live()[first]; ok {
		t.Error("the first key lives on")
	}
	r.updates(2*day, 1)
	keepers("3")
	r.check(2)
	r.destroy()
}

// TestRotatingAppKey_lateRotation: Clarifai creates the key of a lost request after the run
// has given it up. The run says that it may, and the next plan names it.
func TestRotatingAppKey_lateRotation(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	r.clock.Advance(90 * day)
	veryLate := *late.fault
	veryLate.Latency = 2 * time.Second // also on a busy machine
	r.Inject(veryLate)
	_, said := r.mustApply()
	apitest.Says(t, said.String(), "A duplicate app key may appear")
	r.WaitForLateWork()
	apitest.Says(t, r.plan().Said.String(), "has a successor that stays alive")
}

// TestRotatingAppKey_widened warns that the old key keeps what it may do beyond the
// configuration for the overlap. A replacement, as advised, revokes it at once.
func TestRotatingAppKey_widened(t *testing.T) {
	t.Parallel()
	const get, outputs = "/clarifai.api.V2/GetApp", "/clarifai.api.V2/PostModelOutputs"
	for name, c := range map[string]struct {
		start  map[string]any
		widen  func(*emulator.Key)
		change map[string]any
		says   string
	}{
		"scopes":            {widen: func(k *emulator.Key) { k.Scopes = []string{"All"} }, says: "will keep wider scopes: The key has scopes that the configuration does not name: All."},
		"endpoints":         {map[string]any{"endpoints": []string{get}}, func(k *emulator.Key) { k.Endpoints = []string{get, outputs} }, nil, "does not name: " + outputs + "."},
		"endpoints dropped": {map[string]any{"endpoints": []string{get}}, func(k *emulator.Key) { k.Endpoints = nil }, nil, "wider endpoints: The key has endpoints that the configuration does not name: any"},
		"by configuration":  {map[string]any{"scopes": []string{"Inputs:Get", "Search"}}, nil, map[string]any{"scopes": []string{"Search"}}, "does not name: Inputs:Get."},
		"narrowed":          {map[string]any{"scopes": []string{"Inputs:Add"}}, func(k *emulator.Key) { k.Scopes = []string{"Inputs:Get"} }, nil, ""},
		"widened as wanted": {nil, nil, map[string]any{"scopes": []string{"All"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{}, c.start)
			if c.widen != nil {
				r.editKey(c.widen)
			}
			maps.Copy(r.config, c.change)
			said := r.expect(acctest.Update)
			if c.says == "" {
				mustNotSay(t, said, "will keep wider")
				return
			}
			mustSay(t, said, c.says, "until the overlap is over (7d)")
			r.check(2)
			p := r.Process(t)
			if _, said = p.Destroy(r.stored); said.Failed() || r.LiveKeys() > 0 { // the first half of -replace
				t.Errorf("%d keys live: %s", r.LiveKeys(), said)
			}
		})
	}
}

// TestRotatingAppKey_previousWidened: so does a key that is the previous one already, until
// it is narrowed again, is revoked, or was never limited as the current one.
func TestRotatingAppKey_previousWidened(t *testing.T) {
	t.Parallel()
	const get, outputs = "/clarifai.api.V2/GetApp", "/clarifai.api.V2/PostModelOutputs"
	for _, s := range []emulator.Switches{{}, {KeyEndpoints: "hidden"}} {
		r := startOverlap(t, s, map[string]any{"endpoints": []string{get}})
		mustNotSay(t, r.plan().Said, "wider")
		var before emulator.Key
		widen := func(k *emulator.Key) { before, k.Scopes, k.Endpoints = *k, []string{"All"}, []string{get, outputs} }
		must(t, r.EditKey(r.state()["previous_key"], widen))
		plan := r.plan()
		mustSay(t, plan.Said, "The previous app key "+r.state()["previous_id"]+" will keep wider scopes: The key has scopes that the configuration does not name: All.")
		if plan.Action != acctest.NoOp || strings.Contains(plan.Said.String(), outputs) != (s.KeyEndpoints == "") {
			t.Errorf("%+v: the plan is %s: %s", s, plan.Action, plan.Said)
		}
		must(t, r.EditKey(r.state()["previous_key"], func(k *emulator.Key) { *k = before }))
		mustNotSay(t, r.plan().Said, "wider")
		must(t, r.EditKey(r.state()["previous_key"], widen))
		r.clock.Advance(7 * day)
		mustNotSay(t, r.expect(acctest.Update), "wider") // it is revoked
		r.check(1)
	}
}

// TestRotatingAppKey_goneSincePlan deletes the current key between a plan and its apply: an
// earlier key whose overlap is over, which the plan revokes, is all that consumers have. After
// a rotation the state does not list the current one.
func TestRotatingAppKey_goneSincePlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before   func(*rotation)
		previous bool
		listed   bool // as no rotation was planned
	}{
		"retirement":       {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, previous: true, listed: true},
		"alone":            {before: wait(90 * day)},
		"after an overlap": {before: func(r *rotation) { rotateNow(r); r.clock.Advance(90 * day) }, previous: true},
	} {
		r := startRotation(t, emulator.Switches{})
		c.before(r)
		before := r.state()
		plan := r.plan()
		must(t, r.DeleteKey(before["key"]))
		said := r.apply(plan)
		if c.listed {
			mustSay(t, said, "No previous key was revoked")
			apitest.Equal(t, r.LiveKeys(), 1, "living keys")
		} else {
			mustSay(t, said, "The current app key no longer exists: The key "+before["id"]+" was deleted outside of Terraform since the plan")
		}
		after := r.state()
		if said.Failed() != c.listed || slices.Contains(r.keyIDs(), before["id"]) != c.listed ||
			after["previous_key"] != before["previous_key"] || (after["previous_id"] != "") != c.previous {
			t.Errorf("%s: key_ids are %v, and the previous key is %q: %s", name, r.keyIDs(), after["previous_id"], said)
		}
		r.applyUntilQuiet()
		r.check(1)
		r.destroy()
	}
}

// TestRotatingAppKey_adoptedByAge adopts what a killed run left only if it is younger than
// the period, which counts from its creation.
func TestRotatingAppKey_adoptedByAge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		killed, due time.Duration
		adopted     bool
	}{
		"young":                       {50 * day, 90 * day, true},
		"a period old":                {time.Hour, 91 * day, false},
		"190 days old":                {time.Hour, 190 * day, false},
		"due again in its overlap":    {4 * day, 90 * day, false},
		"due again after its overlap": {8 * day, 90 * day, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{})
			r.clock.Advance(c.killed)
			born, left := r.clock.Now(), r.successor("Predict")
			r.clock.Advance(c.due - c.killed)
			posts := r.Count("PostKeys")
			mustSay(t, r.expect(acctest.Update), left)
			state := r.state()
			if got := state["id"] == left; got != c.adopted || r.lives(left) != c.adopted || (r.Count("PostKeys") == posts) != c.adopted {
				t.Fatalf("adopted: %t", got)
			}
			r.check(2)
			if !c.adopted {
				return
			}
			for name, want := range map[string]time.Time{"rotated_at": born, "next_rotation_at": born.Add(90 * day)} {
				if at, err := time.Parse(time.RFC3339, state[name]); err != nil || at.Sub(want).Abs() > time.Minute {
					t.Errorf("%s is %s, not %s", name, state[name], want)
				}
			}
			r.clock.Advance(day)
			r.config["overlap"] = "5d" // which counts from the apply
			r.updates(0, 2)
			for range 20 { // never three keys
				r.clock.Advance(6 * day)
				r.mustApply()
				if n := r.LiveKeys(); n > 2 {
					t.Fatalf("%d keys live", n)
				}
			}
		})
	}
}

// TestRotatingAppKey_overdue is said once a tenth of the period has passed.
func TestRotatingAppKey_overdue(t *testing.T) {
	t.Parallel()
	r := startRotation(t, emulator.Switches{})
	r.clock.Advance(99*day - time.Hour)
	mustNotSay(t, r.plan().Said, "overdue")
	r.clock.Advance(2 * time.Hour)
	mustSay(t, r.plan().Said, "more than a tenth of rotation_period ago")
}

// TestRotatingAppKey_longDescription warns of a description that only the mark makes too long.
func TestRotatingAppKey_longDescription(t *testing.T) {
	t.Parallel()
	w, _ := noWaiting(t, emulator.Options{})
	for n, warns := range map[int]bool{975: false, 976: true} {
		plan := w.Process(t).PlanOnly(&acctest.Stored{Type: rotatingType}, rotationConfig(map[string]any{"description": strings.Repeat("d", n)}))
		apitest.Equal(t, strings.Contains(plan.Said.String(), "Long description"), warns, n, "characters:", plan.Said)
	}
}

// TestRotatingAppKey_markIsNobodys: a key whose mark Clarifai cannot clear moves to a plain
// one, and a plain import of a key in its overlap shows no change.
func TestRotatingAppKey_markIsNobodys(t *testing.T) {
	t.Parallel()
	for _, description := range []any{nil, "d"} {
		r := startOverlap(t, emulator.Switches{}, map[string]any{"description": description})
		plain := map[string]any{"app_id": "tenant", "description": description, "scopes": []string{"Predict"}}
		p := r.Process(t)
		imported, said := p.Import("clarifai_app_key", r.state()["id"])
		if plan := p.PlanOnly(imported, plain); said.Failed() || plan.Action != acctest.NoOp {
			t.Errorf("the plan after an import is to %s: %s", plan.Action, said)
		}
		r.clock.Advance(7 * day)
		r.expect(acctest.Update)
		must(t, r.move("clarifai_app_key").Err())
		r.config = plain
		r.expect(acctest.NoOp)
		r.config = map[string]any{"app_id": "tenant", "description": "e", "scopes": []string{"Predict"}}
		r.expect(acctest.Update)
		apitest.Equal(t, r.live()[r.state()["key"]].Description, "e", "the description")
	}
}
