package faults_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestFaults_readsFail plans while each read fails for a while, and applies while it fails
// until the provider gives up, which is an error: of few apps, which are read one by one, and of
// more, for which the account is listed. One key was deleted outside Terraform, so the plan
// also has to verify the account. Nothing leaves the state.
func TestFaults_readsFail(t *testing.T) {
	t.Parallel()
	for n, reads := range map[int][]string{
		2: {"ListAppKeys", "GetApp", "MyScopesUser"},
		4: {"ListKeys", "ListAppKeys", "ListApps", "MyScopesUser"},
	} {
		t.Run(fmt.Sprint(n, " apps"), func(t *testing.T) {
			t.Parallel()
			w, _ := start(t, emulator.Switches{}, 200)
			retries(w, 2)
			w.Settings = map[string]any{"user_id": nil}
			tf, want := w.NewEstate(t), tenants(n, "Inputs:Get")
			inject(w, emulator.Fault{Kind: "html", Times: 2}, "GetUser")
			mustApply(t, tf, want)
			checkSteady(t, w, tf, want)
			deleteOne(t, w)
			for _, method := range reads {
				fault := emulator.Fault{Method: method, Kind: "status", HTTPStatus: http.StatusInternalServerError, Times: 2}
				w.Reset()
				w.Inject(fault)
				apitest.Equal(t, tf.Changes(want), "create app_key.tenant-00-reader", "changes while it fails twice:", method)
				if called := w.Count(method); called <= 2 {
					t.Errorf("%s was called %d times, so the fault had no effect", method, called)
				}
				w.Inject(always(fault))
				checkFails(t, tf.Apply(want), method, "after 3 attempts")
				w.ClearFaults()
				apitest.Equal(t, len(tf.Each("clarifai_app_key", "id")), 2*n, "keys in the state", method)
			}
			mustApply(t, tf, want)
			checkSteady(t, w, tf, want)
			checkDestroy(t, w, tf)
		})
	}
}

// deleteOne deletes the reader's key of the first tenant.
func deleteOne(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, k := range w.Keys(w.UserID(), "tenant-00") {
		if k.Description == "reader" {
			must(t, w.DeleteKey(k.ID))
		}
	}
}

// drift deletes a key, and changes an app and another key.
func drift(t *testing.T, w *acctest.World) {
	t.Helper()
	deleteOne(t, w)
	err := w.EditApp(w.UserID(), "tenant-01", func(a *emulator.App) { a.Description = "by hand" })
	for _, k := range w.Keys(w.UserID(), "tenant-03") {
		if k.Description == "writer" {
			err = errors.Join(err, w.EditKey(k.ID, func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Search") }))
		}
	}
	must(t, err)
}

// TestFaults_listings runs the lifecycle of a fleet where the account's listing is
// refused or incomplete, where pages shift while they are read, and where listings
// still have what was deleted. A plan shows what changed outside Terraform, and no more.
func TestFaults_listings(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"refused":    {AccountListing: "refused"},
		"incomplete": {AccountListing: "incomplete"},
		"shifting":   {ShiftingPages: true, ListingOrder: "shuffle", PageCap: 7},
		"lagging":    {DeleteLag: 3, DefaultKey: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, want := tenants(4, "Inputs:Get"), tenants(4, "Concepts:Get")
			for _, r := range []acctest.Resources{first, want} {
				r["clarifai_app.tenant-01"]["description"] = "described"
				maps.Copy(r, identical(14))
			}
			w, tf := applied(t, s, first)
			checkSteady(t, w, tf, first)
			drift(t, w)
			apitest.Equal(t, tf.Changes(first), "create app_key.tenant-00-reader, replace app_key.tenant-03-writer, update app.tenant-01", "of what changed outside, the plan")

			// Replace all keys of the tenants and then add identical ones, while answers are lost.
			for _, more := range []acctest.Resources{nil, identical(28)} {
				ageKeys(t, w)
				inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys", "DeleteKey")
				inject(w, emulator.Fault{Kind: "cut_before", Times: 4}, "PostKeys", "DeleteKey")
				inject(w, emulator.Fault{Kind: "truncate", Times: 2}, "PostKeys")
				maps.Copy(want, more)
				mustApply(t, tf, want)
				checkSteady(t, w, tf, want)
				w.ClearFaults()
			}

			checkDestroy(t, w, tf)
			mustApply(t, tf, want) // the same IDs again
			checkSteady(t, w, tf, want)
			checkDestroy(t, w, tf)
		})
	}
}

// identical returns keys of four tenants, of which those of a tenant are identical.
func identical(n int) acctest.Resources {
	r := acctest.Resources{}
	for i := range n {
		r[fmt.Sprint("clarifai_app_key.same-", i)] = keyOf(fmt.Sprintf("tenant-%02d", i%4), "", "Predict")
	}
	return r
}

// ageKeys makes all keys an hour old. If a key is seconds old and missing from the
// account's listing, nothing shows whether it existed before.
func ageKeys(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, k := range w.Keys(w.UserID(), "") {
		must(t, w.EditKey(k.ID, func(k *emulator.Key) { k.CreatedAt = k.CreatedAt.Add(-time.Hour) }))
	}
}
