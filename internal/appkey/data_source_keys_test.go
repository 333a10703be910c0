package appkey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeysDataSource_account lists the keys of all apps of an account, however
// Clarifai shows them: no tokens, no other account's keys, no secrets.
func TestAppKeysDataSource_account(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		w.AddOrganization("organization", w.UserID())
		for _, app := range []emulator.App{{ID: "b", UserID: w.UserID()}, {ID: "a", UserID: w.UserID()}, {ID: "empty", UserID: w.UserID()}, {ID: "a", UserID: "organization"}} {
			must(t, w.PutApp(app))
		}
		for _, k := range []string{"b/first", "a/second", "b/third", "a/fourth"} {
			app, description, _ := strings.Cut(k, "/")
			must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: app, Description: description, Scopes: []string{"Predict"}}))
		}
		must(t, w.PutKey(emulator.Key{UserID: "organization", AppID: "a", Description: "theirs", Scopes: []string{"All"}}))
		w.AddPAT(w.UserID(), "Predict")
		for _, c := range []struct {
			filter map[string]any
			want   string
		}{
			{nil, "second fourth first third"},
			{map[string]any{"app_id": "a"}, "second fourth"},
			{map[string]any{"app_id": "empty"}, ""},
			{map[string]any{"user_id": "organization"}, "theirs"},
			{map[string]any{"user_id": "organization", "app_id": "a"}, "theirs"},
		} {
			state := acctest.Read(t, w.Configured(t), "clarifai_app_keys", c.filter)
			apitest.Equal(t, strings.Join(acctest.Listed(t, state["keys"], "description"), " "), c.want, c.filter)
			if holdsSecret(w, state["keys"].String()) {
				t.Error("a secret is shown")
			}
		}
	})
}

// TestAppKeysDataSource_requests lists a large account.
func TestAppKeysDataSource_requests(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	for app := range 20 {
		id := fmt.Sprintf("app-%02d", app)
		w.MakeApps(t, id)
		for range 110 {
			must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: id, Scopes: []string{"Predict"}}))
		}
	}
	state, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_keys", nil)
	if failure != "" || len(acctest.Listed(t, state["keys"], "id")) != 2200 {
		t.Fatal(failure)
	}
	apitest.Equal(t, len(w.Requests()), 4, "requests, a page per 1,000 keys and one for the end")
}

// TestAppKeysDataSource_refused lists keys of an account that does not answer, and without
// the scope for it.
func TestAppKeysDataSource_refused(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.MakeKey(t, emulator.Key{Scopes: []string{"Predict"}})
	w.Refuses(t, "clarifai_app_keys", attributes{"user_id": "nobody"}, `Cannot list app keys.*no access to the account "nobody"`)
	w.Refuses(t, "clarifai_app_keys", attributes{"app_id": "nothing"}, `has no app "?nothing.*user_id`)
	w.Refuses(t, "clarifai_app_keys", attributes{"app_id": "a", "user_id": "nobody"}, "user_id")
	w.Settings = attributes{"pat": w.AddPAT(w.UserID(), "Apps:Get", "Workflows:Get")}
	w.Refuses(t, "clarifai_app_keys", nil, `Cannot list app keys.*missing scopes: Keys:Get`)
}

// TestAppKeysDataSource_written lists what the same run has written a moment ago,
// where listings lag behind.
func TestAppKeysDataSource_written(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DeleteLag: 9}})
	server := w.Configured(t)
	expect := func(want string) {
		t.Helper()
		state := acctest.Read(t, server, "clarifai_app_keys", nil)
		apitest.Equal(t, strings.Join(acctest.Listed(t, state["keys"], "app_id"), " "), want, "keys in")
	}
	p, noKey := acctest.NewProcess(t, server), &acctest.Stored{Type: "clarifai_app_key"}
	done := func(s *acctest.Stored, said acctest.Said) *acctest.Stored {
		t.Helper()
		must(t, said.Err())
		return s
	}
	app := done(p.Apply(p.PlanOnly(&acctest.Stored{Type: "clarifai_app"}, attributes{"id": "first"}), nil))
	key := done(p.Apply(p.PlanOnly(noKey, attributes{"app_id": "first", "scopes": []string{"Predict"}}), nil))
	key = done(p.Refresh(key))
	expect("first")
	done(p.Destroy(key))
	expect("")
	done(p.Apply(p.PlanOnly(noKey, attributes{"app_id": "first", "scopes": []string{"Predict"}}), nil))
	expect("first")
	done(p.Apply(w.Process(t).PlanDestroy(app), nil))
	expect("")
}

// A key that gives access to several apps is shown as a key of each of them, with a
// warning.
func TestAppKeysDataSource_severalApps(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	k := emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "a", AlsoIn: []string{"b"}, Scopes: []string{"Inputs:Add", "Inputs:Get"}}
	w.MakeApps(t, "a", "b")
	must(t, w.PutKey(k))
	of := func(app string) string { return w.UserID() + "/" + app + "/" + fingerprint(k.ID) }
	for app, want := range map[string][]string{"": {of("a"), of("b")}, "a": {of("a")}, "b": {of("b")}} {
		config := map[string]any{}
		if app != "" {
			config["app_id"] = app
		}
		state, said := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_keys", config)
		apitest.Equal(t, acctest.Listed(t, state["keys"], "id"), want, app)
		apitest.Equal(t, acctest.Listed(t, state["keys"], "fingerprint")[0], fingerprint(k.ID), "fingerprint")
		apitest.Says(t, state["keys"].String(), `"Inputs:Add"`, `"Inputs:Get"`)
		if !strings.Contains(said, "give access to several apps: ") || strings.Contains(said, k.ID) {
			t.Errorf("%q: it says %s", app, said)
		}
	}
	state, said := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_key", map[string]any{"id": of("b")})
	if state == nil || !strings.Contains(said, "App keys of "+w.UserID()+"/b give access to several apps") {
		t.Errorf("the key is not shown: %s", said)
	}
}
