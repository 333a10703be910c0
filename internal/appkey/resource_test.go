package appkey_test

import (
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorded"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKey_life follows a key through its life under every setting of what is not
// known of the API.
func TestAppKey_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, s emulator.Switches) {
		e := w.NewEstate(t)
		scopes := []string{"Inputs:Add", "Inputs:Get", "Predict"}
		of := func(description string, scopes []string, more attributes) acctest.Resources {
			return inTenant(attributes{"description": description, "scopes": scopes}, more)
		}
		imported := func() { // nothing is to be done either
			other, want := w.NewEstate(t), of("two", scopes, nil)
			must(t, other.Import(address, w.UserID()+"/tenant/description=two"))
			delete(want, "clarifai_app.t")
			apitest.Equal(t, other.Changes(want), "", "the plan after an import")
		}
		rotated, dated := attributes{"keepers": map[string]string{"month": "12"}}, attributes{"expires_at": "2100-01-02T03:04:05Z"}
		expires := []acctest.Step{
			{Want: of("two", []string{"Predict"}, dated), Plan: "update app_key.k", New: "app_key.k"},
			{Want: of("three", []string{"Predict"}, dated), Plan: "update app_key.k", Same: "app_key.k"},
		}
		if s.ExpiresAt != "" { // ignored or refused
			expires[0].New, expires[0].Same, expires[0].Fails = "", "app_key.k", "remove (it|expires_at)"
			expires[1].Want = of("three", []string{"Predict"}, nil)
		}
		e.Follow(append([]acctest.Step{
			{Want: of("one", scopes, nil), Plan: createBoth, After: func() {
				if got := w.Process(t).Strings(e.Stored(address), "scopes"); !slices.Equal(slices.Sorted(slices.Values(got)), scopes) {
					t.Errorf("the scopes are %v", got)
				}
			}},
			{Want: of("two", scopes, nil), Plan: "update app_key.k", Same: "app_key.k", After: imported},
			{Want: of("two", []string{"Predict"}, nil), Plan: "replace app_key.k", New: "app_key.k"},
			{Want: of("two", []string{"Predict"}, attributes{"endpoints": outputs}), Plan: "replace app_key.k", New: "app_key.k"},
			{Want: of("two", []string{"Predict"}, rotated), Plan: "replace app_key.k", New: "app_key.k"},
			{Want: of("two", []string{"Predict"}, nil), Plan: "replace app_key.k", New: "app_key.k"},
		}, expires...)...)
	})
}

// TestAppKey_drift changes a key from outside, in each way, and deletes it: the plan shows it,
// and the apply leaves one key as it was asked for.
func TestAppKey_drift(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyNotFound: clarifai.CodeKeyNotFound}})
	want := inTenant(attributes{"description": "one", "scopes": []string{"Inputs:Add", "Inputs:Get", "Predict"}, "endpoints": outputs})
	step := func(f func(*emulator.Key), plan, same, other string) acctest.Step {
		return acctest.Step{Before: edit(t, w, f), Want: want, Plan: plan, Same: same, New: other, After: func() {
			keys := w.Keys(w.UserID(), "tenant")
			if len(keys) != 1 || keys[0].Description != "one" || len(keys[0].Scopes) != 3 || len(keys[0].Endpoints) != 1 {
				t.Errorf("there are %d keys, or it was not put back", len(keys))
			}
		}}
	}
	gone := func() { must(t, w.DeleteKey(w.Keys(w.UserID(), "tenant")[0].ID)) }
	replaced := func(f func(*emulator.Key)) acctest.Step { return step(f, "replace app_key.k", "", "app_key.k") }
	w.NewEstate(t).Follow(
		acctest.Step{Want: want, Plan: createBoth},
		step(func(k *emulator.Key) { slices.Reverse(k.Scopes) }, "", "app_key.k", ""),
		step(func(k *emulator.Key) { k.Description = "by hand" }, "update app_key.k", "app_key.k", ""),
		step(func(k *emulator.Key) { k.Description = "" }, "update app_key.k", "app_key.k", ""),
		replaced(func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Search") }),
		replaced(func(k *emulator.Key) { k.Scopes = []string{"All"} }),
		replaced(func(k *emulator.Key) { k.Scopes = k.Scopes[:1] }),
		replaced(func(k *emulator.Key) { k.Scopes = nil }),
		replaced(func(k *emulator.Key) { k.Endpoints = append(k.Endpoints, "/clarifai.api.V2/GetModel") }),
		replaced(func(k *emulator.Key) { k.Endpoints = nil }),
		acctest.Step{Before: gone, Want: want, Plan: "create app_key.k", New: "app_key.k", After: gone},
	)
}

