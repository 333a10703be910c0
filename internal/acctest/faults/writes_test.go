package faults_test

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_writesFailOnce makes every method that writes fail once in each
// way.
func TestAccFaults_writesFailOnce(t *testing.T) {
	t.Parallel()
	for name := range transientFaults(time.Time{}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			speed := 200
			if name == untilDate {
				speed = 20 // the CLI must start before the date
			}
			clock := speedUp(w, speed)
			tf := newTerraform(t, w)
			fault := transientFaults(clock.Now())[name]

			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys")
			tf.apply()
			checkNoChanges(t, tf, w)

			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, fault, "PatchAppsIds", "PatchApp", "PatchKeys")
			tf.apply()
			checkNoChanges(t, tf, w)

			inject(w, fault, "DeleteKey", "DeleteApp")
			checkDestroy(t, tf, w)
			checkCalled(t, w, "PostApps", "PostKeys", "PatchAppsIds", "PatchApp", "PatchKeys", "DeleteKey", "DeleteApp")
			if waited := clock.longest(); fault.RetryAfter != "" && waited < 15*time.Second {
				t.Errorf("waited for %s at most where the answer asked for %s", waited, fault.RetryAfter)
			}
		})
	}
}

// TestAccFaults_writesFailInARow makes each write fail three times before it
// succeeds, one resource at a time so that the faults meet the same one.
func TestAccFaults_writesFailInARow(t *testing.T) {
	t.Parallel()
	for name := range transientFaults(time.Time{}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: clarifai.CodeKeyNotFound, RenameOld: "moved"}})
			clock := speedUp(w, 200)
			tf := newTerraform(t, w)
			fault := transientFaults(clock.Now())[name]
			fault.Times = 3

			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys")
			fault.Skip = 3 // and once more among the identical keys
			inject(w, fault, "PostKeys")
			fault.Skip = 0
			tf.apply("-parallelism=1")
			checkNoChanges(t, tf, w)

			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, fault, "PatchAppsIds", "PatchApp", "PatchKeys")
			tf.apply("-parallelism=1")
			checkNoChanges(t, tf, w)

			inject(w, fault, "DeleteKey", "DeleteApp")
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_longThrottling throttles more often than max_retries allows
// failures: waiting for throttling to end does not count as one.
func TestAccFaults_longThrottling(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"429":              {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled},
		"429 for a second": {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled, RetryAfter: "1"},
		"hourly limit":     {Kind: "status", Code: clarifai.CodeHourlyLimit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			speedUp(w, 500)
			w.Tune(func(cfg *clarifai.Config) { cfg.MaxRetries = 2 })
			tf := newTerraform(t, w)
			fault.Times = 12
			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys", "ListAppKeys")
			tf.apply()
			checkNoChanges(t, tf, w)
			fault.Times = 5
			inject(w, fault, "DeleteKey", "DeleteApp", "GetApp", "ListAppKeys")
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_slowCreates makes creates take three times as long as
// request_timeout: the provider neither gives up nor repeats them.
func TestAccFaults_slowCreates(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"latency", "latency_after"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			tf := newTerraform(t, w)
			slow := emulator.Fault{Kind: kind, Latency: 3 * time.Second, Times: -1}
			inject(w, slow, "PostApps", "PostKeys")
			tf.configure(withSetting(w.Config(fleet("one", "")), `request_timeout = "1s"`))
			tf.apply()
			checkNoChanges(t, tf, w)
			if apps, keys := w.Count("PostApps"), w.Count("PostKeys"); apps != 2 || keys != 6 {
				t.Errorf("%d PostApps and %d PostKeys for 2 apps and 6 keys", apps, keys)
			}
			checkDestroy(t, tf, w)
		})
	}
}
