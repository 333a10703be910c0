package appkey_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// recreated is an app and two keys of it, one of which the state does not store.
func recreated(owner, more string) string {
	return "resource \"clarifai_app\" \"t\" {\n  id = \"tenant\"\n" + owner + "}\n" +
		of("clarifai_app.t.id", "user_id = clarifai_app.t.user_id\nscopes = [\"Predict\"]\n"+more) +
		"resource \"clarifai_app_key\" \"hidden\" {\n  app_id = clarifai_app.t.id\n  user_id = clarifai_app.t.user_id\n  scopes = [\"Search\"]\n  store_key = false\n}\n"
}

// TestAccAppKey_appIsRecreated replaces an app in each way: one apply leaves its
// keys alive, in the new app.
func TestAccAppKey_appIsRecreated(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{"-replace": {}, "taint, late listing": {DeleteLag: 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: s})
			ws, apply := clitest.InProcess(t, w), []string{"apply", "-auto-approve", "-no-color"}
			ws.Write("main.tf", recreated("", ""))
			ws.Must(apply...)
			if name == "-replace" {
				ws.Write("main.tf", recreated("", "description = \"changed\""))
				apply = append(apply, "-replace=clarifai_app.t")
			} else {
				ws.Must("taint", "clarifai_app.t")
			}
			apitest.Says(t, ws.Must(apply...).Output, "1 to add, 2 to change, 1 to destroy")
			apitest.Equal(t, w.LiveKeys(), 2, "living keys")
			apitest.Equal(t, w.Count("PostKeys"), 4, "keys created")
			ws.CheckSettled()
			ws.Must("destroy", "-auto-approve")
		})
	}
}

// TestAccAppKey_appMayNotBeRecreated: an app that holds something is not replaced in any way,
// and its keys outlive the attempt, also if the app holds it only since the plan.
func TestAccAppKey_appMayNotBeRecreated(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	ws := clitest.InProcess(t, w)
	ws.Write("main.tf", recreated("", ""))
	ws.Must("apply", "-auto-approve")
	ws.Must("plan", "-replace=clarifai_app.t", "-out=plan")
	must(t, w.SetCounts(w.UserID(), "tenant", emulator.Counts{Models: 2}))
	apitest.Fails(t, ws.Run("apply", "plan").Err)
	ws.CheckSettled()
	ws.Must("apply", "-auto-approve", "-refresh=false") // obeys the note of the plan that failed
	refused := func(name string, args ...string) {
		r := ws.Run(append(args, "-no-color")...)
		apitest.Fails(t, r.Err)
		apitest.Says(t, name+": "+clitest.Unwrapped(r.Output), "holds 0 inputs, 0 datasets, 2 models", "terraform untaint")
	}
	refused("-replace", "plan", "-replace=clarifai_app.t")
	ws.Must("taint", "clarifai_app.t")
	refused("taint", "plan")
	ws.Must("untaint", "clarifai_app.t") // as the error says
	ws.CheckSettled()
	ws.Write("main.tf", recreated("user_id = \"acme\"\n", ""))
	refused("a new owner", "plan")
	apitest.Equal(t, w.Count("PostKeys"), 2, "keys created")
	ws.Write("main.tf", recreated("force_destroy = true\n", ""))
	ws.Must("apply", "-auto-approve")
	ws.Must("apply", "-auto-approve", "-replace=clarifai_app.t")
	w.CheckKeys(t, 2)
}

// TestAppKey_doesNotFollowOwner: a key that stays with the old owner of a replaced app would
// end in no app at all.
func TestAppKey_doesNotFollowOwner(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	e, follows := w.NewEstate(t), acctest.Ref{Address: "clarifai_app.t", Attribute: "user_id"}
	owned := func(owner string, more attributes) acctest.Resources {
		want := inTenant(predict, more)
		want["clarifai_app.t"]["user_id"] = owner
		return want
	}
	const refused = "user_id = clarifai_app.NAME.user_id"
	e.Follow(
		acctest.Step{Want: inTenant(predict), Plan: createBoth},
		acctest.Step{Want: owned("acme", nil), Fails: refused},
		acctest.Step{Want: owned("acme", attributes{"user_id": follows}), Plan: "replace app.t, update app_key.k", New: "app_key.k", After: func() { w.CheckKeys(t, 1) }},
		acctest.Step{Want: owned(w.UserID(), nil), Fails: refused}, // and so is a destroy with that in the configuration
	)
}

const hasSuchKey = "The app already has such a key"

