package appkey_test

import (
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

// situation is a plan that is saved, and applied later.
type situation struct {
	before func(r *rotation)     // after the first apply
	change map[string]any        // of the configuration
	final  map[string]any        // what was unknown at plan
	want   acctest.Action        // of the plan
	keys   map[time.Duration]int // how many live after an apply so much later; else one
	state  func(r *rotation, at time.Time) string
	free   bool // the apply only writes dates
}

func rotateNow(r *rotation) {
	r.clock.Advance(90 * day)
	r.expect(acctest.Update)
}

func wait(d time.Duration) func(*rotation) { return func(r *rotation) { r.clock.Advance(d) } }

var always = map[time.Duration]int{time.Hour: 2, day: 2, 10 * day: 2}

// timesCountFromApply checks the dates of a rotation in an apply at that time.
func timesCountFromApply(r *rotation, at time.Time) string {
	state := r.state()
	for name, want := range map[string]time.Time{"rotated_at": at, "next_rotation_at": at.Add(90 * day), "previous_expires_at": at.Add(7 * day)} {
		got, err := time.Parse(time.RFC3339, state[name])
		if err != nil || got.Sub(want).Abs() > time.Minute {
			return name + " is " + state[name] + ", not " + want.String()
		}
	}
	return ""
}

// previousKept checks that a new key leaves the previous one until its date.
func previousKept(r *rotation, _ time.Time) string {
	state := r.state()
	until, err := time.Parse(time.RFC3339, state["previous_expires_at"])
	if rotated := apitest.NewClock().Now().Add(90 * day); err != nil || until.Sub(rotated.Add(7*day)).Abs() > time.Minute {
		return "the previous key stays until " + state["previous_expires_at"]
	}
	if _, ok := r.live()[state["previous_key"]]; !ok || state["previous_key"] == state["key"] {
		return "the previous key is " + state["previous_id"]
	}
	return ""
}

// spreads checks that the next rotation comes before the period is over.
func spreads(r *rotation, _ time.Time) string {
	state := r.state()
	used, err := time.Parse(time.RFC3339, state["rotated_at"])
	next, _ := time.Parse(time.RFC3339, state["next_rotation_at"])
	if err != nil || !next.Before(used.Add(90*day-time.Second)) || next.Before(used.Add(60*day)) {
		return "the next rotation is at " + state["next_rotation_at"]
	}
	return ""
}

var situations = map[string]situation{
	"nothing due":                {want: acctest.NoOp},
	"due soon":                   {before: wait(90*day - time.Minute), want: acctest.NoOp},
	"due":                        {before: wait(90 * day), want: acctest.Update, keys: always, state: timesCountFromApply},
	"long due":                   {before: wait(300 * day), want: acctest.Update, keys: always, state: timesCountFromApply},
	"description":                {before: wait(85 * day), change: map[string]any{"description": "e"}, want: acctest.Update},
	"description, due":           {before: wait(90 * day), change: map[string]any{"description": "e"}, want: acctest.Update, keys: always},
	"description, not stored":    {before: wait(85 * day), change: map[string]any{"description": "e", "store_key": false}, want: acctest.Update},
	"retirement":                 {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, want: acctest.Update},
	"retirement and rotation":    {before: func(r *rotation) { rotateNow(r); r.clock.Advance(95 * day) }, want: acctest.Update, keys: always, state: timesCountFromApply},
	"retirement and description": {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, change: map[string]any{"description": "e"}, want: acctest.Update},
	"keepers":                    {change: map[string]any{"keepers": map[string]string{"a": "1"}}, want: acctest.Update, keys: always, state: timesCountFromApply},
	"other scopes":               {change: map[string]any{"scopes": []string{"Search"}}, want: acctest.Update, keys: always, state: timesCountFromApply},
	"other endpoints":            {change: map[string]any{"endpoints": []string{"/clarifai.api.V2/PostModelOutputs"}}, want: acctest.Update, keys: always},
	"other scopes in an overlap": {before: func(r *rotation) { rotateNow(r); r.clock.Advance(2 * day) }, change: map[string]any{"scopes": []string{"Search"}},
		want: acctest.Update, keys: map[time.Duration]int{time.Hour: 3, day: 3, 10 * day: 2}, state: timesCountFromApply},
	"longer period":             {before: wait(85 * day), change: map[string]any{"rotation_period": "200d"}, want: acctest.Update, free: true},
	"longer period, due":        {before: wait(95 * day), change: map[string]any{"rotation_period": "200d"}, want: acctest.Update},
	"shorter period":            {before: wait(50 * day), change: map[string]any{"rotation_period": "30d"}, want: acctest.Update, free: true},
	"same period":               {before: wait(50 * day), change: map[string]any{"rotation_period": "2160h"}, want: acctest.Update, free: true},
	"spread":                    {before: wait(85 * day), change: map[string]any{"rotation_spread": "30d"}, want: acctest.Update, free: true, state: spreads},
	"spread, and other scopes":  {change: map[string]any{"rotation_spread": "30d", "scopes": []string{"Search"}}, want: acctest.Update, keys: always, state: spreads},
	"longer overlap":            {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, change: map[string]any{"overlap": "20d"}, want: acctest.Update, keys: always},
	"shorter overlap":           {before: func(r *rotation) { rotateNow(r); r.clock.Advance(2 * day) }, change: map[string]any{"overlap": "1d"}, want: acctest.Update, keys: always},
	"shorter overlap, due":      {before: func(r *rotation) { rotateNow(r); r.clock.Advance(8 * day) }, change: map[string]any{"overlap": "1d"}, want: acctest.Update},
	"period unknown":            {before: wait(85 * day), change: map[string]any{"rotation_period": acctest.Unknown}, final: map[string]any{"rotation_period": "91d"}, want: acctest.Update},
	"period unknown, due":       {before: wait(95 * day), change: map[string]any{"rotation_period": acctest.Unknown}, final: map[string]any{"rotation_period": "90d"}, want: acctest.Update, keys: always},
	"period longer, due":        {before: wait(95 * day), change: map[string]any{"rotation_period": acctest.Unknown}, final: map[string]any{"rotation_period": "200d"}, want: acctest.Update},
	"overlap unknown":           {before: func(r *rotation) { rotateNow(r); r.clock.Advance(2 * day) }, change: map[string]any{"overlap": acctest.Unknown}, final: map[string]any{"overlap": "8d"}, want: acctest.Update, keys: always},
	"overlap unknown, due":      {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, change: map[string]any{"overlap": acctest.Unknown}, final: map[string]any{"overlap": "7d"}, want: acctest.Update},
	"overlap longer, due":       {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }, change: map[string]any{"overlap": acctest.Unknown}, final: map[string]any{"overlap": "30d"}, want: acctest.Update, keys: always},
	"scopes unknown, same":      {before: wait(85 * day), change: map[string]any{"scopes": acctest.Unknown}, final: map[string]any{"scopes": []string{"Predict"}}, want: acctest.Update},
	"scopes unknown, same, due": {before: wait(95 * day), change: map[string]any{"scopes": acctest.Unknown}, final: map[string]any{"scopes": []string{"Predict"}}, want: acctest.Update, keys: always},
	"scopes unknown, other":     {change: map[string]any{"scopes": acctest.Unknown}, final: map[string]any{"scopes": []string{"Search"}}, want: acctest.Update, keys: always},
	"owner unknown":             {before: wait(95 * day), change: map[string]any{"user_id": acctest.Unknown}, final: map[string]any{"user_id": "emulator-user"}, want: acctest.Update, keys: always},
	"expired":                   {before: func(r *rotation) { r.editKey(func(k *emulator.Key) { k.ExpiresAt = r.clock.Now().Add(-time.Hour) }) }, want: acctest.Update, keys: always},
	"gone":                      {before: func(r *rotation) { rotateNow(r); must(r.t, r.DeleteKey(r.state()["key"])) }, want: acctest.Update, keys: always, state: previousKept},
	"gone and overdue":          {before: func(r *rotation) { rotateNow(r); r.clock.Advance(10 * day); must(r.t, r.DeleteKey(r.state()["key"])) }, want: acctest.Update, keys: always, state: previousKept},
	"previous gone":             {before: func(r *rotation) { rotateNow(r); must(r.t, r.DeleteKey(r.state()["previous_key"])) }, want: acctest.NoOp},
	"previous gone, due": {before: func(r *rotation) {
		rotateNow(r)
		must(r.t, r.DeleteKey(r.state()["previous_key"]))
		r.clock.Advance(7 * day)
	}, want: acctest.Update},
	"both gone": {before: func(r *rotation) {
		rotateNow(r)
		must(r.t, r.DeleteKey(r.state()["key"]))
		must(r.t, r.DeleteKey(r.state()["previous_key"]))
	}, want: acctest.Create, state: func(r *rotation, _ time.Time) string {
		if id := r.state()["previous_id"]; id != "" {
			return "a new key has the previous one " + id
		}
		return ""
	}},
	"not stored any longer": {before: rotateNow, change: map[string]any{"store_key": false}, want: acctest.Update, keys: always},
}

