package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAccFaults_identicalKeys adds keys that are identical to existing ones while
// answers are lost and the account's listing does not have all of them.
func TestAccFaults_identicalKeys(t *testing.T) {
	t.Parallel()
	config := func(n int) string {
		return fmt.Sprintf(`
resource "clarifai_app" "t" {
  count = 4
  id    = "tenant-${count.index}"
}

resource "clarifai_app_key" "k" {
  count  = %d
  app_id = clarifai_app.t[count.index %% 4].id
  scopes = ["Predict"]
}
`, n)
	}
	for name, s := range map[string]emulator.Switches{
		"incomplete": {AccountListing: "incomplete"},
		"refused":    {AccountListing: "refused"},
		"lagging":    {DeleteLag: 3, DefaultKey: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			tf := newTerraform(t, w)
			tf.configure(w.Config(config(14)))
			tf.apply()
			checkKeys(t, tf, w, 14)
			ageKeys(t, w)
			tf.configure(w.Config(config(28)))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_before", Times: 4}, "PostKeys")
			inject(w, emulator.Fault{Kind: "truncate", Times: 2}, "PostKeys")
			tf.apply()
			checkKeys(t, tf, w, 28)
			if plan := tf.plan(); plan != "" {
				t.Error(plan)
			}
			tf.configure(w.Config(config(4)))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 4}, "DeleteKey")
			tf.apply()
			checkKeys(t, tf, w, 4)
			checkDestroy(t, tf, w)
		})
	}
}

// ageKeys makes all keys an hour old. If a key is seconds old and missing from the
// account's listing, nothing shows whether it existed before.
func ageKeys(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, k := range w.Keys(w.UserID(), "") {
		if err := w.EditKey(k.ID, func(k *emulator.Key) { k.CreatedAt = k.CreatedAt.Add(-time.Hour) }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAccFaults_similarKeys creates keys that differ by spelling, or by what the
// server may add, while answers are slow and some are lost.
func TestAccFaults_similarKeys(t *testing.T) {
	t.Parallel()
	for _, s := range []emulator.Switches{{}, {Scopes: "expanded", ScopeNames: "underscore"}} {
		t.Run("scopes "+s.Scopes, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			tf := newTerraform(t, w)
			tf.configure(w.Config(`
locals {
  limits = [
    { scopes = ["Inputs:Add", "Inputs:Get"], endpoints = null },
    { scopes = ["Inputs_Add", "Inputs_Get"], endpoints = null },
    { scopes = ["Inputs:Add"], endpoints = null },
    { scopes = ["Inputs:Add", "Inputs:Get"], endpoints = ["/clarifai.api.V2/PostInputs"] },
    { scopes = null, endpoints = ["/clarifai.api.V2/PostInputs"] },
  ]
}

resource "clarifai_app" "t" {
  id = "tenant"
}

resource "clarifai_app_key" "k" {
  count     = 5
  app_id    = clarifai_app.t.id
  scopes    = local.limits[count.index].scopes
  endpoints = local.limits[count.index].endpoints
}
`))
			// Cut at once, while the other keys exist but are not answered yet.
			inject(w, emulator.Fault{Kind: "cut_before", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_after", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "latency_after", Latency: 500 * time.Millisecond, Times: -1}, "PostKeys")
			tf.apply()
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_keyCreatedOutside creates an identical key outside Terraform while
// an answer is lost: which of the two is Terraform's cannot be decided.
func TestAccFaults_keyCreatedOutside(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	outside := w.Inventory(t)
	var once sync.Once
	w.Tune(func(cfg *clarifai.Config) {
		cfg.Transport = beforeRequest{verb: http.MethodPost, pathSuffix: "/keys", do: func() {
			once.Do(func() {
				_, err := outside.CreateKey(t.Context(), inventory.NewKey{UserID: w.UserID(), AppID: "tenant", Description: "k", Scopes: []string{"Predict"}})
				if err != nil {
					t.Error(err)
				}
			})
		}}
	})
	tf := newTerraform(t, w)
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
		t.Fatalf("%d keys were created", len(keys))
	}
	for _, k := range keys {
		checkOutput(t, out, cli.Fingerprint(k.ID))
		if strings.Contains(out, k.ID) {
			t.Error("a key was printed")
		}
	}
	checkOutput(t, out, "cannot be determined", "import")

	// Follow the advice of the error.
	if err := w.DeleteKey(keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if out, code := tf.run("import", "-input=false", "clarifai_app_key.k", w.UserID()+"/tenant/"+cli.Fingerprint(keys[1].ID)); code != 0 {
		t.Fatal(failure(out))
	}
	checkNoChanges(t, tf, w)
	checkDestroy(t, tf, w)
}

// beforeRequest is a transport that calls do right before requests of one kind.
type beforeRequest struct {
	verb, pathSuffix string
	do               func()
}

// RoundTrip sends the request.
func (b beforeRequest) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == b.verb && strings.HasSuffix(r.URL.Path, b.pathSuffix) {
		b.do()
	}
	return http.DefaultTransport.RoundTrip(r)
}