// TestAppKey_forgotten plans a key again that the state has forgotten: the plan says which
// key there is, and the import that it advises keeps it.
func TestAppKey_forgotten(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	want := func(description string, scopes ...string) acctest.Resources {
		return inTenant(attributes{"description": description, "scopes": scopes})
	}
	planned := func(e *acctest.Estate, r acctest.Resources) string {
		_, err := e.Plan(r)
		must(t, err)
		return e.Said()
	}
	same := want("CANARY", "Inputs:Add", "Inputs:Get")
	forgets, e := w.NewEstate(t), w.NewEstate(t)
	apitest.SaysNot(t, planned(forgets, same), hasSuchKey)
	must(t, forgets.Apply(same))
	must(t, e.Import("clarifai_app.t", w.UserID()+"/tenant"))
	id := w.UserID() + "/tenant/" + fingerprint(w.Keys(w.UserID(), "tenant")[0].ID)
	if _, warning, _ := strings.Cut(planned(e, same), hasSuchKey+": "+id); !strings.Contains(warning, "terraform import ADDRESS "+id) || strings.Contains(warning, "CANARY") {
		t.Errorf("the plan does not name %s, or quotes the description: %s", id, warning)
	}
	for _, other := range []acctest.Resources{want("CANARY two", "Inputs:Add", "Inputs:Get"), want("CANARY", "Inputs:Delete", "Inputs:Get")} {
		apitest.SaysNot(t, planned(e, other), hasSuchKey)
	}
	same[address]["store_key"] = false
	apitest.Says(t, planned(e, same), "terraform import ADDRESS "+id+",store_key=false", "of a tainted key, delete the key in Clarifai")
	delete(same[address], "store_key")
	must(t, e.Import(address, id))
	like := emulator.Key{Description: "CANARY", Scopes: []string{"Inputs:Get"}}
	killed := w.MakeKey(t, like) // in a run that was to replace the key
	like.CreatedAt = time.Now().AddDate(-1, 0, 0)
	older := w.MakeKey(t, like)
	said := planned(e, want("CANARY", "Inputs:Get"))
	apitest.Says(t, said, hasSuchKey, killed+". If no other resource or state has that key, a run that was killed", "terraform show does not show its ID")
	apitest.SaysNot(t, said, older)
	e.Follow(acctest.Step{Want: same, Same: "app_key.k"})
	apitest.Equal(t, w.Count("PostKeys"), 1, "keys created")
}

// TestAppKey_notForgotten: the keys of other resources, and those that a replacement
// replaces, however it is asked for, are no reason to warn.
func TestAppKey_notForgotten(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	keys := func(n int, month string) acctest.Resources {
		r := inTenant()
		delete(r, address)
		for i := range n {
			r[fmt.Sprint("clarifai_app_key.", i)] = inTenant(predict, attributes{"keepers": map[string]string{"month": month}})[address]
		}
		return r
	}
	e := w.NewEstate(t)
	must(t, e.Apply(keys(3, "11")))
	for name, want := range map[string]acctest.Resources{"more of them": keys(4, "11"), "replaced by keepers": keys(3, "12")} {
		apitest.Equal(t, e.Changes(want) == "", false, "nothing is planned:", name)
		apitest.SaysNot(t, name+": "+e.Said(), hasSuchKey)
	}
	p := w.Process(t) // -replace and a taint: what was read is planned again as a new one
	for of := range keys(3, "11") {
		p.Refresh(e.Stored(of))
	}
	for _, of := range []*acctest.Stored{e.Stored("clarifai_app_key.0"), {Type: "clarifai_app_key"}} {
		apitest.SaysNot(t, p.PlanOnly(of, keys(3, "11")["clarifai_app_key.0"]).Said.String(), hasSuchKey)
	}
	must(t, e.Apply(keys(4, "11")))
	apitest.SaysNot(t, e.Said(), hasSuchKey)
	w.CheckKeys(t, 4)
}

// TestAppKey_withoutApp: a new key whose app neither exists nor is planned would fail the apply,
// and the plan says so.
func TestAppKey_withoutApp(t *testing.T) {
	t.Parallel()
	const without = "An app key without an app"
	w := acctest.Start(t, emulator.Options{})
	e, other := w.NewEstate(t), w.NewEstate(t)
	warns := func(name string, e *acctest.Estate, want acctest.Resources, warned bool) {
		t.Helper()
		_, err := e.Plan(want)
		must(t, err)
		apitest.Equal(t, strings.Contains(e.Said(), without), warned, name)
	}
	named := func(app string) acctest.Resources {
		return acctest.Resources{address: inTenant(predict, attributes{"app_id": app})[address]}
	}
	referring := func() acctest.Resources {
		return inTenant(predict, attributes{"app_id": acctest.Ref{Address: "clarifai_app.t", Attribute: "id"}})
	}
	renamed := referring()
	renamed["clarifai_app.t"]["id"], renamed["clarifai_app_key.2"] = "renamed", renamed[address]
	warns("no such app", e, named("tenant"), true)
	apitest.Says(t, e.Apply(named("tenant")).Error(), "has no app \"tenant\"")
	warns("a planned app", e, referring(), false)
	must(t, e.Apply(referring()))
	warns("an app of another state", other, named("tenant"), false)
	warns("an app that the plan renames", e, renamed, false)
	warns("no app of the new name", other, named("renamed"), true)
	elsewhere := inTenant(predict, attributes{"app_id": "nowhere"})
	warns("a move to no app", e, elsewhere, true)
	apitest.Says(t, e.Apply(elsewhere).Error(), "has no app \"nowhere\"")
	w.Inject(emulator.Fault{Kind: "cut_before", Times: -1})
	warns("no answer", w.NewEstate(t), named("nowhere"), false)
}
