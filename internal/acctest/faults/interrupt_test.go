package faults_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAccFaults_interrupted interrupts Terraform while keys are being created. What
// was sent is finished, and in the state.
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
			tf := newTerraformWithProgram(t, w)
			tf.configure(withSetting(w.Config(fleet("one", "")), "requests_per_second = 1000"))
			inject(w, fault, "PostKeys", "PatchKeys", "PatchAppsIds")
			if name == "slow and cut" {
				inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			}
			tf.interrupt(func() bool { return w.Count("PostKeys") >= 2 })
			checkState(t, tf, w)
			tf.apply()
			checkNoChanges(t, tf, w)

			tf.configure(withSetting(w.Config(fleet("two", "-renamed")), "requests_per_second = 1000"))
			tf.interrupt(func() bool { return w.Count("PatchAppsIds") >= 2 })
			checkState(t, tf, w)
			tf.apply()
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_interruptedMove interrupts the move of a key to an app that the
// same apply creates: the old key, which leaves the state, must be revoked.
func TestAccFaults_interruptedMove(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := newTerraform(t, w)
	config := func(app string) string {
		return w.Config(`
resource "clarifai_app" "t" {
  for_each = toset(["old", "new"])
  id       = each.key
}

resource "clarifai_app_key" "k" {
  app_id = clarifai_app.t["` + app + `"].id
  scopes = ["Predict"]
}
`)
	}
	tf.configure(strings.Replace(config("old"), `, "new"`, "", 1))
	tf.apply()
	checkNoChanges(t, tf, w)
	w.Reset()
	tf.configure(config("new"))
	inject(w, emulator.Fault{Kind: "latency", Latency: time.Second}, "PostKeys")
	tf.interrupt(func() bool { return w.Count("PostKeys") == 1 })
	checkState(t, tf, w)
	tf.apply()
	checkNoChanges(t, tf, w)
	checkDestroy(t, tf, w)
}
