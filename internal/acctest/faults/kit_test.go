// Package faults_test makes the emulator misbehave during runs over several resources.
// Whatever goes wrong, afterwards the state has every live key, and the next plan is
// empty.
package faults_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

var must = apitest.Must

// runs are runs of Terraform over one state: of the CLI, or of an [acctest.Estate].
type runs interface {
	Apply(acctest.Resources) error
	Changes(acctest.Resources) string // of a plan, "" for none
	Destroy() error
	Each(resourceType, attribute string) []string
}

// inventoryOf returns an inventory of the account with the owner's PAT, for what a test
// does beside Terraform.
func inventoryOf(t *testing.T, w *acctest.World) *inventory.Inventory {
	t.Helper()
	c, err := clarifai.New(clarifai.Config{
		BaseURL: w.URL, PAT: w.PAT(), RequestsPerSecond: 10000,
		RequestTimeout: 10 * time.Minute, // a page of keys takes long with the race detector on a busy machine
	})
	must(t, err)
	return inventory.New(c, inventory.Config{UserID: w.UserID()})
}

// start serves an emulator to a provider with eight retries, for which time passes
// faster: 1 for a clock that is right.
func start(t *testing.T, s emulator.Switches, speed int) (*acctest.World, *fastClock) {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: s})
	clock := &fastClock{speed: speed, started: time.Now()}
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	retries(w, 8)
	return w, clock
}

// applied serves an emulator to a provider whose clock is right, with resources that an estate holds.
func applied(t *testing.T, s emulator.Switches, r acctest.Resources) (*acctest.World, *acctest.Estate) {
	t.Helper()
	w, _ := start(t, s, 1)
	tf := w.NewEstate(t)
	mustApply(t, tf, r)
	return w, tf
}

func retries(w *acctest.World, n int) { w.Tune(func(cfg *clarifai.Config) { cfg.MaxRetries = n }) }

// fastClock is a clock on which time passes faster, so that a test does not wait as
// long as a server asks for. It records the waits.
type fastClock struct {
	speed   int
	started time.Time

	mu     sync.Mutex
	waits  []time.Duration
	passed time.Duration // at once
}

// Now returns the time on the clock.
func (c *fastClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.started.Add(time.Since(c.started)*time.Duration(c.speed) + c.passed)
}

// pass lets time pass at once.
func (c *fastClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += d
}

// Sleep waits until the time has passed on the clock.
func (c *fastClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.waits = append(c.waits, d)
	c.mu.Unlock()
	t := time.NewTimer(d / time.Duration(c.speed))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// longest returns the longest wait.
func (c *fastClock) longest() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Max(append(c.waits, 0))
}

// untilDate is the transient fault that names a date.
const untilDate = "503 until a date"

// transientFaults returns every way in which a request fails for a while. The date
// is four minutes after now.
func transientFaults(now time.Time) map[string]emulator.Fault {
	return map[string]emulator.Fault{
		"cut before the work":        {Kind: "cut_before"},
		"cut after the work":         {Kind: "cut_after"},
		"500 before the work":        {Kind: "status", HTTPStatus: 500},
		"500 after the work":         {Kind: "status_after", HTTPStatus: 500},
		"502 in HTML":                {Kind: "html"},
		"502 in HTML after the work": {Kind: "html_after"},
		"503 for seconds":            {Kind: "status", HTTPStatus: 503, RetryAfter: "20"},
		untilDate:                    {Kind: "status", HTTPStatus: 503, RetryAfter: now.Add(4 * time.Minute).UTC().Format(http.TimeFormat)},
		"429":                        {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled},
		"hourly limit":               {Kind: "status", Code: clarifai.CodeHourlyLimit},
		"try again":                  {Kind: "status", Code: clarifai.CodeTryAgain},
		"truncated":                  {Kind: "truncate"},
		"broken JSON":                {Kind: "invalid_json"},
	}
}

// inject injects a fault for several methods.
func inject(w *acctest.World, f emulator.Fault, methods ...string) {
	for _, m := range methods {
		f.Method = m
		w.Inject(f)
	}
}

func appOf(id string) map[string]any { return map[string]any{"id": id} }

func keyOf(app, description string, scopes ...string) map[string]any {
	return map[string]any{"app_id": app, "description": description, "scopes": scopes}
}

