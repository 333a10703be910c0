package faults_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_keyChangedOutside changes the description of a key whose scopes
// were widened outside Terraform since the last refresh.
func TestAccFaults_keyChangedOutside(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := newTerraform(t, w)
	tf.configure(w.Config(fleet("one", "")))
	tf.apply()
	for _, k := range w.Keys(w.UserID(), "") {
		if err := w.EditKey(k.ID, func(k *emulator.Key) {
			k.Scopes, k.Endpoints = []string{"All"}, []string{"/clarifai.api.V2/GetApp"}
		}); err != nil {
			t.Fatal(err)
		}
	}
	tf.configure(w.Config(fleet("two", "")))
	out, code := tf.run("apply", "-auto-approve", "-input=false", "-refresh=false")
	if code != 0 {
		t.Fatal(failure(out))
	}
	checkOutput(t, unwrapped(out), "App key changed outside of Terraform", "The next plan shows it")
	if plan := tf.plan(); plan == "" {
		t.Error("the next plan shows nothing")
	}
	tf.apply()
	checkNoChanges(t, tf, w)
	checkDestroy(t, tf, w)
}

// TestAccFaults_appCreatedOutside plans to move a key to the new ID of an app. By
// the time of the apply another app has that ID. The plan was for an update, so
// the apply has to be one.
func TestAccFaults_appCreatedOutside(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	for _, id := range []string{"one", "other"} {
		if err := w.PutApp(emulator.App{ID: id, UserID: w.UserID()}); err != nil {
			t.Fatal(err)
		}
	}
	config := func(app string) string {
		return w.Config("resource \"clarifai_app_key\" \"k\" {\n  app_id = \"" + app + "\"\n  scopes = [\"Predict\"]\n}\n")
	}
	tf := newTerraform(t, w)
	tf.configure(config("one"))
	tf.apply()
	tf.configure(config("two"))
	if out, code := tf.run("plan", "-out=saved.plan"); code != 0 {
		t.Fatal(failure(out))
	}
	if err := w.PutApp(emulator.App{ID: "two", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	if out, code := tf.run("apply", "saved.plan"); code != 0 {
		t.Fatal(failure(out))
	}
	checkKeys(t, tf, w, 1)
	if n := len(w.Keys(w.UserID(), "two")); n != 1 {
		t.Errorf("%d keys are in the new app", n)
	}
	// An app that exists at plan makes no difference.
	tf.configure(config("other"))
	if plan := tf.plan(); plan != "Plan: 0 to add, 1 to change, 0 to destroy." {
		t.Error(plan)
	}
	tf.apply("-refresh=false")
	checkKeys(t, tf, w, 1)
	tf.destroy()
	if n := w.LiveKeys(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}
