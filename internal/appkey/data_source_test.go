package appkey_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKeyDataSource looks keys up in each way, and fails to.
func TestAccAppKeyDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	keys := tenant + of("clarifai_app.t.id", "description = \"one\"\nscopes = [\"Predict\"]\nendpoints = [\"/clarifai.api.V2/PostModelOutputs\"]") + `
resource "clarifai_app_key" "twice" {
  count       = 2
  app_id      = clarifai_app.t.id
  description = "twice"
  scopes      = ["Search"]
}
`
	refuse := func(lookup, text string) resource.TestStep {
		return resource.TestStep{
			Config:      w.Config(keys + "data \"clarifai_app_key\" \"k\" {\n" + lookup + "\n}\n"),
			ExpectError: regexp.MustCompile(text),
		}
	}
	const byID, byText = "data.clarifai_app_key.id", "data.clarifai_app_key.text"
	same := func(a, b, name string) statecheck.StateCheck {
		return statecheck.CompareValuePairs(a, path(name), b, path(name), compare.ValuesSame())
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(keys)},
		refuse(`id = "u/tenant/not a fingerprint"`, `(?s)user_id/app_id/fingerprint.*never\s+the\s+key\s+itself`),
		refuse(`id = "emulator-user/tenant/0123456789abcdef"`, `(?s)Cannot read app key.*has\s+no\s+key\s+with\s+the\s+fingerprint\s+0123456789abcdef`),
		refuse(`app_id = "tenant"`+"\n"+`description = "nothing"`, `(?s)Cannot find app key.*No\s+key.*has\s+the\s+description\s+asked\s+for.\s+Its\s+keys`),
		refuse(`app_id = "tenant"`+"\n"+`description = "twice"`, `(?s)Cannot find app key.*Several\s+keys\s+have\s+the\s+description\s+asked\s+for:`),
		refuse(`app_id = "nothing"`+"\n"+`description = "one"`, `(?s)emulator-user\s+has\s+no\s+app\s+"nothing"`),
		refuse(`app_id = "tenant"`, `description`),
		refuse(`description = "one"`, `app_id`),
		refuse(`id = "a/b/0123456789abcdef"`+"\n"+`description = "one"`, `(?s)id.*description|description.*id`),
		{
			Config: w.Config(keys + `
data "clarifai_app_key" "id" {
  id = clarifai_app_key.k.id
}
data "clarifai_app_key" "text" {
  app_id      = clarifai_app_key.k.app_id
  description = clarifai_app_key.k.description
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectSensitiveValue(byID, path("key")),
				statecheck.CompareValuePairs(address, path("key"), byID, path("key"), acctest.Same{}),
				statecheck.CompareValuePairs(address, path("key"), byText, path("key"), acctest.Same{}),
				same(address, byID, "fingerprint"), same(address, byText, "id"), same(address, byID, "created_at"),
				same(address, byID, "description"), same(address, byText, "user_id"),
				statecheck.ExpectKnownValue(byText, path("scopes"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("Predict")})),
				statecheck.ExpectKnownValue(byText, path("endpoints"), knownvalue.SetSizeExact(1)),
				statecheck.ExpectKnownValue(byText, path("expires_at"), knownvalue.Null()),
			},
		},
	}})
}

// TestAccAppKeyDataSource_twins asks for the one key of a description where the
// account's listing shows one, and the app has two.
func TestAccAppKeyDataSource_twins(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{AccountListing: "incomplete"}})
	for n, descriptions := range [][]string{{"one", "other"}, {"one", "other"}, {"one", "other"}, {"twin", "twin"}} {
		id := fmt.Sprint("tenant-", n)
		must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID()}))
		for _, d := range descriptions {
			must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: id, Description: d, Scopes: []string{"Predict"}}))
		}
	}
	w.Run(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: w.Config(`
data "clarifai_app_key" "k" {
  count       = 4
  app_id      = "tenant-${count.index}"
  description = count.index == 3 ? "twin" : "one"
}
`),
			ExpectError: regexp.MustCompile(`(?s)Several\s+keys\s+have\s+the\s+description\s+asked.*tenant-3`),
		}},
		CheckDestroy: func(*terraform.State) error { return nil },
	})
}

// TestAccAppKeysDataSource lists keys: everything of them but the secrets.
func TestAccAppKeysDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultKey: true, Scopes: "expanded", ListingOrder: "reverse"}})
	const list = "data.clarifai_app_keys.all"
	config := w.Config(tenant + of("clarifai_app.t.id", "description = \"one\"\nscopes = [\"Inputs:Add\"]\nstore_key = false") + `
data "clarifai_app_keys" "all" {
  app_id     = clarifai_app.t.id
  depends_on = [clarifai_app_key.k]
}
`)
	hidden := acctest.Hidden{World: w}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{hidden}},
			ConfigStateChecks: []statecheck.StateCheck{
				hidden,
				statecheck.ExpectKnownValue(list, path("user_id"), knownvalue.StringExact(w.UserID())),
				statecheck.ExpectKnownValue(list, path("keys"), knownvalue.ListSizeExact(2)),
				statecheck.ExpectKnownValue(list, path("keys").AtSliceIndex(0).AtMapKey("scopes"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("All")})),
				statecheck.ExpectKnownValue(list, path("keys").AtSliceIndex(1), knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"description": knownvalue.StringExact("one"),
					"scopes":      knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("Inputs:Add"), knownvalue.StringExact("Inputs:Get")}),
					"fingerprint": knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{16}$`)),
					"endpoints":   knownvalue.SetSizeExact(0),
				})),
			},
		},
		{
			Config:      w.Config("data \"clarifai_app_keys\" \"all\" {\n  app_id = \"nothing\"\n}"),
			ExpectError: regexp.MustCompile(`(?s)has\s+no\s+app\s+"nothing".*user_id`),
		},
		{
			Config:      w.ConfigAs("nobody", w.PAT(), "data \"clarifai_app_keys\" \"all\" {\n  app_id = \"nothing\"\n}"),
			ExpectError: regexp.MustCompile(`(?s)user_id`),
		},
		{Config: config},
	}})
}
