package faults_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_renameWithoutKeys renames an app whose keys do not follow it, and
// loses the answers of what is created and deleted in their place.
func TestAccFaults_renameWithoutKeys(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut_after", "cut_before", "invalid_json"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameKeys: "dropped", RenameOld: "moved"}})
			speedUp(w, 200)
			tf := newTerraform(t, w)
			tf.configure(w.Config(fleet("one", "")))
			tf.apply()
			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, emulator.Fault{Kind: kind, Times: 2}, "PatchAppsIds", "ListAppKeys", "PostKeys", "DeleteKey")
			tf.apply()
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_renameToTakenID renames an app to an ID that is taken: the plan
// refuses it, and no key changes.
func TestAccFaults_renameToTakenID(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	if err := w.PutApp(emulator.App{ID: "taken", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	config := func(app string) string {
		return w.Config("resource \"clarifai_app\" \"t\" {\n  id = \"" + app + "\"\n}\nresource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}\n")
	}
	tf := newTerraform(t, w)
	tf.configure(config("tenant"))
	tf.apply()
	before := tf.fingerprints()
	tf.configure(config("taken"))
	checkOutput(t, tf.applyFails(), "Cannot rename app", "The app ID is taken", "cannot be renamed")
	checkKeys(t, tf, w, 1)
	if after := tf.fingerprints(); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	tf.configure(config("tenant"))
	if plan := tf.plan(); plan != "" {
		t.Error(plan)
	}
	tf.destroy()
}

// TestAccFaults_lostRename loses the answer of a rename and everything else that
// would show it. The next plan finds the app by its other attributes.
func TestAccFaults_lostRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	speedUp(w, 200)
	tf := newTerraform(t, w)
	tf.configure(withSetting(w.Config(fleet("one", "")), "max_retries = 1"))
	tf.apply()
	before := tf.fingerprints()
	tf.configure(withSetting(w.Config(fleet("one", "-renamed")), "max_retries = 1"))
	w.Inject(emulator.Fault{Kind: "cut_after", Method: "PatchAppsIds", Times: -1})
	w.Inject(emulator.Fault{Kind: "html", Method: "GetApp", Skip: 4, Times: -1}) // after those of the plan
	tf.applyFails()
	w.ClearFaults()
	for _, a := range w.Apps(w.UserID()) {
		if slices.Contains(tf.apps(), a.ID) {
			t.Errorf("the state has the new ID %s", a.ID)
		}
	}
	tf.apply()
	checkNoChanges(t, tf, w)
	if after := tf.fingerprints(); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	checkDestroy(t, tf, w)
}

// TestAccFaults_renamedOutside changes an app that was renamed outside Terraform
// since the last refresh: every error names the new ID.
func TestAccFaults_renamedOutside(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	const app, key = `
resource "clarifai_app" "t" {
  id          = "tenant"
  description = "changed"
}
`, `
resource "clarifai_app_key" "k" {
  app_id = "tenant"
  scopes = ["Predict"]
}
`
	tf := newTerraform(t, w)
	tf.configure(w.Config(`resource "clarifai_app" "t" { id = "tenant" }`))
	tf.apply()
	if _, err := w.Inventory(t).RenameApp(t.Context(), w.UserID(), "tenant", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]string{
		"a new key": `resource "clarifai_app" "t" { id = "tenant" }` + key,
		"a patch":   app,
		"a listing": `resource "clarifai_app" "t" { id = "tenant" }` + "\ndata \"clarifai_app_keys\" \"k\" {\n  app_id = \"tenant\"\n}\n",
	} {
		tf.configure(w.Config(config))
		out, code := tf.run("apply", "-auto-approve", "-input=false", "-refresh=false")
		if code == 0 {
			t.Errorf("%s: no error", name)
			continue
		}
		checkOutput(t, unwrapped(out), `was renamed to "elsewhere"`)
	}
}

// TestAccFaults_renamedOutsideListingFails renames apps outside Terraform. The
// account's listing, which shows where their keys are, fails.
func TestAccFaults_renamedOutsideListingFails(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	speedUp(w, 200)
	tf := newTerraform(t, w)
	tf.configure(withSetting(w.Config(fleet("one", "")), "max_retries = 2"))
	tf.apply()
	before := tf.fingerprints()
	for _, a := range w.Apps(w.UserID()) {
		if _, err := w.Inventory(t).RenameApp(t.Context(), w.UserID(), a.ID, a.ID+"-away"); err != nil {
			t.Fatal(err)
		}
	}
	w.Inject(emulator.Fault{Kind: "status", HTTPStatus: http.StatusInternalServerError, Method: "ListKeys", Times: -1})
	out, code := tf.run("apply", "-auto-approve", "-input=false")
	if code == 0 || len(tf.fingerprints()) != len(before) {
		t.Fatalf("%d of %d keys are left in the state:\n%s", len(tf.fingerprints()), len(before), out)
	}
	checkOutput(t, unwrapped(out), "ListKeys: ", "gave up after 3 attempts")
}