// TestRotatingAppKey_savedPlan applies plans an hour, a day and ten days after they
// were made: the second planning, in another process, has to come to the same, and
// times count from the apply. Afterwards the plans come to rest.
func TestRotatingAppKey_savedPlan(t *testing.T) {
	t.Parallel()
	for name, c := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			codes := map[time.Duration]int{day: clarifai.CodeKeyNotFound, 10 * day: clarifai.CodeDoesNotExist}
			for _, later := range []time.Duration{time.Hour, day, 10 * day} {
				r := startRotation(t, emulator.Switches{KeyNotFound: codes[later]})
				if c.before != nil {
					c.before(r)
				}
				r.config = rotationConfig(c.change)
				plan := r.plan()
				must(t, plan.Said.Err())
				apitest.Equal(t, plan.Action, c.want, "the plan")
				r.clock.Advance(later)
				r.config = rotationConfig(c.change, c.final)
				var said acctest.Said
				before := r.Count("")
				r.stored, said = r.Process(t).Apply(plan, r.config)
				must(t, said.Err())
				if n := r.Count("") - before; c.free && n > 0 {
					t.Errorf("%d requests for a date alone", n)
				}
				if strings.HasPrefix(name, "gone") {
					mustSay(t, append(plan.Said, said...), "no longer exists")
				}
				if c.state != nil {
					apitest.Equal(t, c.state(r, r.clock.Now()), "", "wrong", later, "later:")
				}
				apitest.Equal(t, r.LiveKeys(), max(1, c.keys[later]), "living keys", later, "later")
				r.applyUntilQuiet()
				r.destroy()
			}
		})
	}
}