// fleet returns two apps with several keys each. Four of the keys are identical.
func fleet(description, suffix string) acctest.Resources {
	r := acctest.Resources{}
	for _, tenant := range []string{"north", "south"} {
		r["clarifai_app."+tenant] = map[string]any{"id": tenant + suffix, "description": description}
		r["clarifai_app_key."+tenant] = keyOf(tenant+suffix, description, "Inputs:Get", "Concepts:Get")
	}
	for i := range 4 {
		r[fmt.Sprint("clarifai_app_key.alike", i)] = keyOf("north"+suffix, "alike", "Predict")
	}
	return r
}

// tenants returns n apps with two keys each.
func tenants(n int, scope string) acctest.Resources {
	r := acctest.Resources{}
	for i := range n {
		app := fmt.Sprintf("tenant-%02d", i)
		r["clarifai_app."+app] = appOf(app)
		for _, use := range []string{"reader", "writer"} {
			r["clarifai_app_key."+app+"-"+use] = keyOf(app, use, "Apps:Get", scope)
		}
	}
	return r
}

// with returns resources and more of them.
func with(all ...acctest.Resources) acctest.Resources {
	r := acctest.Resources{}
	for _, more := range all {
		maps.Copy(r, more)
	}
	return r
}

func mustApply(t *testing.T, tf runs, r acctest.Resources) {
	t.Helper()
	must(t, tf.Apply(r))
}

// said returns all that the provider said of a plan.
func said(e *acctest.Estate, r acctest.Resources) string {
	_, _ = e.Plan(r) // an error is part of what it said
	return e.Said()
}

// checkSaid checks that a text has each of these texts exactly once.
func checkSaid(t *testing.T, text string, once ...string) {
	t.Helper()
	for _, o := range once {
		apitest.Equal(t, strings.Count(text, o), 1, o, "in", text)
	}
}

// checkFails checks that there is an error and that it matches all patterns.
func checkFails(t *testing.T, err error, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if err == nil || !regexp.MustCompile(p).MatchString(err.Error()) {
			t.Errorf("the error does not match %q: %v", p, err)
		}
	}
}

// checkState checks that the state has exactly the live keys and apps, and that only a
// DELETE had a key in its URL.
func checkState(t *testing.T, w *acctest.World, tf runs) {
	t.Helper()
	var apps []string
	for _, a := range w.Apps(w.UserID()) {
		apps = append(apps, a.ID)
	}
	slices.Sort(apps)
	if got := tf.Each("clarifai_app", "id"); !slices.Equal(got, apps) {
		t.Fatalf("the state has the apps %v, Clarifai %v", got, apps)
	}
	checkKeys(t, tf, w.Emulator)
	checkURLs(t, w.URL)
}

// checkKeys checks that the state has exactly the live keys, which it returns.
func checkKeys(t *testing.T, tf runs, e *emulator.Emulator) []string {
	t.Helper()
	var live []string
	for _, k := range e.Keys(e.UserID(), "") {
		if !slices.Equal(k.Scopes, []string{"All"}) { // what apps are created with
			live = append(live, clarifai.Secret(k.ID).Fingerprint())
		}
	}
	slices.Sort(live)
	got := tf.Each("clarifai_app_key", "fingerprint")
	if !slices.Equal(got, live) {
		t.Fatalf("the state has %d keys, Clarifai %d:\n%v\n%v", len(got), len(live), got, live)
	}
	return got
}

// checkSteady checks the state, and that the plan is empty.
func checkSteady(t *testing.T, w *acctest.World, tf runs, r acctest.Resources) {
	t.Helper()
	checkState(t, w, tf)
	if changes := tf.Changes(r); changes != "" {
		t.Fatalf("the plan is not empty: %s", changes)
	}
	checkState(t, w, tf)
}

// checkDestroy destroys everything and checks that nothing is left.
func checkDestroy(t *testing.T, w *acctest.World, tf runs) {
	t.Helper()
	must(t, tf.Destroy())
	must(t, w.NothingLeft(nil))
	checkState(t, w, tf)
}

// checkURLs checks that only a DELETE had a key in its URL.
func checkURLs(t *testing.T, url string) {
	t.Helper()
	if n := readStats(t, url).KeysInURL; n > 0 {
		t.Fatalf("%d requests other than DELETE had a key in their URL", n)
	}
}

// readStats returns the counts of the emulator that is served at a URL.
func readStats(t *testing.T, url string) emulator.Stats {
	t.Helper()
	resp, err := http.Get(url + "/_emulator/stats")
	must(t, err)
	defer resp.Body.Close()
	var s emulator.Stats
	must(t, json.NewDecoder(resp.Body).Decode(&s))
	return s
}

// poll waits until done returns true.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-ticker.C {
		if done() {
			return
		}
	}
	t.Fatalf("waited a minute for %s", what)
}
