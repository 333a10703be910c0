package faults_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_exhaustedRetries makes each method that writes fail until the
// provider gives up. The error says how long it tried, what the last answer was,
// and that it is safe to apply again; and it is.
func TestAccFaults_exhaustedRetries(t *testing.T) {
	t.Parallel()
	for _, c := range []exhausted{
		{"PostApps", "status", 2 * 3}, {"PostKeys", "status", 6 * 3},
		// Once three waits for a late result were in vain, other creates fail after one.
		{"PostApps", "html", 3 + 1}, {"PostKeys", "html", 3 + 5},
		{"PatchApp", "status", 2 * 3}, {"PatchKeys", "status", 2 * 3},
		{"PatchAppsIds", "status", 2 * 3}, {"PatchAppsIds", "status_after", 2 * 3}, {"PatchAppsIds", "cut_after", 2 * 3},
		{"DeleteKey", "status", 6 * 3}, {"DeleteApp", "status", 2 * 3},
	} {
		t.Run(c.method+" "+c.kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			speedUp(w, 200)
			tf := newTerraform(t, w)
			if out := c.fail(tf, w); out != "" {
				checkOutput(t, out, c.method+": ", `gave up after 3 attempts in \d`, "safe to apply again")
				if c.kind == "status" {
					checkOutput(t, out, `request id terraform-provider-clarifai-test-[0-9a-f]{32}`)
				} else {
					checkOutput(t, out, "HTML page")
				}
			}
			checkState(t, tf, w)
			w.Inject(emulator.Fault{Method: c.method, Kind: "cut_after"}) // the next run meets a fault, too
			if strings.HasPrefix(c.method, "Delete") {
				checkDestroy(t, tf, w)
				return
			}
			tf.apply()
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}

// exhausted is a method that fails as often as the provider tries it.
type exhausted struct {
	method, kind string
	times        int // the attempts, for all resources together
}

// fail lets the method fail and returns the error, or "" if the provider finds
// that the work was done in spite of the answers.
func (c exhausted) fail(tf *terraform, w *acctest.World) string {
	tf.t.Helper()
	config := func(description, suffix string) string {
		return withSetting(w.Config(fleet(description, suffix)), "max_retries = 2")
	}
	fault := emulator.Fault{Method: c.method, Kind: c.kind, Times: c.times}
	if c.kind == "status" || c.kind == "status_after" {
		fault.HTTPStatus = http.StatusInternalServerError
	}
	tf.configure(config("one", ""))
	if strings.HasPrefix(c.method, "Post") {
		w.Inject(fault)
		return tf.applyFails("-parallelism=1")
	}
	tf.apply()
	if strings.HasPrefix(c.method, "Delete") {
		w.Inject(fault)
		out, code := tf.run("destroy", "-auto-approve", "-input=false")
		if code == 0 {
			tf.t.Fatal("the destroy should have failed")
		}
		return unwrapped(failure(out))
	}
	suffix := ""
	if c.method == "PatchAppsIds" {
		suffix = "-renamed"
	}
	tf.configure(config("two", suffix))
	w.Inject(fault)
	if strings.HasSuffix(c.kind, "_after") {
		tf.apply()
		return ""
	}
	return tf.applyFails()
}