// TestAppKey_texts goes through what a description can be.
func TestAppKey_texts(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ClearStrings: "honored"}})
	e := w.NewEstate(t)
	steps := []acctest.Step{{Want: inTenant(predict), Plan: createBoth}}
	for _, text := range []any{"", `text "quoted" ü`, "", "text", nil} {
		steps = append(steps, acctest.Step{
			Want: inTenant(predict, attributes{"description": text}), Plan: "update app_key.k", Same: "app_key.k",
			After: func() {
				got, set := w.Process(t).Texts(e.Stored(address))["description"]
				if set != (text != nil) || set && got != text {
					t.Errorf("the description is %q instead of %v", got, text)
				}
			},
		})
	}
	e.Follow(steps...)
}

// TestAppKey_scopes goes through the forms that scopes and endpoints take.
func TestAppKey_scopes(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	e := w.NewEstate(t)
	step := func(plan string, a attributes, want ...string) acctest.Step {
		return acctest.Step{Want: inTenant(a), Plan: plan, After: func() {
			got := w.Process(t).Strings(e.Stored(address), "scopes")
			slices.Sort(got)
			apitest.Equal(t, got, want, "scopes", a)
		}}
	}
	const updated, replaced = "update app_key.k", "replace app_key.k"
	add, none := []string{"Inputs:Add"}, []string{}
	e.Follow(
		step(createBoth, attributes{"endpoints": outputs}),
		step(updated, attributes{"endpoints": outputs, "scopes": none}),
		step(replaced, attributes{"scopes": []string{"All"}}, "All"),
		step(replaced, attributes{"scopes": []string{"Inputs_Add"}}, "Inputs_Add"),
		step("", attributes{"scopes": add}, "Inputs_Add"),
		step(updated, attributes{"scopes": add, "endpoints": none, "keepers": map[string]string{}}, "Inputs_Add"),
		step(replaced, attributes{"scopes": add, "endpoints": none, "keepers": map[string]string{"a": "b"}}, "Inputs:Add"),
		step(replaced, attributes{"scopes": add}, "Inputs:Add"),
		step(replaced, attributes{"scopes": []string{"Inputs:Delete", "Inputs:Add", "Inputs:Get"}}, "Inputs:Add", "Inputs:Delete", "Inputs:Get"),
		step(replaced, attributes{"scopes": []string{"Inputs:Delete", "Inputs:Get"}}, "Inputs:Delete", "Inputs:Get"),
	)
}

// TestAppKey_emptied: null and empty are equal in each direction, which costs no request.
func TestAppKey_emptied(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	step := func(plan string, more attributes) acctest.Step {
		return acctest.Step{Want: inTenant(attributes{"description": "x", "endpoints": outputs}, more), Plan: plan, After: func() {
			apitest.Equal(t, w.Count("PostKeys")+w.Count("PatchKeys"), 1, "writes")
		}}
	}
	none, noKeepers := []string{}, map[string]string{}
	w.NewEstate(t).Follow(
		step(createBoth, attributes{"scopes": none, "keepers": noKeepers}),
		step("update app_key.k", nil),
		step("update app_key.k", attributes{"keepers": noKeepers}),
		step("update app_key.k", attributes{"scopes": none}),
	)
}

