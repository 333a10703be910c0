package faults_test

import (
	"net/http"
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
	says(t, unwrapped(out), "A key was changed meanwhile", "The next plan shows it")
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
	if _, err := w.Client(t).RenameApp(t.Context(), w.UserID(), "tenant", "elsewhere"); err != nil {
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
		says(t, unwrapped(out), `it is called "elsewhere" now`)
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
		if _, err := w.Client(t).RenameApp(t.Context(), w.UserID(), a.ID, a.ID+"-away"); err != nil {
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
