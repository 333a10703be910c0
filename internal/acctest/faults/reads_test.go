package faults_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_readsFail plans while every read fails for a while: of few apps,
// which are read one by one, and of more, for which the account is listed. One key
// was deleted outside Terraform, so the plan also has to verify the account.
func TestAccFaults_readsFail(t *testing.T) {
	t.Parallel()
	for n, reads := range map[int][]string{
		2: {"ListAppKeys", "GetApp", "MyScopesUser"},
		4: {"ListKeys", "ListAppKeys", "ListApps", "MyScopesUser"},
	} {
		t.Run(fmt.Sprint(n, " apps"), func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			clock := speedUp(w, 200)
			tf := newTerraform(t, w)
			tf.configure(anyOwner(w.Config(tenants(n, ""))))
			inject(w, emulator.Fault{Kind: "html", Times: 3}, "GetUser")
			tf.apply()
			checkNoChanges(t, tf, w)
			if err := w.DeleteKey(w.Keys(w.UserID(), "tenant-00")[0].ID); err != nil {
				t.Fatal(err)
			}
			for name, fault := range transientFaults(clock.Now()) {
				for _, fault.Times = range []int{1, 3} {
					w.Reset()
					inject(w, fault, reads...)
					if plan := tf.plan(); plan != "Plan: 1 to add, 0 to change, 0 to destroy." {
						t.Errorf("%s, %d times: %q", name, fault.Times, plan)
					}
					checkURLs(t, w.URL)
					for _, method := range reads {
						if called := w.Count(method); called <= fault.Times {
							t.Errorf("%s, %d times: %s was called %d times, so the fault had no effect", name, fault.Times, method, called)
						}
					}
				}
			}
			tf.apply()
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}

// TestAccFaults_readsFailForGood applies while reads fail until the provider gives
// up: that is an error, and nothing leaves the state.
func TestAccFaults_readsFailForGood(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	speedUp(w, 200)
	w.Tune(func(cfg *clarifai.Config) { cfg.MaxRetries = 2 })
	tf := newTerraform(t, w)
	tf.configure(w.Config(tenants(4, "")))
	tf.apply()
	checkNoChanges(t, tf, w)
	if err := w.DeleteKey(w.Keys(w.UserID(), "tenant-00")[0].ID); err != nil {
		t.Fatal(err)
	}
	before := tf.fingerprints()
	for _, method := range []string{"ListKeys", "ListAppKeys", "ListApps", "MyScopesUser"} {
		w.Inject(emulator.Fault{Method: method, Kind: "status", HTTPStatus: 500, Times: 3})
		out := tf.applyFails()
		if !strings.Contains(out, method) || !strings.Contains(out, "after 3 attempts") {
			t.Errorf("%s: %s", method, out)
		}
		if now := tf.fingerprints(); len(now) != len(before) {
			t.Errorf("%s: the state had %d keys and has %d", method, len(before), len(now))
		}
	}
	tf.apply()
	checkNoChanges(t, tf, w)
	checkDestroy(t, tf, w)
}

// TestAccFaults_listings runs the lifecycle of a fleet where the account's listing
// is refused or incomplete, where pages shift while they are read, and where
// listings still have what was deleted.
func TestAccFaults_listings(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"refused":    {AccountListing: "refused"},
		"incomplete": {AccountListing: "incomplete"},
		"shifting":   {ShiftingPages: true, ListingOrder: "shuffle"},
		"lagging":    {DeleteLag: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			tf := newTerraform(t, w)
			config := func(scope string) string { return strings.ReplaceAll(w.Config(tenants(4, "")), "Inputs:Get", scope) }
			tf.configure(config("Inputs:Get"))
			tf.apply()
			checkNoChanges(t, tf, w)

			// Replace all keys, while answers are lost.
			tf.configure(config("Concepts:Get"))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys", "DeleteKey")
			inject(w, emulator.Fault{Kind: "cut_before", Times: 2}, "PostKeys", "DeleteKey")
			tf.apply()
			checkNoChanges(t, tf, w)

			checkDestroy(t, tf, w)
			tf.apply() // the same IDs again
			checkNoChanges(t, tf, w)
			checkDestroy(t, tf, w)
		})
	}
}
