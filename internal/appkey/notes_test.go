package appkey_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_hiddenEndpoints limits keys to endpoints that no answer shows,
// until one day answers do. From then on their absence is drift.
func TestAccAppKey_hiddenEndpoints(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{KeyEndpoints: "hidden", KeyOverwrite: "whole", DefaultScopes: "all"}})
	config := func(description, method string) string {
		return w.Config(tenant + of("clarifai_app.t.id", `description = "`+description+`"
endpoints = ["/clarifai.api.V2/`+method+`"]`))
	}
	posts := func(want int) func() {
		return func() {
			if n := w.Count("PostKeys"); n != want || w.LiveKeys() != 1 {
				t.Errorf("%d keys created, %d live", n, w.LiveKeys())
			}
		}
	}
	first := func() string { return w.Keys(w.UserID(), "tenant")[0].ID }
	limited := func() {
		if k := w.Keys(w.UserID(), "tenant")[0]; len(k.Endpoints) != 1 || len(k.Scopes) != 1 {
			t.Errorf("the key has the endpoints %v and the scopes %v", k.Endpoints, k.Scopes)
		}
	}
	w.Inject(emulator.Fault{Method: "PostKeys", Kind: "cut_after"})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config("one", "PostInputs"), PostApplyFunc: posts(1)},
		{Config: config("two", "PostInputs"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate), PostApplyFunc: limited},
		{Config: config("two", "ListInputs"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace), PostApplyFunc: posts(2)},
		{
			PreConfig: func() { w.SetSwitches(emulator.Switches{}) },
			Config:    config("two", "ListInputs"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop),
		},
		{RefreshState: true},
		{
			PreConfig: func() { must(t, w.EditKey(first(), func(k *emulator.Key) { k.Endpoints = nil })) },
			Config:    config("two", "ListInputs"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace), PostApplyFunc: posts(3),
		},
	}})
}

// TestAccAppKey_bareAnswers creates keys where the answer to that holds their ID
// alone, so that what Clarifai filled in has to be looked up.
func TestAccAppKey_bareAnswers(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{WriteAnswers: "bare", DefaultScopes: "all", Scopes: "expanded"}})
	config := func(description string) string {
		return w.Config(tenant + `
resource "clarifai_app_key" "k" {
  count       = 2
  app_id      = clarifai_app.t.id
  description = ` + description + `
  scopes      = [["Inputs:Add"], null][count.index]
  endpoints   = [null, ["/clarifai.api.V2/PostInputs"]][count.index]
}
`)
	}
	changed := acctest.Plans(map[string]plancheck.ResourceActionType{
		address + "[0]": plancheck.ResourceActionUpdate, address + "[1]": plancheck.ResourceActionUpdate,
	})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(`"one"`)},
		{Config: config(`"two"`), ConfigPlanChecks: changed},
		{Config: config("null"), ExpectError: regexp.MustCompile("Clarifai did not clear description")},
		{Config: config(`"three"`), ConfigPlanChecks: changed},
	}})
}
