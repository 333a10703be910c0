package faults_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_interrupted interrupts Terraform while keys are being created by the
// provider's own program. What was sent is finished, and in the state.
func TestAccFaults_interrupted(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		// Slower than the wait of one search for the result.
		"slow":           {Kind: "latency", Latency: 3 * time.Second, Times: 3},
		"slow to answer": {Kind: "latency_after", Latency: 500 * time.Millisecond, Times: 4},
		"slow and cut":   {Kind: "latency", Latency: 500 * time.Millisecond, Times: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			tf := &terraform{clitest.New(t, w), t, strings.Replace(w.Config(""), "{", "{\n  requests_per_second = 1000", 1)}
			inject(w, fault, "PostKeys", "PatchKeys", "PatchAppsIds")
			if name == "slow and cut" {
				inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			}
			for _, step := range []struct {
				method string
				want   acctest.Resources
			}{{"PostKeys", fleet("one", "")}, {"PatchAppsIds", fleet("two", "-renamed")}} {
				tf.interrupt(step.want, func() bool { return w.Count(step.method) >= 2 })
				checkState(t, w, tf)
				mustApply(t, tf, step.want)
				checkSteady(t, w, tf, step.want)
			}
			checkDestroy(t, w, tf)
		})
	}
}

// TestAccFaults_interruptedMove interrupts the move of a key to an app that the same
// apply creates: the old key, which leaves the state, must be revoked.
func TestAccFaults_interruptedMove(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	tf := newTerraform(t, w)
	before := acctest.Resources{"clarifai_app.old": appOf("old"), "clarifai_app_key.k": keyOf("old", "k", "Predict")}
	after := with(before, acctest.Resources{"clarifai_app.new": appOf("new"), "clarifai_app_key.k": keyOf("new", "k", "Predict")})
	mustApply(t, tf, before)
	w.Reset()
	inject(w, emulator.Fault{Kind: "latency", Latency: time.Second}, "PostKeys")
	tf.interrupt(after, func() bool { return w.Count("PostKeys") == 1 })
	checkState(t, w, tf)
	mustApply(t, tf, after)
	checkSteady(t, w, tf, after)
	checkDestroy(t, w, tf)
}
