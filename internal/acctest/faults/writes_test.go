package faults_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// bad is every way in which a request goes wrong for a while.
func bad() map[string]emulator.Fault {
	return map[string]emulator.Fault{
		"cut before the work":        {Kind: "cut_before"},
		"cut after the work":         {Kind: "cut_after"},
		"500 before the work":        {Kind: "status", HTTPStatus: 500},
		"500 after the work":         {Kind: "status_after", HTTPStatus: 500},
		"502 in HTML":                {Kind: "html"},
		"502 in HTML after the work": {Kind: "html_after"},
		"503 for seconds":            {Kind: "status", HTTPStatus: 503, RetryAfter: "20"},
		"503 until a date":           {Kind: "status", HTTPStatus: 503, RetryAfter: time.Now().Add(4 * time.Minute).UTC().Format(http.TimeFormat)},
		"429":                        {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled},
		"hourly limit":               {Kind: "status", Code: clarifai.CodeHourlyLimit},
		"try again":                  {Kind: "status", Code: clarifai.CodeTryAgain},
		"truncated":                  {Kind: "truncate"},
		"broken JSON":                {Kind: "invalid_json"},
	}
}

// TestAccFaults_once lets every method that writes go wrong once in each way.
func TestAccFaults_once(t *testing.T) {
	t.Parallel()
	for name, fault := range bad() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			clock := newHurried(200)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			tf := attached(t, w)

			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys")
			tf.apply()
			settled(t, tf, w)

			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, fault, "PatchAppsIds", "PatchApp", "PatchKeys")
			tf.apply()
			settled(t, tf, w)

			inject(w, fault, "DeleteKey", "DeleteApp")
			gone(t, tf, w)
			spent(t, w, "PostApps", "PostKeys", "PatchAppsIds", "PatchApp", "PatchKeys", "DeleteKey", "DeleteApp")
			if asked := clock.longest(); fault.RetryAfter != "" && asked < 15*time.Second {
				t.Errorf("waited for %s at most where the answer asked for %s", asked, fault.RetryAfter)
			}
		})
	}
}

// TestAccFaults_inARow lets each creation go wrong three times before it
// succeeds, one creation at a time so that the same one is hit.
func TestAccFaults_inARow(t *testing.T) {
	t.Parallel()
	for name, fault := range bad() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: clarifai.CodeKeyNotFound, RenameOld: "moved"}})
			clock := newHurried(200)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			tf := attached(t, w)
			fault.Times = 3

			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys")
			fault.Skip = 3 // and once more among the keys that are alike
			inject(w, fault, "PostKeys")
			fault.Skip = 0
			tf.apply("-parallelism=1")
			settled(t, tf, w)

			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, fault, "PatchAppsIds", "PatchApp", "PatchKeys")
			tf.apply("-parallelism=1")
			settled(t, tf, w)

			inject(w, fault, "DeleteKey", "DeleteApp")
			gone(t, tf, w)
		})
	}
}

// TestAccFaults_throttledLong refuses more often than max_retries allows
// failures: throttling is weather, and waiting for its end is no failure.
func TestAccFaults_throttledLong(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"429":              {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled},
		"429 for a second": {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled, RetryAfter: "1"},
		"hourly limit":     {Kind: "status", Code: clarifai.CodeHourlyLimit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			clock := newHurried(500)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock, cfg.MaxRetries = clock, 2 })
			tf := attached(t, w)
			fault.Times = 12
			tf.configure(w.Config(fleet("one", "")))
			inject(w, fault, "PostApps", "PostKeys", "ListAppKeys")
			tf.apply()
			settled(t, tf, w)
			fault.Times = 5
			inject(w, fault, "DeleteKey", "DeleteApp", "GetApp", "ListAppKeys")
			gone(t, tf, w)
		})
	}
}

// TestAccFaults_slow lets creations take three times as long as a request may:
// they are neither given up nor repeated.
func TestAccFaults_slow(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"latency", "latency_after"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			tf := attached(t, w)
			slow := emulator.Fault{Kind: kind, Latency: 3 * time.Second, Times: -1}
			inject(w, slow, "PostApps", "PostKeys")
			tf.configure(strings.Replace(w.Config(fleet("one", "")), `provider "clarifai" {`, "provider \"clarifai\" {\n  request_timeout = \"1s\"", 1))
			tf.apply()
			settled(t, tf, w)
			if apps, keys := w.Count("PostApps"), w.Count("PostKeys"); apps != 2 || keys != 6 {
				t.Errorf("%d PostApps and %d PostKeys for 2 apps and 6 keys", apps, keys)
			}
			gone(t, tf, w)
		})
	}
}
