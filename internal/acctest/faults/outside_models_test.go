package faults_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const outsideWarning = "App keys cannot use models of other apps"

// predicting returns an app with three keys that may predict and one that may not. The
// workflow is the app's, the round that of the keys.
func predicting(workflow map[string]string, round string) acctest.Resources {
	app := appOf("tenant")
	if workflow != nil {
		app["default_workflow"] = workflow
	}
	r := acctest.Resources{"clarifai_app.t": app, "clarifai_app_key.read": keyOf("tenant", "", "Apps:Get", "Workflows:Get")}
	for _, name := range []string{"a", "b", "c"} {
		r["clarifai_app_key."+name] = keyOf("tenant", "", "Apps:Get", "Concepts:Get", "Models:Get", "Predict")
	}
	for address, config := range r {
		if strings.HasPrefix(address, "clarifai_app_key.") && round != "" {
			config["keepers"] = map[string]string{"round": round}
		}
	}
	return r
}

// TestOutsideModels plans keys for predictions in an app whose base workflow uses models
// of other apps: one warning, with a fix that works.
func TestOutsideModels(t *testing.T) {
	t.Parallel()
	for _, workflow := range []string{"copied", "referenced"} {
		w, _ := start(t, emulator.Switches{OutsideModels: "refused", DefaultWorkflow: workflow}, 1)
		tf, want := w.NewEstate(t), predicting(nil, "")
		checkSaid(t, said(tf, want), outsideWarning, "may be refused PostModelOutputs, although")
		mustApply(t, tf, want)
		apitest.Equal(t, predict(t, w), http.StatusForbidden, "status of a prediction", workflow)
		apitest.Equal(t, said(tf, want), "", "a warning about keys that exist")
		rotated := predicting(nil, "2")
		checkSaid(t, said(tf, rotated), outsideWarning) // keys of an app that exists
		p, unrefreshed := w.Process(t), ""
		for address, config := range rotated {
			unrefreshed += p.PlanOnly(tf.Stored(address), config).Said.String()
		}
		checkSaid(t, unrefreshed, outsideWarning)
		const reader = "clarifai_app_key.read"
		apitest.Equal(t, w.Process(t).Plan(tf.Stored(reader), rotated[reader]).Said.String(), "", "a warning about a key that only reads")
		fixed := predicting(map[string]string{"id": "Empty", "user_id": "clarifai", "app_id": "main"}, "2")
		apitest.Equal(t, said(tf, fixed), "", "a warning about the suggested workflow")
		mustApply(t, tf, fixed)
		apitest.Equal(t, predict(t, w), http.StatusOK, "status of a prediction with the suggested workflow", workflow)
		checkDestroy(t, w, tf)
	}
}

// TestOutsideModels_unknown plans keys of apps about which nothing is known, and of one
// that the preflight saw.
func TestOutsideModels_unknown(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
	tf := w.NewEstate(t)
	key := acctest.Resources{"clarifai_app_key.k": keyOf("elsewhere", "", "All")}
	apitest.SaysNot(t, said(tf, key), outsideWarning)
	apitest.SaysNot(t, said(tf, predicting(map[string]string{"id": "Empty"}, "")), outsideWarning)
	checkSaid(t, said(tf, predicting(map[string]string{"id": "Face"}, "")), outsideWarning)
	must(t, w.PutApp(emulator.App{ID: "elsewhere", UserID: w.UserID(), DefaultWorkflow: emulator.Workflow{ID: "General", AppID: "main", UserID: "clarifai"}}))
	checkSaid(t, said(tf, key), outsideWarning)
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
		must(t, err)
		req.Header.Set("Authorization", "Key "+k.ID)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		must(t, err)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	t.Fatal("no key may predict")
	return 0
}
