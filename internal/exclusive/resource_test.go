package exclusive_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeysExclusive_life follows an app whose keys are all managed, under every setting of
// what is not known of the API: the run that creates it leaves no default key, and whatever is
// added later is shown and then revoked.
func TestAppKeysExclusive_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		one := func() { w.CheckKeys(t, 1) }
		w.NewEstate(t).Follow(
			acctest.Step{Want: managed("tenant", "k"), Plan: "create app.t, create app_key.k, create app_keys_exclusive.e", After: one},
			acctest.Step{
				Before: func() { w.MakeKey(t, emulator.Key{Description: "by hand", Scopes: []string{"All"}}) },
				Want:   managed("tenant", "k"), Plan: "update app_keys_exclusive.e", Same: "app_key.k", After: one,
			},
		)
	})
}

// ref is an attribute of another resource.
func ref(address, attribute string) acctest.Ref {
	return acctest.Ref{Address: address, Attribute: attribute}
}

// rotates is the name of a key that is a rotating one, if it is alone.
const rotates = "rotates"

// managed is an app, keys of it by name, and a set that names these.
func managed(app string, names ...string) acctest.Resources {
	ids, r := []any{}, acctest.Resources{"clarifai_app.t": {"id": app}}
	of := map[string]any{"app_id": ref("clarifai_app.t", "id"), "user_id": ref("clarifai_app.t", "user_id")}
	for _, name := range names {
		address := "clarifai_app_key." + name
		ids = append(ids, ref(address, "id"))
		r[address] = with(of, map[string]any{"description": name, "scopes": []string{"Predict"}})
	}
	r[theSetAddress] = with(of, map[string]any{"key_ids": ids, "allow_none": len(ids) == 0})
	if slices.Equal(names, []string{rotates}) {
		address := rotatingType + "." + rotates
		r[address] = with(r["clarifai_app_key."+rotates], map[string]any{"rotation_period": "90d"})
		delete(r, "clarifai_app_key."+rotates)
		r[theSetAddress]["key_ids"] = ref(address, "key_ids")
	}
	return r
}

const theSetAddress = setType + ".e"

// tenants is an account whose apps, keys and sets an estate manages.
type tenants struct {
	account
	*acctest.Estate
}

func newTenants(t *testing.T, s emulator.Switches) tenants {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: s})
	w.AddOrganization("acme", w.UserID())
	return tenants{account{t, w}, w.NewEstate(t)}
}

// apply applies, and checks which keys are alive.
func (e tenants) apply(want acctest.Resources, alive ...string) {
	e.t.Helper()
	must(e.t, e.Apply(want))
	e.alive(alive...)
}

// settles applies, and checks which keys are alive and that the next plan is empty.
func (e tenants) settles(want acctest.Resources, alive ...string) {
	e.t.Helper()
	e.apply(want, alive...)
	e.CheckSettled(want)
}

// refuses checks that the plan is an error that says this.
func (e tenants) refuses(want acctest.Resources, heading string) {
	e.t.Helper()
	if _, err := e.Plan(want); err == nil {
		e.t.Error("the plan succeeds")
	}
	says(e.t, e.Said(), heading, "terraform destroy -refresh=false")
}

// TestAppKeysExclusive_renamed renames the app in each way: nothing is revoked in the same
// apply, whatever the plan before has shown.
func TestAppKeysExclusive_renamed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"not found": {}, "moved": {RenameOld: "moved"}, "lagging": {RenameLag: 200 * time.Millisecond}, "dropped keys": {RenameKeys: "dropped"},
	} {
		for _, key := range []string{"k", rotates} {
			t.Run(name+", "+key, func(t *testing.T) {
				t.Parallel()
				e, want := newTenants(t, s), managed("renamed", key)
				e.apply(managed("tenant", key), key)
				e.hand("by hand")
				if s.RenameKeys == "dropped" {
					e.apply(want, key)
				} else {
					e.apply(want, key, "by hand")
				}
				saysNot(t, e.Said(), "None of the keys")
				e.settles(want, key)
				must(t, e.w.RenameApp(e.w.UserID(), "renamed", "outside"))
				if s.RenameOld == "moved" { // else the app counts as gone
					saysNot(t, e.Changes(want), "create")
					e.settles(want, key)
				}
			})
		}
	}
}

// TestAppKeysExclusive_replaced finds the app gone, or replaces it: one apply leaves the
// managed key and no default key in it.
func TestAppKeysExclusive_replaced(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{"", "acme"} {
		for _, key := range []string{"k", rotates} {
			e, want := newTenants(t, emulator.Switches{DefaultKey: true}), managed("tenant", key)
			e.apply(want, key)
			e.hand("by hand")
			if owner == "" {
				must(t, e.w.DeleteApp(e.w.UserID(), "tenant"))
			} else {
				want["clarifai_app.t"]["user_id"] = owner
			}
			must(t, e.Apply(want))
			apitest.Equal(t, e.w.LiveKeys(), 1, "living keys", owner)
			apitest.Equal(t, e.Changes(want), "", "the next plan", owner)
			must(t, e.Destroy())
			must(t, e.w.NothingLeft(nil))
		}
	}
}

