package faults_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// tenants is a configuration of n apps with two keys each.
func tenants(n int, hcl string) string {
	return fmt.Sprintf(`
locals {
  tenants = [for i in range(%d) : format("tenant-%%02d", i)]
  keys    = merge([for t in local.tenants : { for k in ["reader", "writer"] : "${t}/${k}" => { app = t, use = k } }]...)
}

resource "clarifai_app" "t" {
  for_each = toset(local.tenants)
  id       = each.key
}

resource "clarifai_app_key" "k" {
  for_each    = local.keys
  app_id      = clarifai_app.t[each.value.app].id
  description = each.value.use
  scopes      = ["Inputs:Get"]
}
%s`, n, hcl)
}

// anyOwner leaves it to the provider to find out whose the PAT is.
func anyOwner(config string) string {
	var kept []string
	for line := range strings.Lines(config) {
		if !strings.HasPrefix(line, "  user_id ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestAccFaults_reads plans while everything that is read goes wrong: few apps,
// which are read singly, and more, for which the account is listed. One key was
// deleted outside, so that the plan has also to ask whether that can be believed.
func TestAccFaults_reads(t *testing.T) {
	t.Parallel()
	for n, reads := range map[int][]string{
		2: {"ListAppKeys", "GetApp", "MyScopesUser"},
		4: {"ListKeys", "ListAppKeys", "ListApps", "MyScopesUser"},
	} {
		t.Run(fmt.Sprint(n, " apps"), func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			clock := newHurried(200)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			tf := attached(t, w)
			tf.configure(anyOwner(w.Config(tenants(n, ""))))
			inject(w, emulator.Fault{Kind: "html", Times: 3}, "GetUser")
			tf.apply()
			settled(t, tf, w)
			if err := w.DeleteKey(w.Keys(w.UserID(), "tenant-00")[0].ID); err != nil {
				t.Fatal(err)
			}
			for name, fault := range bad() {
				for _, fault.Times = range []int{1, 3} {
					w.Reset()
					inject(w, fault, reads...)
					if plan := tf.planned(); plan != "Plan: 1 to add, 0 to change, 0 to destroy." {
						t.Errorf("%s, %d times: %q", name, fault.Times, plan)
					}
					noKeyInURL(t, w)
					for _, method := range reads {
						if asked := w.Count(method); asked <= fault.Times {
							t.Errorf("%s, %d times: %s was asked %d times, so the fault did not strike", name, fault.Times, method, asked)
						}
					}
				}
			}
			tf.apply()
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}

// TestAccFaults_readsGivenUp plans while reads fail for good: that is an error,
// and nothing is believed gone.
func TestAccFaults_readsGivenUp(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	clock := newHurried(200)
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock, cfg.MaxRetries = clock, 2 })
	tf := attached(t, w)
	tf.configure(w.Config(tenants(4, "")))
	tf.apply()
	settled(t, tf, w)
	if err := w.DeleteKey(w.Keys(w.UserID(), "tenant-00")[0].ID); err != nil {
		t.Fatal(err)
	}
	known := tf.fingerprints()
	for _, method := range []string{"ListKeys", "ListAppKeys", "ListApps", "MyScopesUser"} {
		w.Inject(emulator.Fault{Method: method, Kind: "status", HTTPStatus: 500, Times: 3})
		out := tf.applyFails()
		if !strings.Contains(out, method) || !strings.Contains(out, "after 3 attempts") {
			t.Errorf("%s: %s", method, out)
		}
		if now := tf.fingerprints(); len(now) != len(known) {
			t.Errorf("%s: the state had %d keys and has %d", method, len(known), len(now))
		}
	}
	tf.apply()
	settled(t, tf, w)
	gone(t, tf, w)
}

// TestAccFaults_listings goes through a fleet's life where the account's
// listing is refused or lacks keys, where pages shift while they are read, and
// where deleted things stay in listings.
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
			tf := attached(t, w)
			config := func(scope string) string { return strings.ReplaceAll(w.Config(tenants(4, "")), "Inputs:Get", scope) }
			tf.configure(config("Inputs:Get"))
			tf.apply()
			settled(t, tf, w)

			// Replace all keys, while answers are lost.
			tf.configure(config("Concepts:Get"))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys", "DeleteKey")
			inject(w, emulator.Fault{Kind: "cut_before", Times: 2}, "PostKeys", "DeleteKey")
			tf.apply()
			settled(t, tf, w)

			gone(t, tf, w)
			tf.apply() // the same ids again
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}
