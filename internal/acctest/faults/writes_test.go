package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

var writes = []string{"PostApps", "PostKeys", "PatchAppsIds", "PatchApp", "PatchKeys", "DeleteKey", "DeleteApp"}

// survive follows a fleet through its life while every write fails.
func survive(t *testing.T, w *acctest.World, tf *acctest.Estate, fault emulator.Fault) {
	t.Helper()
	inject(w, fault, writes[:2]...)
	if fault.Times > 1 { // and once more among the identical keys
		again := fault
		again.Skip = 3
		inject(w, again, "PostKeys")
	}
	mustApply(t, tf, fleet("one", ""))
	checkSteady(t, w, tf, fleet("one", ""))
	inject(w, fault, writes[2:5]...)
	mustApply(t, tf, fleet("two", "-renamed"))
	checkSteady(t, w, tf, fleet("two", "-renamed"))
	inject(w, fault, writes[5:]...)
	checkDestroy(t, w, tf)
	for _, method := range writes {
		if w.Count(method) == 0 {
			t.Errorf("%s was never called, so its fault had no effect", method)
		}
	}
}

// TestFaults_writesFail makes every write fail in each way, once, and three times before it
// succeeds: then one resource at a time, so that the faults meet the same one.
func TestFaults_writesFail(t *testing.T) {
	t.Parallel()
	inARow := emulator.Switches{KeyNotFound: clarifai.CodeKeyNotFound, RenameOld: "moved"}
	for name := range transientFaults(time.Time{}) {
		for times, s := range map[int]emulator.Switches{1: {}, 3: inARow} {
			t.Run(fmt.Sprint(name, ", ", times), func(t *testing.T) {
				t.Parallel()
				speed := 200
				if name == untilDate && times == 1 {
					speed = 20 // the first write must come before the date
				}
				w, clock := start(t, s, speed)
				fault, tf := transientFaults(clock.Now())[name], w.NewEstate(t)
				if fault.Times = times; times > 1 {
					tf.Parallelism = 1
				}
				survive(t, w, tf, fault)
				if waited := clock.longest(); times == 1 && fault.RetryAfter != "" && waited < 15*time.Second {
					t.Errorf("waited for %s at most where the answer asked for %s", waited, fault.RetryAfter)
				}
			})
		}
	}
}

// TestFaults_exhaustedRetries makes each write fail until the provider gives up. The
// error says how long it tried, what the last answer was, and that it is safe to apply
// again; and it is.
func TestFaults_exhaustedRetries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, kind string
		attempts     int // for all resources together
	}{
		{"PostApps", "status", 2 * 3}, {"PostKeys", "status", 6 * 3},
		// Once three waits for a late result were fruitless, other creates fail after one.
		{"PostApps", "html", 3 + 1}, {"PostKeys", "html", 3 + 5},
		{"PatchApp", "status", 2 * 3}, {"PatchKeys", "status", 2 * 3},
		{"PatchAppsIds", "status", 2 * 3}, {"PatchAppsIds", "status_after", 2 * 3}, {"PatchAppsIds", "cut_after", 2 * 3},
		{"DeleteKey", "status", 6 * 3}, {"DeleteApp", "status", 2 * 3},
	} {
		t.Run(c.method+" "+c.kind, func(t *testing.T) {
			t.Parallel()
			w, _ := start(t, emulator.Switches{}, 200)
			retries(w, 2)
			tf := w.NewEstate(t)
			tf.Parallelism = 1
			deletes, renames := strings.HasPrefix(c.method, "Delete"), c.method == "PatchAppsIds"
			want := fleet("one", "")
			if !strings.HasPrefix(c.method, "Post") {
				mustApply(t, tf, want)
				want = fleet("two", map[bool]string{true: "-renamed"}[renames])
			}
			w.Reset()
			fault := emulator.Fault{Method: c.method, Kind: c.kind, Times: c.attempts}
			if strings.HasPrefix(c.kind, "status") {
				fault.HTTPStatus = http.StatusInternalServerError
			}
			w.Inject(fault)
			var err error
			if deletes {
				err = tf.Destroy()
			} else {
				err = tf.Apply(want)
			}
			switch last := map[string]string{"status": `request id terraform-provider-clarifai-test-[0-9a-f]{32}`, "html": "HTML page"}[c.kind]; last {
			case "": // the provider finds that the work was done
				if err != nil {
					t.Error(err)
				}
			default:
				checkFails(t, err, c.method+": ", `gave up after 3 attempts in \d`, "safe to apply again|wait a minute, and plan again", last)
				apitest.Equal(t, w.Count(c.method), c.attempts, "requests")
			}
			checkState(t, w, tf)
			w.Inject(emulator.Fault{Method: c.method, Kind: "cut_after"}) // the next run meets a fault, too
			if !deletes {
				mustApply(t, tf, want)
				checkSteady(t, w, tf, want)
			}
			checkDestroy(t, w, tf)
		})
	}
}
