package appkey_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_unknownScopes takes scopes and endpoints from what is not
// applied yet.
func TestAccAppKey_unknownScopes(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := func(scopes string) string {
		return w.Config(tenant + `
resource "terraform_data" "scopes" {
  input            = [` + scopes + `]
  triggers_replace = [` + scopes + `]
}
` + of("clarifai_app.t.id", "scopes = terraform_data.scopes.output\nendpoints = [for s in terraform_data.scopes.output : \"/clarifai.api.V2/PostModelOutputs\"]"))
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(`"Predict"`)},
		{Config: config(`"Predict", "Search"`), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace)},
	}})
}