// TestAppKey_hiddenEndpoints limits keys to endpoints that no answer shows, until one day
// answers do. From then on their absence is drift.
func TestAppKey_hiddenEndpoints(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyEndpoints: "hidden", KeyOverwrite: "whole", DefaultScopes: "all"}})
	want := func(description, method string) acctest.Resources {
		return inTenant(attributes{"description": description, "endpoints": []string{"/clarifai.api.V2/" + method}})
	}
	posts := func(n int) func() {
		return func() {
			apitest.Equal(t, w.Count("PostKeys"), n, "requests: PostKeys")
			apitest.Equal(t, w.LiveKeys(), 1, "living keys")
		}
	}
	w.Inject(emulator.Fault{Method: "PostKeys", Kind: "cut_after"})
	w.NewEstate(t).Follow(
		acctest.Step{Want: want("one", "PostInputs"), Plan: createBoth, After: posts(1)},
		acctest.Step{Want: want("two", "PostInputs"), Plan: "update app_key.k", Same: "app_key.k", After: func() {
			if k := w.Keys(w.UserID(), "tenant")[0]; len(k.Endpoints) != 1 || len(k.Scopes) != 1 {
				t.Errorf("the key has the endpoints %v and the scopes %v", k.Endpoints, k.Scopes)
			}
		}},
		acctest.Step{Want: want("two", "ListInputs"), Plan: "replace app_key.k", New: "app_key.k", After: posts(2)},
		acctest.Step{Before: func() { w.SetSwitches(emulator.Switches{}) }, Want: want("two", "ListInputs"), Plan: ""},
		acctest.Step{Before: edit(t, w, func(k *emulator.Key) { k.Endpoints = nil }), Want: want("two", "ListInputs"), Plan: "replace app_key.k", After: posts(3)},
	)
}

// TestAppKey_bareAnswers creates keys where the answer to that holds their ID alone, so
// that what Clarifai filled in has to be looked up.
func TestAppKey_bareAnswers(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{WriteAnswers: "bare", DefaultScopes: "all", Scopes: "expanded"}})
	want := func(description any) acctest.Resources {
		r := inTenant(attributes{"description": description, "scopes": []string{"Inputs:Add"}})
		r["clarifai_app_key.l"] = attributes{"app_id": "tenant", "description": description, "endpoints": []string{"/clarifai.api.V2/PostInputs"}}
		return r
	}
	const updates, both = "update app_key.k, update app_key.l", "app_key.k app_key.l"
	e, replaced := w.NewEstate(t), want(nil)
	replaced[address]["scopes"], replaced["clarifai_app_key.l"]["endpoints"] = []string{"Inputs:Get"}, []string{"/clarifai.api.V2/ListInputs"}
	e.Follow(
		acctest.Step{Want: want("one"), Plan: "create app.t, create app_key.k, create app_key.l"},
		acctest.Step{Want: want("two"), Plan: updates, Same: both},
		acctest.Step{Want: want(nil), Plan: updates, Same: both, Says: `Clarifai may be unable to clear description: .*to another text, such as "-"`, Fails: "Clarifai did not clear description"},
		acctest.Step{Want: want("three"), Plan: updates, Same: both, After: func() {
			apitest.Equal(t, e.Changes(replaced), "replace app_key.k, replace app_key.l", "changes")
			apitest.SaysNot(t, e.Said(), "unable to clear")
		}},
	)
}

// TestAppKey_storeKey keeps the secret out of state and plan, puts it in and takes it out
// again: all the time it is one and the same key.
func TestAppKey_storeKey(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	e := w.NewEstate(t)
	step := func(store bool, description, plan string) acctest.Step {
		return acctest.Step{
			Want: inTenant(predict, attributes{"store_key": store, "description": description}), Plan: plan,
			After: func() {
				if _, stored := w.Process(t).Texts(e.Stored(address))["key"]; stored != store || w.LiveKeys() != 1 || w.Count("PostKeys") != 1 {
					t.Errorf("stored is %t, %d keys live, %d were created", stored, w.LiveKeys(), w.Count("PostKeys"))
				}
			},
		}
	}
	const updated = "update app_key.k"
	e.Follow(
		step(false, "one", createBoth), step(false, "two", updated), step(true, "two", updated), step(true, "three", updated),
		step(false, "three", updated), step(true, "four", updated), step(false, "five", updated), step(false, "five", ""),
	)
}

