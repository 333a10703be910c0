package faults_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const outsideWarning = "Warning: App keys cannot use models of other apps"

// predicting is a configuration of an app with two keys, one of which may predict.
func predicting(app string) string {
	return `
resource "clarifai_app" "t" {
  id = "tenant"
` + app + `
}

resource "clarifai_app_key" "predict" {
  count  = 3
  app_id = clarifai_app.t.id
  scopes = ["Apps:Get", "Concepts:Get", "Models:Get", "Predict"]
}

resource "clarifai_app_key" "read" {
  app_id = clarifai_app.t.id
  scopes = ["Apps:Get", "Workflows:Get"]
}
`
}

// TestAccOutsideModels plans keys for predictions in an app whose base workflow
// uses models of other apps: one warning, with a fix that works.
func TestAccOutsideModels(t *testing.T) {
	t.Parallel()
	for _, workflow := range []string{"copied", "referenced"} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OutsideModels: "refused", DefaultWorkflow: workflow}})
		tf := newTerraform(t, w)
		tf.configure(w.Config(predicting("")))
		checkPlan(t, tf, 2, outsideWarning, "may be refused PostModelOutputs, although")
		tf.apply()
		if code := predict(t, w); code != http.StatusForbidden {
			t.Errorf("%s: a prediction ends with %d", workflow, code)
		}
		if out := checkPlan(t, tf, 0); strings.Contains(out, outsideWarning) {
			t.Errorf("a warning about keys that exist:\n%s", out)
		}
		rotated := func(app string) string {
			return w.Config(strings.ReplaceAll(predicting(app), "  scopes =", "  keepers = { rotated = \"today\" }\n  scopes ="))
		}
		tf.configure(rotated(""))
		for _, more := range [][]string{nil, {"-refresh=false"}} { // a key of an app that exists
			out, code := tf.run(append([]string{"plan"}, more...)...)
			if code != 0 || strings.Count(out, outsideWarning) != 1 {
				t.Errorf("%v: the plan of new keys ended with %d:\n%s", more, code, out)
			}
		}
		if out, _ := tf.run("plan", "-target=clarifai_app_key.read"); strings.Contains(out, outsideWarning) {
			t.Errorf("a warning about a key that only reads:\n%s", out)
		}
		tf.configure(rotated(`  default_workflow = { id = "Empty", user_id = "clarifai", app_id = "main" }`))
		if out := checkPlan(t, tf, 2); strings.Contains(out, outsideWarning) {
			t.Errorf("a warning about the suggested workflow:\n%s", out)
		}
		tf.apply()
		if code := predict(t, w); code != http.StatusOK {
			t.Errorf("%s: with the suggested workflow, a prediction ends with %d", workflow, code)
		}
		checkDestroy(t, tf, w)
	}
}

// TestAccOutsideModels_unknown plans keys of apps about which nothing is known, and
// of one that the preflight saw.
func TestAccOutsideModels_unknown(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := newTerraform(t, w)
	key := "resource \"clarifai_app_key\" \"k\" {\n  app_id = \"elsewhere\"\n  scopes = [\"All\"]\n}\n"
	tf.configure(w.Config(key))
	if out := checkPlan(t, tf, 2); strings.Contains(out, outsideWarning) {
		t.Errorf("a warning about an app that nobody has seen:\n%s", out)
	}
	tf.configure(w.Config(predicting("  default_workflow = { id = \"Empty\" }")))
	if out := checkPlan(t, tf, 2); strings.Contains(out, outsideWarning) {
		t.Errorf("a warning about an app without models:\n%s", out)
	}
	tf.configure(w.Config(predicting("  default_workflow = { id = \"Face\" }")))
	checkPlan(t, tf, 2, outsideWarning)
	if err := w.PutApp(emulator.App{ID: "elsewhere", UserID: w.UserID(), DefaultWorkflow: emulator.Workflow{ID: "General", AppID: "main", UserID: "clarifai"}}); err != nil {
		t.Fatal(err)
	}
	tf.configure(w.Config(key))
	checkPlan(t, tf, 2, outsideWarning)
}

// predict requests a prediction with the first key for it, and returns the HTTP
// status.
func predict(t *testing.T, w *acctest.World) int {
	t.Helper()
	for _, k := range w.Keys(w.UserID(), "tenant") {
		if len(k.Scopes) != 4 {
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/v2/models/m/outputs", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Key "+k.ID)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	t.Fatal("no key may predict")
	return 0
}
