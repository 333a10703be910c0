package faults_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// state is the part of a state file that the tests read.
type state struct {
	Resources []struct {
		Type      string
		Instances []struct {
			Attributes struct {
				ID          string
				Fingerprint string
			}
		}
	}
}

// attributes returns one attribute of all resources of a type, sorted.
func (tf *terraform) attributes(kind string, of func(id, fingerprint string) string) []string {
	tf.t.Helper()
	content, err := tf.Workspace.Workspace.Read("terraform.tfstate")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var s state
	if err = errors.Join(err, json.Unmarshal(content, &s)); err != nil {
		tf.t.Fatal(err)
	}
	var out []string
	for _, r := range s.Resources {
		for _, i := range r.Instances {
			if r.Type == kind {
				out = append(out, of(i.Attributes.ID, i.Attributes.Fingerprint))
			}
		}
	}
	slices.Sort(out)
	return out
}

// apps returns the IDs of the apps in the state, sorted.
func (tf *terraform) apps() []string {
	return tf.attributes("clarifai_app", func(id, _ string) string { return id })
}

// fingerprints returns the fingerprints of the keys in the state, sorted. A key
// that is in it twice is returned twice.
func (tf *terraform) fingerprints() []string {
	return tf.attributes("clarifai_app_key", func(_, fingerprint string) string { return fingerprint })
}

// checkState checks that the state has exactly the live keys and apps, and that
// only a DELETE had a key in its URL.
func checkState(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	var apps []string
	for _, a := range w.Apps(w.UserID()) {
		apps = append(apps, a.ID)
	}
	slices.Sort(apps)
	checkFingerprints(t, tf, liveFingerprints(w.Emulator, func(emulator.Key) bool { return true }))
	if got := tf.apps(); !slices.Equal(got, apps) {
		t.Fatalf("the state has the apps %v, Clarifai %v", got, apps)
	}
	checkURLs(t, w.URL)
}

// liveFingerprints returns the fingerprints of the keys that include selects,
// sorted.
func liveFingerprints(e *emulator.Emulator, include func(emulator.Key) bool) []string {
	var live []string
	for _, k := range e.Keys(e.UserID(), "") {
		if include(k) {
			live = append(live, cli.Fingerprint(k.ID))
		}
	}
	slices.Sort(live)
	return live
}

// checkFingerprints checks that the state has exactly these keys.
func checkFingerprints(t *testing.T, tf *terraform, live []string) {
	t.Helper()
	if got := tf.fingerprints(); !slices.Equal(got, live) {
		t.Fatalf("the state has %d keys, Clarifai %d:\n%v\n%v", len(got), len(live), got, live)
	}
}

// checkKeys checks that the state has n different keys, and exactly the live ones
// apart from those that an app is created with.
func checkKeys(t *testing.T, tf *terraform, w *acctest.World, n int) {
	t.Helper()
	checkFingerprints(t, tf, liveFingerprints(w.Emulator, func(k emulator.Key) bool { return slices.Equal(k.Scopes, []string{"Predict"}) }))
	if got := tf.fingerprints(); len(slices.Compact(got)) != n {
		t.Fatalf("%d keys wanted, the state has %d: %v", n, len(got), got)
	}
	checkURLs(t, w.URL)
}

// checkNoChanges checks the state, and that the plan is empty.
func checkNoChanges(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	checkState(t, tf, w)
	if plan := tf.plan(); plan != "" {
		t.Fatalf("the plan is not empty: %s", plan)
	}
	checkState(t, tf, w)
}

// checkDestroy destroys everything and checks that nothing is left.
func checkDestroy(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	tf.destroy()
	if err := w.NothingLeft(nil); err != nil {
		t.Fatal(err)
	}
	checkState(t, tf, w)
}

// checkURLs checks that only a DELETE had a key in its URL.
func checkURLs(t *testing.T, url string) {
	t.Helper()
	if n := readStats(t, url).KeysInURL; n > 0 {
		t.Fatalf("%d requests other than DELETE had a key in their URL", n)
	}
}

// readStats returns the counts of the emulator that is served at a URL.
func readStats(t *testing.T, url string) cli.Stats {
	t.Helper()
	s, err := cli.ReadStats(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkCalled checks that each method was called, so that its fault took effect.
func checkCalled(t *testing.T, w *acctest.World, methods ...string) {
	t.Helper()
	for _, m := range methods {
		if w.Count(m) == 0 {
			t.Errorf("%s was never called, so its fault had no effect", m)
		}
	}
}

// checkOutput checks that a text matches all patterns.
func checkOutput(t *testing.T, out string, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if !regexp.MustCompile(p).MatchString(out) {
			t.Errorf("the output does not match %q:\n%s", p, out)
		}
	}
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