// TestAppKey_unknownScopes takes scopes and endpoints from what is not applied yet.
func TestAppKey_unknownScopes(t *testing.T) {
	t.Parallel()
	r := plainKey(t, emulator.Switches{})
	for _, of := range []*acctest.Stored{{Type: "clarifai_app_key"}, r.stored} {
		r.want(attributes{"scopes": acctest.Unknown, "endpoints": acctest.Unknown})
		plan := r.Process(t).Plan(of, r.config)
		r.want(attributes{"scopes": []string{"Predict", "Search"}, "endpoints": outputs})
		var said acctest.Said
		if r.stored, said = r.Process(t).Apply(plan, r.config); said.Failed() {
			t.Errorf("to %s: %s", plan.Action, said)
		}
		r.expect(acctest.NoOp)
	}
	apitest.Equal(t, r.LiveKeys(), 2, "living keys")
	apitest.Equal(t, r.Count("PostKeys"), 3, "keys created")
}

// TestAppKey_severalApps gives a key access to another app as well, outside Terraform: it is
// not taken for gone, nor revoked without a look, nor imported, until it is one app's again.
func TestAppKey_severalApps(t *testing.T) {
	t.Parallel()
	for _, resourceType := range []string{"clarifai_app_key", rotatingType} {
		w := acctest.Start(t, emulator.Options{})
		w.MakeApps(t, "tenant", "other")
		k := emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "tenant", Scopes: []string{"Predict"}}
		must(t, w.PutKey(k))
		id := w.UserID() + "/tenant/" + fingerprint(k.ID)
		stored, said := w.Process(t).Import(resourceType, id+",store_key=false")
		must(t, said.Err())
		give := func(apps ...string) { must(t, w.EditKey(k.ID, func(k *emulator.Key) { k.AlsoIn = apps })) }

		give("other")
		text := "Key " + id + ": it exists, but gives access to other apps as well: [" + w.UserID() + "/other].\n\nTerraform manages keys of one app only"
		_, said = w.Process(t).Refresh(stored)
		mustSay(t, said, "ERROR: Cannot read app key: "+text)
		_, said = w.Process(t).Destroy(stored)
		mustSay(t, said, "ERROR: Cannot delete app key: "+text)
		_, said = w.Process(t).Import(resourceType, id)
		mustSay(t, said, "ERROR: Cannot import app key: "+text)
		apitest.Equal(t, w.LiveKeys(), 1, "living keys")

		give()
		read, said := w.Process(t).Refresh(stored)
		must(t, said.Err())
		if !read.Exists() {
			t.Error("the key was taken for gone")
		}
	}
}

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAccAppKey_recordedState plans over a state that an earlier version of the
// provider wrote. Each key in it has a note in private state, under the name and
// in the form that states hold; without the note, each plan is another one.
func TestAccAppKey_recordedState(t *testing.T) {
	t.Parallel()
	recording := recorded.Read(t, "testdata/recorded")
	bare := recording.WithoutPrivate(t)
	options := emulator.Options{Switches: emulator.Switches{KeyEndpoints: "hidden", DefaultScopes: "all"}}
	config := func(app, more string) string {
		return `
resource "clarifai_app_key" "defaults" {
  app_id      = "tenant"
  description = "defaults"
  endpoints   = ["/clarifai.api.V2/PostModelOutputs"]
}

resource "clarifai_app_key" "imported" {
  app_id      = "tenant"
  description = "imported"
  scopes      = ["Predict"]
` + more + `
}

resource "clarifai_app_key" "renamed_outside" {
  app_id      = "` + app + `"
  description = "renamed outside"
  scopes      = ["Predict"]
}
`
	}
	const noChange = "No changes."
	for name, c := range map[string]struct {
		config        string
		with, without string
	}{
		"as it was": { // server_defaults: Clarifai filled in the scopes and hides the endpoints
			config("after", ""), noChange, "Plan: 1 to add, 0 to change, 1 to destroy.",
		},
		"first keepers after an import": {
			config("after", "keepers = { month = \"11\" }"), "Plan: 0 to add, 1 to change, 0 to destroy.", "Plan: 2 to add, 0 to change, 2 to destroy.",
		},
		"back to the app's old name": {
			config("before", ""), "The app was renamed outside of Terraform", "Plan: 1 to add, 1 to change, 1 to destroy.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Says(t, recording.Plan(t, options, c.config), c.with)
			apitest.Says(t, bare.Plan(t, options, c.config), c.without)
		})
	}
}