// TestAppKeysExclusive_concurrentKeys: in a new app, keys that the same apply creates are
// not revoked, even if the set does not name them and their creation is answered late.
func TestAppKeysExclusive_concurrentKeys(t *testing.T) {
	t.Parallel()
	e, want := newTenants(t, emulator.Switches{DefaultKey: true}), managed("tenant", "0", "1", "2", "3", "4", "5")
	want[theSetAddress] = managed("tenant")[theSetAddress]
	for n := range 7 {
		e.w.Inject(emulator.Fault{Method: "PostKeys", Kind: "latency_after", Skip: n, Latency: 300 * time.Millisecond})
	}
	e.apply(want, "0", "1", "2", "3", "4", "5")
	says(t, e.Said(), "may lack keys that Terraform manages")
	e.refuses(want, lacks)
}

// TestAppKeysExclusive_adopted: an app that was only found after a lost answer may be
// somebody else's. What it holds is shown before it is revoked.
func TestAppKeysExclusive_adopted(t *testing.T) {
	t.Parallel()
	e, want := newTenants(t, emulator.Switches{DefaultKey: true}), managed("tenant", "k")
	e.w.Inject(emulator.Fault{Method: "PostApps", Kind: "cut_after"})
	must(t, e.Apply(want))
	e.w.CheckKeys(t, 2)
	apitest.Equal(t, e.Changes(want), "update app_keys_exclusive.e", "the next plan")
	e.settles(want, "k")
}

// TestAppKeysExclusive_leaves: a key that leaves key_ids while Terraform still manages it is
// an error of the plan, which each remedy that the error names resolves.
func TestAppKeysExclusive_leaves(t *testing.T) {
	t.Parallel()
	e, both := newTenants(t, emulator.Switches{}), managed("tenant", "k", "l")
	e.settles(both, "k", "l")
	left := managed("tenant", "k", "l")
	left[theSetAddress] = managed("tenant", "k")[theSetAddress]
	e.refuses(left, lacks)
	e.settles(both, "k", "l")
	e.settles(managed("tenant", "k"), "k") // and the resource of the key is gone as well
}

// TestAppKeysExclusive_twice: two resources for one app are an error of the plan, and to
// remove one resolves it.
func TestAppKeysExclusive_twice(t *testing.T) {
	t.Parallel()
	e, twice, once := newTenants(t, emulator.Switches{}), managed("tenant", "k", "l"), managed("tenant", "k", "l")
	twice[setType+".other"] = twice[theSetAddress]
	e.apply(twice, "k", "l")
	says(t, e.Said(), fmt.Sprintf("WARNING: Two sets of exclusive keys for %s/tenant", e.w.UserID()))
	e.refuses(twice, twoSets)
	e.settles(once, "k", "l")
}

// TestAccAppKeysExclusive_createBeforeDestroy replaces a key whose successor is created
// first: when the set is applied, the old one is still alive, and Terraform revokes it
// itself. Then it replaces what has not changed.
func TestAccAppKeysExclusive_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws, e := clitest.InProcess(t, w), account{t, w}
	write := func(round string) {
		ws.Write("main.tf", `
provider "clarifai" {
  max_retries = 1
}
resource "clarifai_app" "t" {
  id = "tenant"
}
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "managed"
  scopes      = ["Predict"]
  keepers     = { round = "`+round+`" }
  lifecycle {
    create_before_destroy = true
  }
}
resource "clarifai_app_keys_exclusive" "e" {
  app_id  = clarifai_app.t.id
  key_ids = [clarifai_app_key.k.id]
}
`)
	}
	run := func(args ...string) string { return clitest.Unwrapped(ws.Must(append(args, "-no-color")...).Output) }
	write("1")
	run("apply", "-auto-approve")
	old := e.hand("by hand")
	write("2")
	says(t, run("plan"), `- "`+old+`" = "by hand"`, "} -> (known after apply)")
	run("apply", "-auto-approve")
	e.alive("managed")
	says(t, run("plan", "-refresh=false"), "No changes")
	apitest.Equal(t, w.Count("DeleteKey"), 2, "revocations")
	ws.CheckSettled()
	write("3")
	w.Inject(emulator.Fault{Method: "DeleteKey", Kind: "status", HTTPStatus: 400, Code: 11102}) // of the deposed key
	apitest.Fails(t, ws.Run("apply", "-auto-approve", "-no-color").Err)
	e.alive("managed", "managed")
	run("apply", "-auto-approve") // Terraform revokes it, and the set may as well
	e.alive("managed")
	ws.CheckSettled()
	saysNot(t, run("plan", "-replace=clarifai_app_key.k"), "that Terraform manages")
	saysNot(t, run("apply", "-auto-approve", "-replace="+theSetAddress), "Two sets")
	ws.CheckSettled()
}