// TestRotatingAppKey_planned checks what plans leave unknown, which is what an apply
// is to do.
func TestRotatingAppKey_planned(t *testing.T) {
	t.Parallel()
	allNew := []string{
		"created_at", "expires_at", "fingerprint", "id", "key", "key_ids", "next_rotation_at", "previous_expires_at", "previous_id", "previous_key", "rotated_at",
	}
	hidden := slices.DeleteFunc(slices.Clone(allNew), func(name string) bool { return name == "key" || name == "previous_key" })
	for name, c := range map[string]struct {
		before  func(*rotation)
		start   map[string]any
		change  map[string]any
		unknown []string
	}{
		"due":                 {before: wait(90 * day), unknown: allNew},
		"due, not stored":     {before: wait(90 * day), start: map[string]any{"store_key": false}, unknown: hidden},
		"other scopes":        {change: map[string]any{"scopes": []string{"Search"}}, unknown: allNew},
		"another app":         {change: map[string]any{"app_id": "other"}, unknown: allNew},
		"description":         {change: map[string]any{"description": "e"}},
		"retirement":          {before: func(r *rotation) { rotateNow(r); r.clock.Advance(7 * day) }},
		"period":              {change: map[string]any{"rotation_period": "30d"}},
		"period, due":         {before: wait(95 * day), change: map[string]any{"rotation_period": "30d"}},
		"overlap":             {before: rotateNow, change: map[string]any{"overlap": "8d"}},
		"overlap unknown":     {before: rotateNow, change: map[string]any{"overlap": acctest.Unknown}, unknown: []string{"overlap", "previous_expires_at"}},
		"period unknown":      {change: map[string]any{"rotation_period": acctest.Unknown}, unknown: []string{"next_rotation_at", "rotation_period"}},
		"secret wanted again": {before: rotateNow, start: map[string]any{"store_key": false}, change: map[string]any{"store_key": true}, unknown: []string{"key", "previous_key"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRotation(t, emulator.Switches{}, c.start)
			if c.before != nil {
				c.before(r)
			}
			r.config = rotationConfig(c.start, c.change)
			p := r.Process(t)
			plan := p.Plan(r.stored, r.config)
			if got := slices.Sorted(maps.Keys(p.Unknowns(plan))); plan.Action != acctest.Update || !slices.Equal(got, c.unknown) {
				t.Errorf("the plan is %s, and unknown are %v, not %v\n%s", plan.Action, got, c.unknown, plan.Said)
			}
		})
	}
}

// applyUntilQuiet applies until a plan is empty.
func (r *rotation) applyUntilQuiet() {
	r.t.Helper()
	for range 3 {
		if action, _ := r.mustApply(); action == acctest.NoOp {
			return
		}
	}
	r.t.Error("plans do not come to rest")
}

// editKey changes the current key outside Terraform.
func (r *rotation) editKey(change func(*emulator.Key)) {
	r.t.Helper()
	must(r.t, r.EditKey(r.state()["key"], change))
}

// TestRotatingAppKey_wrongClock says once per run that the clock of the machine is wrong,
// in plans and applies, whether or not a key is due by it.
func TestRotatingAppKey_wrongClock(t *testing.T) {
	t.Parallel()
	for ahead, says := range map[time.Duration]string{
		365 * day: "it is 365 days ahead", -2 * time.Hour: "it is 2h0m behind", 59 * time.Minute: "", -59 * time.Minute: "",
	} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			w, clock := noWaiting(t, emulator.Options{})
			w.MakeApps(t, "tenant")
			e, a := w.NewEstate(t), "clarifai_rotating_app_key.a"
			want := acctest.Resources{a: rotationConfig(), "clarifai_rotating_app_key.b": rotationConfig(map[string]any{"description": "b"})}
			expect := func(what, says string, runs int) {
				t.Helper()
				if says == "" {
					runs = 0
				}
				if n := strings.Count(e.Said(), "The clock of this machine is wrong"); !strings.Contains(e.Said(), says) || n != runs {
					t.Errorf("%s: said %d times: %s", what, n, e.Said())
				}
			}
			must(t, e.Apply(acctest.Resources{a: want[a]}))
			expect("before", "", 0)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = skewedClock{clock, ahead} })
			plans, err := e.Plan(want)
			must(t, err)
			expect("the plan", says, 1)
			must(t, e.ApplyPlans(plans))
			expect("plan and apply", says, 2)
			_, err = e.Plan(want)
			must(t, err)
			expect("the plan of nothing", says, 1)
		})
	}
}
