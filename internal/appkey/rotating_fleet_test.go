package appkey_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// isDue reports whether a date in a state has passed.
func isDue(state map[string]string, now time.Time) bool {
	for _, name := range []string{"next_rotation_at", "previous_expires_at"} {
		at, err := time.Parse(time.RFC3339, state[name])
		if err == nil && !at.After(now) {
			return true
		}
	}
	return false
}

// TestRotatingAppKey_fleet makes a fleet in one apply and applies each day of a year.
// How its rotations are spread is tested for more keys in TestSchedule_fleet.
func TestRotatingAppKey_fleet(t *testing.T) {
	t.Parallel()
	const fleet, apps, mostPerDay = 60, 3, 12
	w, clock := noWaiting(t, emulator.Options{})
	stored, configs := make([]*acctest.Stored, fleet), make([]map[string]any, fleet)
	texts := make([]map[string]string, fleet)
	first := w.Process(t)
	for i := range stored {
		app := fmt.Sprintf("app-%d", i%apps)
		if i < apps {
			must(t, w.PutApp(emulator.App{ID: app, UserID: w.UserID()}))
		}
		configs[i] = rotationConfig(map[string]any{"app_id": app, "description": fmt.Sprint("key ", i), "rotation_spread": "30d"})
		var said acctest.Said
		stored[i], said = first.Apply(first.PlanOnly(&acctest.Stored{Type: rotatingType}, configs[i]), nil)
		if said.Failed() {
			t.Fatal(said)
		}
		texts[i] = first.Texts(stored[i])
	}
	rotations := 0
	for today := range 365 {
		clock.Advance(day)
		planning, applying := w.Process(t), w.Process(t)
		before := w.Count("PostKeys")
		for i, s := range stored {
			if today%10 != 0 && !isDue(texts[i], clock.Now()) { // saves most of the time
				continue
			}
			plan := planning.Plan(s, configs[i])
			if plan.Action == acctest.NoOp && !planning.HoldsSame(plan.Prior, s) {
				t.Fatal("a plan of nothing writes the state")
			}
			var said acctest.Said
			if stored[i], said = applying.Apply(plan, nil); plan.Said.Failed() || said.Failed() {
				t.Fatal(plan.Said, said)
			}
			texts[i] = planning.Texts(stored[i])
		}
		rotated := w.Count("PostKeys") - before
		if rotations += rotated; rotated > mostPerDay {
			t.Errorf("on day %d, %d keys of %d rotate", today, rotated, fleet)
		}
		if n := w.LiveKeys(); n > 2*fleet {
			t.Fatalf("%d keys live", n)
		}
	}
	if rotations < 4*fleet || rotations > 6*fleet {
		t.Errorf("%d rotations", rotations)
	}
	last := w.Process(t)
	for _, s := range stored {
		if _, said := last.Destroy(s); said.Failed() {
			t.Fatal(said)
		}
	}
	if n := w.LiveKeys(); n > 0 {
		t.Errorf("%d keys are left", n)
	}
}
