package appkey_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// echoed runs steps with a provider that stores what it is configured with.
func echoed(t *testing.T, w *acctest.World, c resource.TestCase) {
	t.Helper()
	c.IsUnitTest = true
	c.TerraformVersionChecks = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)}
	c.ProtoV6ProviderFactories = w.Factories()
	c.ProtoV6ProviderFactories["echo"] = echoprovider.NewProviderServer()
	if c.CheckDestroy == nil {
		c.CheckDestroy = w.NothingLeft
	}
	resource.Test(t, c)
}

// eachListing runs f under the settings that change how a key is found and lost.
func eachListing(t *testing.T, f func(t *testing.T, w *acctest.World)) {
	t.Helper()
	for _, name := range []string{"default", "all-odd", "account_listing=refused", "account_listing=incomplete", "delete_lag=2", "key_not_found=11009"} {
		s, ok := emulator.Variants()[name]
		if !ok {
			t.Fatalf("the emulator has no setting %s", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, acctest.Start(t, emulator.Options{Switches: s}))
		})
	}
}

const echo = `
provider "echo" {
  data = ephemeral.clarifai_app_key.e
}

resource "echo" "e" {}
`

// The key is created in the same apply, so its id is unknown when it is planned.
func TestAccEphemeralAppKey_ofTheSameApply(t *testing.T) {
	t.Parallel()
	eachListing(t, func(t *testing.T, w *acctest.World) {
		const key = "clarifai_app_key.k"
		data := func(name string) tfjsonpath.Path { return tfjsonpath.New("data").AtMapKey(name) }
		echoed(t, w, resource.TestCase{Steps: []resource.TestStep{{
			Config: w.Config(tenant + `
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "service"
  scopes      = ["Predict"]
}

ephemeral "clarifai_app_key" "e" {
  id = clarifai_app_key.k.id
}
` + echo),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.CompareValuePairs("echo.e", data("key"), key, tfjsonpath.New("key"), acctest.Same{}),
				statecheck.CompareValuePairs("echo.e", data("id"), key, tfjsonpath.New("id"), compare.ValuesSame()),
				statecheck.CompareValuePairs("echo.e", data("fingerprint"), key, tfjsonpath.New("fingerprint"), compare.ValuesSame()),
				statecheck.ExpectKnownValue("echo.e", data("user_id"), knownvalue.StringExact(w.UserID())),
				statecheck.ExpectKnownValue("echo.e", data("app_id"), knownvalue.StringExact("tenant")),
				statecheck.ExpectKnownValue("echo.e", data("description"), knownvalue.StringExact("service")),
				statecheck.ExpectKnownValue("echo.e", data("expires_at"), knownvalue.Null()),
			},
		}}})
	})
}

// With store_key = false the ephemeral resource is the only way to the value.
func TestAccEphemeralAppKey_notStored(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	echoed(t, w, resource.TestCase{Steps: []resource.TestStep{{
		Config: w.Config(tenant + `
resource "clarifai_app_key" "k" {
  app_id    = clarifai_app.t.id
  scopes    = ["Predict"]
  store_key = false
}

ephemeral "clarifai_app_key" "e" {
  id = clarifai_app_key.k.id
}
` + echo),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("clarifai_app_key.k", tfjsonpath.New("key"), knownvalue.Null()),
			statecheck.ExpectKnownValue("echo.e", tfjsonpath.New("data").AtMapKey("key"), knownvalue.StringFunc(func(v string) error {
				if keys := w.Keys(w.UserID(), "tenant"); len(keys) != 1 || keys[0].ID != v {
					return errNotTheKey
				}
				return nil
			})),
		},
	}}})
}

func TestAccEphemeralAppKey_refusals(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	config := func(id string) string {
		return w.Config("ephemeral \"clarifai_app_key\" \"e\" {\n  id = \"" + id + "\"\n}\n" + echo)
	}
	echoed(t, w, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(w.UserID() + "/tenant/0123456789abcdef"), ExpectError: regexp.MustCompile(`(?s)Cannot read app key.*has\s+no\s+key\s+with\s+the\s+fingerprint`)},
		{Config: config("nobody/tenant/0123456789abcdef"), ExpectError: regexp.MustCompile(`This\s+PAT\s+has\s+no\s+access\s+to\s+the\s+account\s+"nobody"\.\s+Check\s+user_id`)},
		{Config: config("tenant/0123456789abcdef"), ExpectError: regexp.MustCompile(`Invalid app key ID`)},
		{Config: config(w.UserID() + "/tenant/description=x"), ExpectError: regexp.MustCompile(`Invalid app key ID`)},
	}})
}

// A raw key as id is refused in words that do not repeat it, and without the
// path of the attribute, for which Terraform would show the line that sets it.
func TestEphemeralAppKey_rawKey(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	server := w.Configured(t)
	key := emulator.NewSecret()
	for _, id := range []string{key, w.UserID() + "/tenant/" + key, "tenant/" + key, " " + key, key + "/x/y"} {
		resp, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
			TypeName: "clarifai_app_key", Config: ephemeralConfig(t, server, "clarifai_app_key", map[string]any{"id": id}),
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%d diagnostics", len(resp.Diagnostics))
		}
		d := resp.Diagnostics[0]
		if strings.Contains(d.Summary+d.Detail, key) || d.Attribute != nil || !strings.Contains(d.Detail, "user_id/app_id/fingerprint") {
			t.Error("the refusal shows the key, or does not say what to give instead")
		}
		if strings.HasSuffix(id, key) && id[0] != ' ' && !strings.Contains(d.Detail, fingerprint(key)) {
			t.Error("the refusal does not tell the fingerprint")
		}
	}
	if n := w.Count(""); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Terraform opens ephemeral resources several times a run: a listing serves
// the keys of many.
func TestEphemeralAppKey_isCheap(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	if err := w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}); err != nil {
		t.Fatal(err)
	}
	for range 19 {
		if err := w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Scopes: []string{"Predict"}}); err != nil {
			t.Fatal(err)
		}
	}
	server := w.Configured(t)
	for range 3 {
		for _, k := range w.Keys(w.UserID(), "tenant") {
			o := open(t, server, "clarifai_app_key", map[string]any{"id": w.UserID() + "/tenant/" + fingerprint(k.ID)})
			if o.result["key"] != k.ID {
				t.Error("the value is not the key's")
			}
			if len(o.private) > 0 && strings.Contains(string(o.private), k.ID) {
				t.Error("private data holds the key")
			}
		}
	}
	if n := w.Count(""); n != 2 { // a page of keys, and the empty one
		t.Errorf("%d requests for 57 openings", n)
	}
}
