package appkey_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// lookup is what a data source is asked, and a pattern of the error.
type lookup struct {
	asked attributes
	error string
}

// checkRefused checks that a data source refuses each question, and repeats no key.
func checkRefused(t *testing.T, w *acctest.World, name string, lookups ...lookup) {
	t.Helper()
	for _, l := range lookups {
		if _, failure := acctest.ReadDataSource(t, w.Configured(t), name, l.asked); !regexp.MustCompile("(?s)" + l.error).MatchString(failure) {
			t.Errorf("%v: %q does not match %q", l.asked, failure, l.error)
		} else if slices.ContainsFunc(w.Keys(w.UserID(), ""), func(k emulator.Key) bool { return strings.Contains(failure, k.ID) }) {
			t.Errorf("%s repeats a key", name)
		}
	}
}

// TestAppKeyDataSource looks keys up in each way, and fails to.
func TestAppKeyDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Description: "one", Scopes: []string{"Predict"}, Endpoints: outputs})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	for range 2 {
		byHand(t, w, emulator.Key{Description: "twice", Scopes: []string{"Search"}})
	}
	for _, asked := range []attributes{{"id": id}, {"app_id": "tenant", "description": "one"}} {
		state, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_key", asked)
		if failure != "" {
			t.Fatal(failure)
		}
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
	checkRefused(t, w, "clarifai_app_key",
		lookup{attributes{"id": "emulator-user/tenant/0123456789abcdef"}, `Cannot read app key.*has no key with the fingerprint 0123456789abcdef`},
		lookup{app("tenant", "nothing"), `Cannot find app key.*No key.*has the description asked for.\s+Its keys`},
		lookup{app("tenant", "twice"), `Cannot find app key.*Several keys have the description asked for:`},
		lookup{app("nothing", "one"), `emulator-user has no app "?nothing`},
		lookup{attributes{"id": raw}, "looks like a key: its fingerprint is " + fingerprint(raw)},
		lookup{app(raw, "one"), "Invalid app ID.*looks like a key"},
	)
	checkRefused(t, w, "clarifai_app_keys", lookup{attributes{"app_id": raw}, "Invalid app ID.*looks like a key"})
	checkRefused(t, w, "clarifai_app", lookup{attributes{"id": raw}, "Invalid app ID.*looks like a key"})
	if err := w.PutApp(emulator.App{ID: raw, UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	if _, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app", attributes{"id": raw}); failure != "" {
		t.Error("an app whose ID looks like a key is not read")
	}
}

// TestAccAppKeyDataSource does so with the CLI, and asks what validation refuses.
func TestAccAppKeyDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	refuse := func(lookup, text string) resource.TestStep {
		return resource.TestStep{Config: w.Config("data \"clarifai_app_key\" \"k\" {\n" + lookup + "\n}\n"), ExpectError: regexp.MustCompile(text)}
	}
	const data = "data.clarifai_app_key.k"
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		refuse(`id = "u/tenant/not a fingerprint"`, `(?s)user_id/app_id/fingerprint.*never\s+the\s+key\s+itself`),
		refuse(`app_id = "tenant"`, `description`),
		refuse(`description = "one"`, `app_id`),
		refuse("id = \"a/b/0123456789abcdef\"\ndescription = \"one\"", `(?s)id.*description|description.*id`),
		{
			Config: w.Config(tenant + of("clarifai_app.t.id", `scopes = ["Predict"]`) + "data \"clarifai_app_key\" \"k\" {\n  id = clarifai_app_key.k.id\n}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectSensitiveValue(data, path("key")), statecheck.CompareValuePairs(address, path("key"), data, path("key"), compare.ValuesSame()),
			},
		},
	}})
}

// TestAppKeyDataSource_twins asks for the one key of a description where the account's
// listing shows one, and the app has two.
func TestAppKeyDataSource_twins(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{AccountListing: "incomplete"}})
	for n, descriptions := range [][]string{{"one", "other"}, {"one", "other"}, {"one", "other"}, {"twin", "twin"}} {
		id := fmt.Sprint("tenant-", n)
		must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID()}))
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

// TestAppKeysDataSource lists keys: everything of them but the secrets.
func TestAppKeysDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultKey: true, Scopes: "expanded", ListingOrder: "reverse"}})
	must(t, w.NewEstate(t).Apply(inTenant(attributes{"description": "one", "scopes": []string{"Inputs:Add"}, "store_key": false})))
	state, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app_keys", attributes{"app_id": "tenant"})
	if failure != "" {
		t.Fatal(failure)
	}
	shown := state["keys"].String()
	if holdsSecret(w, shown) {
		t.Error("a secret is shown")
	}
	if got := acctest.Listed(t, state["keys"], "description"); !slices.Equal(got, []string{"App-specific key", "one"}) {
		t.Errorf("listed are %q", got)
	}
	for _, f := range acctest.Listed(t, state["keys"], "fingerprint") {
		if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(f) {
			t.Errorf("the fingerprint %q", f)
		}
	}
	for _, want := range []string{`"Inputs:Add"`, `"Inputs:Get"`, `"All"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is missing in %s", want, shown)
		}
	}
	checkRefused(t, w, "clarifai_app_keys", lookup{attributes{"app_id": "nothing"}, `has no app "?nothing.*user_id`}, lookup{attributes{"app_id": "a", "user_id": "nobody"}, "user_id"})
}
