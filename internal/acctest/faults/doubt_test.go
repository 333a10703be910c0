package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccFaults_anotherAccount plans and applies an existing state with what
// does not belong to its account: that is an error, and nothing is removed.
func TestAccFaults_anotherAccount(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	stranger := w.AddUser("stranger")
	tf := attached(t, w)
	config := tenants(4, "")
	tf.configure(w.Config(config))
	tf.apply()
	settled(t, tf, w)
	for name, wrong := range map[string]struct{ config, says string }{
		"the PAT of another account": {w.ConfigAs(w.UserID(), stranger, config), "does not answer for this PAT"},
		"another account with its PAT": {
			w.ConfigAs("stranger", stranger, config), "does not answer for this PAT"},
		"a PAT that was revoked": {w.ConfigAs(w.UserID(), emulator.NewSecret(), config), "does not accept the credential"},
		"another owner in the configuration": {
			w.Config(strings.ReplaceAll(config, "for_each ", "user_id = \"stranger\"\n  for_each ")), "stranger"},
		"an owner that does not exist": {
			w.Config(strings.ReplaceAll(config, "for_each ", "user_id = \"nobody\"\n  for_each ")), "nobody"},
	} {
		tf.configure(wrong.config)
		for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"apply", "-refresh-only", "-auto-approve"}} {
			if slices.Contains(command, "-refresh-only") && strings.Contains(name, "owner") {
				continue // a refresh does not look at the configuration
			}
			out, code := tf.run(append(command, "-input=false")...)
			if code != 1 {
				t.Errorf("%s: %v ended with %d:\n%s", name, command, code, out)
				continue
			}
			says(t, unwrapped(out), wrong.says)
		}
		accounted(t, tf, w)
		if w.LiveKeys() != 8 {
			t.Fatalf("%s: %d keys are left", name, w.LiveKeys())
		}
	}
	tf.configure(w.Config(config))
	settled(t, tf, w)
	gone(t, tf, w)
}

// TestAccFaults_moreOfTheSame adds keys with the words of existing ones while
// answers are lost and the account's listing does not show all that was there.
func TestAccFaults_moreOfTheSame(t *testing.T) {
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
			tf := attached(t, w)
			tf.configure(w.Config(config(14)))
			tf.apply()
			known(t, tf, w, 14)
			aged(t, w)
			tf.configure(w.Config(config(28)))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_before", Times: 4}, "PostKeys")
			inject(w, emulator.Fault{Kind: "truncate", Times: 2}, "PostKeys")
			tf.apply()
			known(t, tf, w, 28)
			if plan := tf.planned(); plan != "" {
				t.Error(plan)
			}
			tf.configure(w.Config(config(4)))
			inject(w, emulator.Fault{Kind: "cut_after", Times: 4}, "DeleteKey")
			tf.apply()
			known(t, tf, w, 4)
			gone(t, tf, w)
		})
	}
}

// aged makes all keys an hour old. Of one that is seconds old and that the
// account's listing lacks, nobody could tell whether it was there before.
func aged(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, k := range w.Keys(w.UserID(), "") {
		if err := w.EditKey(k.ID, func(k *emulator.Key) { k.CreatedAt = k.CreatedAt.Add(-time.Hour) }); err != nil {
			t.Fatal(err)
		}
	}
}

// known checks that the state knows n different keys, which are all live and,
// but for those that come with an app, all that there are.
func known(t *testing.T, tf *terraform, w *acctest.World, n int) {
	t.Helper()
	var live []string
	for _, k := range w.Keys(w.UserID(), "") {
		if slices.Equal(k.Scopes, []string{"Predict"}) {
			live = append(live, fingerprint(k.ID))
		}
	}
	slices.Sort(live)
	if got := tf.fingerprints(); len(slices.Compact(slices.Clone(got))) != n || !slices.Equal(got, live) {
		t.Fatalf("%d keys wanted, the state has %d, Clarifai %d:\n%v\n%v", n, len(got), len(live), got, live)
	}
	noKeyInURL(t, w)
}

// TestAccFaults_almostAlike makes keys whose words are told apart by spelling,
// or by what the server may add, while the answers are slow and some are lost.
func TestAccFaults_almostAlike(t *testing.T) {
	t.Parallel()
	for _, s := range []emulator.Switches{{}, {Scopes: "expanded", ScopeNames: "underscore"}} {
		t.Run("scopes "+s.Scopes, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			tf := attached(t, w)
			tf.configure(w.Config(`
locals {
  words = [
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
  scopes    = local.words[count.index].scopes
  endpoints = local.words[count.index].endpoints
}
`))
			// Cut at once, while the others' keys are there but not answered yet.
			inject(w, emulator.Fault{Kind: "cut_before", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "cut_after", Skip: 1}, "PostKeys")
			inject(w, emulator.Fault{Kind: "latency_after", Latency: 500 * time.Millisecond, Times: -1}, "PostKeys")
			tf.apply()
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}

// TestAccFaults_movedHalfway renames an app whose keys do not follow it, and
// loses the answers of what is made and deleted in their place.
func TestAccFaults_movedHalfway(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut_after", "cut_before", "invalid_json"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameKeys: "dropped", RenameOld: "moved"}})
			clock := newHurried(200)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			tf := attached(t, w)
			tf.configure(w.Config(fleet("one", "")))
			tf.apply()
			tf.configure(w.Config(fleet("two", "-renamed")))
			inject(w, emulator.Fault{Kind: kind, Times: 2}, "PatchAppsIds", "ListAppKeys", "PostKeys", "DeleteKey")
			tf.apply()
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}
