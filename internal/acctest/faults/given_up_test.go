package faults_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

func withSetting(config, setting string) string {
	return strings.Replace(config, `provider "clarifai" {`, "provider \"clarifai\" {\n  "+setting, 1)
}

// TestAccFaults_retriesSpent fails each method that writes for good. The error
// says how long was tried, what the last answer was, and that it is safe to
// apply again; and it is.
func TestAccFaults_retriesSpent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, kind string
		times        int // as often as the attempts for what is asked for
	}{
		{"PostApps", "status", 2 * 3}, {"PostKeys", "status", 6 * 3},
		{"PostApps", "html", 2 * 3}, {"PostKeys", "html", 6 * 3},
		{"PatchApp", "status", 2 * 3}, {"PatchKeys", "status", 2 * 3},
		{"PatchAppsIds", "status", 2 * 3}, {"PatchAppsIds", "status_after", 2 * 3}, {"PatchAppsIds", "cut_after", 2 * 3},
		{"DeleteKey", "status", 6 * 3}, {"DeleteApp", "status", 2 * 3},
	} {
		t.Run(c.method+" "+c.kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			clock := newHurried(200)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			tf := attached(t, w)
			config := func(description, suffix string) string {
				return withSetting(w.Config(fleet(description, suffix)), "max_retries = 2")
			}
			fault := emulator.Fault{Method: c.method, Kind: c.kind, Times: c.times}
			if c.kind == "status" || c.kind == "status_after" {
				fault.HTTPStatus = 500
			}
			steps := map[string]func() string{
				"Post": func() string { return tf.applyFails() },
				"Patc": func() string {
					tf.apply()
					suffix := ""
					if c.method == "PatchAppsIds" {
						suffix = "-renamed"
					}
					tf.configure(config("two", suffix))
					w.Inject(fault)
					if strings.HasSuffix(c.kind, "_after") { // found to be done
						tf.apply()
						return ""
					}
					return tf.applyFails()
				},
				"Dele": func() string {
					tf.apply()
					w.Inject(fault)
					out, code := tf.run("destroy", "-auto-approve", "-input=false")
					if code == 0 {
						t.Fatal("the destroy should have failed")
					}
					return unwrapped(failure(out))
				},
			}
			tf.configure(config("one", ""))
			if strings.HasPrefix(c.method, "Post") {
				w.Inject(fault)
			}
			if out := steps[c.method[:4]](); out != "" {
				says(t, out, c.method+": ", `gave up after 3 attempts in \d`, "safe to apply again")
				if c.kind == "status" {
					says(t, out, `request id terraform-provider-clarifai-test-[0-9a-f]{32}`)
				} else {
					says(t, out, "HTML page")
				}
			}
			accounted(t, tf, w)
			w.Inject(emulator.Fault{Method: c.method, Kind: "cut_after"}) // the next run is not spared either
			if strings.HasPrefix(c.method, "Dele") {
				gone(t, tf, w)
				return
			}
			tf.apply()
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}

func says(t *testing.T, out string, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if !regexp.MustCompile(p).MatchString(out) {
			t.Errorf("it does not say %q:\n%s", p, out)
		}
	}
}

// TestAccFaults_stranger makes a key with the same words from outside while an
// answer is lost: which of the two was made by Terraform can not be told.
func TestAccFaults_stranger(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	outside := w.Inventory(t)
	var once sync.Once
	w.Tune(func(cfg *clarifai.Config) {
		cfg.Transport = meddler{method: "POST", path: "/keys", meddle: func() {
			once.Do(func() {
				_, err := outside.CreateKey(t.Context(), inventory.NewKey{UserID: w.UserID(), AppID: "tenant", Description: "k", Scopes: []string{"Predict"}})
				if err != nil {
					t.Error(err)
				}
			})
		}}
	})
	tf := attached(t, w)
	app := "resource \"clarifai_app\" \"t\" {\n  id = \"tenant\"\n}\n"
	tf.configure(w.Config(app))
	tf.apply()
	tf.configure(w.Config(app + `
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "k"
  scopes      = ["Predict"]
}`))
	w.Inject(emulator.Fault{Method: "PostKeys", Skip: 1, Kind: "cut_after"})
	out := tf.applyFails()
	keys := w.Keys(w.UserID(), "tenant")
	if len(keys) != 2 {
		t.Fatalf("%d keys were made", len(keys))
	}
	for _, k := range keys {
		says(t, out, fingerprint(k.ID))
		if strings.Contains(out, k.ID) {
			t.Error("a key was printed")
		}
	}
	says(t, out, "can not be told", "import")

	// What the error advises.
	if err := w.DeleteKey(keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if out, code := tf.run("import", "-input=false", "clarifai_app_key.k", w.UserID()+"/tenant/"+fingerprint(keys[1].ID)); code != 0 {
		t.Fatal(failure(out))
	}
	settled(t, tf, w)
	gone(t, tf, w)
}
