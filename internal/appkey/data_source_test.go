package appkey_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAppKeyDataSource looks keys up in each way, and fails to.
func TestAppKeyDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	id := w.MakeKey(t, emulator.Key{Description: "one", Scopes: []string{"Predict"}, Endpoints: outputs})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	for range 2 {
		w.MakeKey(t, emulator.Key{Description: "twice", Scopes: []string{"Search"}})
	}
	for _, asked := range []attributes{{"id": id}, {"app_id": "tenant", "description": "one"}} {
		state := acctest.Read(t, w.Configured(t), "clarifai_app_key", asked)
		for name, want := range map[string]string{"id": id, "key": raw, "fingerprint": fingerprint(raw), "description": "one", "user_id": w.UserID(), "app_id": "tenant"} {
			var got string
			if err := state[name].As(&got); err != nil || got != want {
				t.Errorf("%v: another %s (%v)", asked, name, err)
			}
		}
		if !slices.Equal(acctest.Strings(t, state["scopes"]), []string{"Predict"}) || !slices.Equal(acctest.Strings(t, state["endpoints"]), outputs) ||
			state["created_at"].IsNull() || !state["expires_at"].IsNull() {
			t.Errorf("%v: other scopes, endpoints or dates", asked)
		}
	}
	app := func(id, description string) attributes { return attributes{"app_id": id, "description": description} }
	for pattern, asked := range map[string]attributes{
		`Cannot read app key.*has no key with the fingerprint 0123456789abcdef`:  {"id": "emulator-user/tenant/0123456789abcdef"},
		`Cannot find app key.*No key.*has the description asked for.\s+Its keys`: app("tenant", "nothing"),
		`Cannot find app key.*Several keys have the description asked for:`:      app("tenant", "twice"),
		`emulator-user has no app "?nothing`:                                     app("nothing", "one"),
		"looks like a key: its fingerprint is " + fingerprint(raw):               {"id": raw},
		"Invalid app ID.*looks like a key":                                       app(raw, "one"),
		`user_id/app_id/fingerprint.*never the key itself`:                       {"id": "u/tenant/not a fingerprint"},
		`description`: {"app_id": "tenant"}, `app_id`: {"description": "one"},
		`id.*description|description.*id`: {"id": id, "description": "one"},
	} {
		w.Refuses(t, "clarifai_app_key", asked, pattern)
	}
	w.Refuses(t, "clarifai_app_keys", attributes{"app_id": raw}, "Invalid app ID.*looks like a key")
	w.Refuses(t, "clarifai_app", attributes{"id": raw}, "Invalid app ID.*looks like a key")
	w.MakeApps(t, raw)
	if _, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app", attributes{"id": raw}); failure != "" {
		t.Error("an app whose ID looks like a key is not read")
	}
}

// TestAppKeyDataSource_twins asks for the one key of a description where the account's
// listing shows one, and the app has two.
func TestAppKeyDataSource_twins(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{AccountListing: "incomplete"}})
	for n, descriptions := range [][]string{{"one", "other"}, {"one", "other"}, {"one", "other"}, {"twin", "twin"}} {
		id := fmt.Sprint("tenant-", n)
		w.MakeApps(t, id)
		for _, d := range descriptions {
			must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: id, Description: d, Scopes: []string{"Predict"}}))
		}
	}
	server, failures := w.Configured(t), make(chan string, 4)
	for n, description := range []string{"one", "one", "one", "twin"} { // at once, so that the account is listed
		go func() {
			_, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", attributes{"app_id": fmt.Sprint("tenant-", n), "description": description})
			failures <- failure
		}()
	}
	all := <-failures + <-failures + <-failures + <-failures
	if !regexp.MustCompile(`(?s)^Cannot find app key: .*Several keys have the description asked.*tenant-3`).MatchString(all) || strings.Count(all, "Cannot") != 1 {
		t.Error(all)
	}
}

// TestSensitive: every attribute that may hold a key is marked, so that no CLI prints it.
func TestSensitive(t *testing.T) {
	t.Parallel()
	schemas, err := acctest.Start(t, emulator.Options{}).Configured(t).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	marked := 0
	for _, kind := range []map[string]*tfprotov6.Schema{schemas.ResourceSchemas, schemas.DataSourceSchemas, schemas.EphemeralResourceSchemas} {
		for name, s := range kind {
			for _, a := range s.Block.Attributes {
				if holdsKey := a.Name == "key" || a.Name == "previous_key"; holdsKey != a.Sensitive {
					t.Errorf("%s of %s is sensitive: %t", a.Name, name, a.Sensitive)
				} else if holdsKey {
					marked++
				}
			}
		}
	}
	if marked < 5 {
		t.Errorf("only %d attributes hold keys", marked)
	}
}

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

// A key that gives access to several apps is shown as a key of each of them, with a
// warning.
func TestAppKeysDataSource_severalApps(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	k := emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "a", AlsoIn: []string{"b"}, Scopes: []string{"Inputs:Add", "Inputs:Get"}}
	w.MakeApps(t, "a", "b")
	own := emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "a", Scopes: k.Scopes}
	k.CreatedAt = time.Now().Add(-time.Hour)
	must(t, w.PutKey(k))
	must(t, w.PutKey(own))
	of := func(app string) string { return w.UserID() + "/" + app + "/" + fingerprint(k.ID) }
	younger := w.UserID() + "/a/" + fingerprint(own.ID)
	for app, want := range map[string][]string{"": {of("a"), younger, of("b")}, "a": {of("a"), younger}, "b": {of("b")}} {
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

// TestFresh has two providers of one account, as two aliases are: what one creates, the
// other finds, although it has listed the app before.
func TestFresh(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.MakeKey(t, emulator.Key{Description: "first", Scopes: []string{"Predict"}})
	server := w.Configured(t)
	listed := func(want int) {
		t.Helper()
		for _, of := range []attributes{{"app_id": "tenant"}, {}} {
			apitest.Equal(t, len(acctest.Listed(t, acctest.Read(t, server, "clarifai_app_keys", of)["keys"], "id")), want, "keys of", of)
		}
	}
	find := attributes{"app_id": "tenant", "description": "second"}
	for says, asked := range map[string]attributes{
		"Cannot find app key": find, "has no key": {"id": w.UserID() + "/tenant/0123456789abcdef"},
	} {
		_, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", asked)
		apitest.Says(t, failure, says)
	}
	listed(1)
	id := w.MakeKey(t, emulator.Key{Description: "second", Scopes: []string{"Predict"}})
	for _, asked := range []attributes{{"id": id}, find} { // the second one lists the app again
		acctest.Read(t, server, "clarifai_app_key", asked)
	}
	if o := open(t, server, "clarifai_app_key", attributes{"id": id}); !strings.HasSuffix(id, fingerprint(o.Result["key"])) {
		t.Error("the ephemeral resource gives another key")
	}
	listed(2)
	w.MakeKey(t, emulator.Key{Description: "third", Scopes: []string{"Predict"}})
	listed(3) // by themselves
}
