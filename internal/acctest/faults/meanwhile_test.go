package faults_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_changedMeanwhile changes a key's description while somebody
// else has widened its scopes since the last look.
func TestAccFaults_changedMeanwhile(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := attached(t, w)
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
	says(t, unwrapped(out), "App key changed outside of Terraform", "The next plan shows it")
	if plan := tf.planned(); plan == "" {
		t.Error("the next plan shows nothing")
	}
	tf.apply()
	settled(t, tf, w)
	gone(t, tf, w)
}

// TestAccFaults_renamedMeanwhile works on an app that somebody else has renamed
// since the last look: whatever is done, the user is told the new name.
func TestAccFaults_renamedMeanwhile(t *testing.T) {
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
	tf := attached(t, w)
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
		says(t, unwrapped(out), `was renamed to "elsewhere"`)
	}
}

// TestAccFaults_lookElsewhereFails: an app was renamed, its old id is not found,
// and the account's listing, which tells where its keys went, can not be had.
func TestAccFaults_lookElsewhereFails(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	clock := newHurried(200)
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	tf := attached(t, w)
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
	says(t, unwrapped(out), "ListKeys: ", "gave up after 3 attempts")
}

// TestAccFaults_appMadeMeanwhile plans to follow an app to a new id, under which
// there is an app by the time of the apply that knows nothing of the key. The
// plan was for an update, so it has to be one.
func TestAccFaults_appMadeMeanwhile(t *testing.T) {
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
	tf := attached(t, w)
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
	known(t, tf, w, 1)
	if n := len(w.Keys(w.UserID(), "two")); n != 1 {
		t.Errorf("%d keys are in the new app", n)
	}
	// To an app that is there all along it is a replacement, for who looks.
	tf.configure(config("other"))
	if plan := tf.planned(); plan != "Plan: 1 to add, 0 to change, 1 to destroy." {
		t.Error(plan)
	}
	tf.apply("-refresh=false")
	known(t, tf, w, 1)
	tf.destroy()
	if n := w.LiveKeys(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}

// TestAccFaults_renamedToTaken renames an app to an id that is taken: the plan
// refuses it, and no key is touched.
func TestAccFaults_renamedToTaken(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	if err := w.PutApp(emulator.App{ID: "taken", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	config := func(app string) string {
		return w.Config("resource \"clarifai_app\" \"t\" {\n  id = \"" + app + "\"\n}\nresource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}\n")
	}
	tf := attached(t, w)
	tf.configure(config("tenant"))
	tf.apply()
	before := tf.fingerprints()
	tf.configure(config("taken"))
	says(t, tf.applyFails(), "Cannot rename app", "The app ID is taken", "cannot be renamed")
	known(t, tf, w, 1)
	if after := tf.fingerprints(); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	tf.configure(config("tenant"))
	if plan := tf.planned(); plan != "" {
		t.Error(plan)
	}
	tf.destroy()
}

// TestAccFaults_renameNobodyKnowsOf loses the answer of a rename and whatever
// would tell of it. The next plan finds the app by all else that it is.
func TestAccFaults_renameNobodyKnowsOf(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	clock := newHurried(200)
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	tf := attached(t, w)
	tf.configure(withSetting(w.Config(fleet("one", "")), "max_retries = 1"))
	tf.apply()
	before := tf.fingerprints()
	tf.configure(withSetting(w.Config(fleet("one", "-renamed")), "max_retries = 1"))
	w.Inject(emulator.Fault{Kind: "cut_after", Method: "PatchAppsIds", Times: -1})
	w.Inject(emulator.Fault{Kind: "html", Method: "GetApp", Skip: 4, Times: -1}) // after those of the plan
	tf.applyFails()
	w.ClearFaults()
	for _, a := range w.Apps(w.UserID()) {
		if known := tf.ids("clarifai_app", func(id, _ string) string { return id }); slices.Contains(known, a.ID) {
			t.Errorf("the state knows of the rename to %s", a.ID)
		}
	}
	tf.apply()
	settled(t, tf, w)
	if after := tf.fingerprints(); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	gone(t, tf, w)
}
