package appkey_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
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
