package faults_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
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
		must(t, w.EditKey(k.ID, func(k *emulator.Key) { k.CreatedAt = k.CreatedAt.Add(-time.Hour) }))
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
