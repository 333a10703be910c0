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

// TestFaults_identicalKeys adds keys that are identical to existing ones while answers
// are lost and the account's listing does not have all of them.
func TestFaults_identicalKeys(t *testing.T) {
	t.Parallel()
	identical := func(n int) acctest.Resources {
		r := acctest.Resources{}
		for i := range n {
			app := fmt.Sprint("tenant-", i%4)
			r["clarifai_app."+app] = appOf(app)
			r[fmt.Sprint("clarifai_app_key.k", i)] = keyOf(app, "", "Predict")
		}
		return r
	}
	for name, s := range map[string]emulator.Switches{
		"incomplete": {AccountListing: "incomplete"},
		"refused":    {AccountListing: "refused"},
		"lagging":    {DeleteLag: 3, DefaultKey: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := start(t, s, 1)
			tf := w.NewEstate(t)
			mustApply(t, tf, identical(14))
			checkState(t, w, tf)
			ageKeys(t, w)
			inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_before", Times: 4}, "PostKeys")
			inject(w, emulator.Fault{Kind: "truncate", Times: 2}, "PostKeys")
			mustApply(t, tf, identical(28))
			checkSteady(t, w, tf, identical(28))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 4}, "DeleteKey")
			mustApply(t, tf, identical(4))
			checkState(t, w, tf)
			checkDestroy(t, w, tf)
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

// TestFaults_similarKeys creates keys that differ by spelling, or by what the server may
// add, while answers are slow and some are lost.
func TestFaults_similarKeys(t *testing.T) {
	t.Parallel()
	want := acctest.Resources{"clarifai_app.t": appOf("tenant")}
	for i, limits := range []map[string]any{
		{"scopes": []string{"Inputs:Add", "Inputs:Get"}},
		{"scopes": []string{"Inputs_Add", "Inputs_Get"}},
		{"scopes": []string{"Inputs:Add"}},
		{"scopes": []string{"Inputs:Add", "Inputs:Get"}, "endpoints": []string{"/clarifai.api.V2/PostInputs"}},
		{"endpoints": []string{"/clarifai.api.V2/PostInputs"}},
	} {
		limits["app_id"] = "tenant"
		want[fmt.Sprint("clarifai_app_key.k", i)] = limits
	}
	for _, s := range []emulator.Switches{{}, {Scopes: "expanded", ScopeNames: "underscore"}} {
		t.Run("scopes "+s.Scopes, func(t *testing.T) {
			t.Parallel()
			w, _ := start(t, s, 1)
			tf := w.NewEstate(t)
			// Cut at once, while the other keys exist but are not answered yet.
			inject(w, emulator.Fault{Kind: "cut_before", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_after", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "latency_after", Latency: 500 * time.Millisecond, Times: -1}, "PostKeys")
			mustApply(t, tf, want)
			checkSteady(t, w, tf, want)
			checkDestroy(t, w, tf)
		})
	}
}

// TestFaults_keyCreatedOutside creates an identical key outside Terraform while an answer
// is lost: which of the two is Terraform's cannot be decided. The error's advice works.
func TestFaults_keyCreatedOutside(t *testing.T) {
	t.Parallel()
	w, _ := start(t, emulator.Switches{}, 1)
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
	tf, app := w.NewEstate(t), acctest.Resources{"clarifai_app.t": appOf("tenant")}
	mustApply(t, tf, app)
	w.Inject(emulator.Fault{Method: "PostKeys", Skip: 1, Kind: "cut_after"})
	want := with(app, acctest.Resources{"clarifai_app_key.k": keyOf("tenant", "k", "Predict")})
	err := tf.Apply(want)
	keys := w.Keys(w.UserID(), "tenant")
	if len(keys) != 2 {
		t.Fatalf("%d keys were created", len(keys))
	}
	checkFails(t, err, "cannot be determined", "import", cli.Fingerprint(keys[0].ID), cli.Fingerprint(keys[1].ID))
	if strings.Contains(err.Error(), keys[0].ID) || strings.Contains(err.Error(), keys[1].ID) {
		t.Error("a key was printed")
	}
	if err := w.DeleteKey(keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := tf.Import("clarifai_app_key.k", w.UserID()+"/tenant/"+cli.Fingerprint(keys[1].ID)); err != nil {
		t.Fatal(err)
	}
	checkSteady(t, w, tf, want)
	checkDestroy(t, w, tf)
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
