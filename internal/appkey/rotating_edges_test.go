package appkey_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

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

// TestRotatingAppKey_goneBeforeRotation deletes the current key between the plan of a
// rotation and its apply: the state does not list it, and an earlier key whose overlap is
// over, which the plan revokes, is all that consumers have.
func TestRotatingAppKey_goneBeforeRotation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before   func(*rotation)
		previous bool
	}{
		"alone":            {before: wait(90 * day)},
		"after an overlap": {before: func(r *rotation) { rotateNow(r); r.clock.Advance(90 * day) }, previous: true},
	} {
		r := startRotation(t, emulator.Switches{})
		c.before(r)
		before := r.state()
		plan := r.plan()
		must(t, r.DeleteKey(before["key"]))
		said := r.apply(plan)
		mustSay(t, said, "The current app key no longer exists: The key "+before["id"]+" was deleted outside of Terraform since the plan")
		after := r.state()
		if said.Failed() || slices.Contains(r.keyIDs(), before["id"]) || after["previous_key"] != before["previous_key"] || (after["previous_id"] != "") != c.previous {
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
		if got := strings.Contains(plan.Said.String(), "Long description"); got != warns {
			t.Errorf("%d characters: %s", n, plan.Said)
		}
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
