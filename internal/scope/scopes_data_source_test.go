package scope_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestAccScopesDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	granted := func(want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.clarifai_scopes.s", tfjsonpath.New("granted"), want)
	}
	const config = `
data "clarifai_scopes" "s" {}

locals {
  scopes = { for s in data.clarifai_scopes.s.scopes : s.name => s }
}

output "dependencies" {
  value = local.scopes["Inputs:Delete"].depends_on
}

output "flags" {
  value = [for n in ["All", "Inputs:Get", "Apps:Add", "Inputs:Patch", "Concepts:Delete"] : [local.scopes[n].offered, local.scopes[n].deprecated, local.scopes[n].app_keys]]
}
`
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: w.ConfigAs(w.UserID(), w.AddPAT(w.UserID(), "Keys:Get", "Apps:Get"), config),
			ConfigStateChecks: []statecheck.StateCheck{
				granted(knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("Apps:Get"), knownvalue.StringExact("Keys:Get")})),
				statecheck.ExpectKnownValue("data.clarifai_scopes.s", tfjsonpath.New("scopes"), knownvalue.ListSizeExact(len(scope.All()))),
				statecheck.ExpectKnownValue("data.clarifai_scopes.s", tfjsonpath.New("user_id"), knownvalue.StringExact(w.UserID())),
				statecheck.ExpectKnownOutputValue("dependencies", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("Inputs:Add"), knownvalue.StringExact("Inputs:Get")})),
				statecheck.ExpectKnownOutputValue("flags", knownvalue.TupleExact([]knownvalue.Check{
					flags(true, false, true), flags(true, false, true), flags(true, false, false), flags(true, true, false), flags(false, false, false),
				})),
			},
		},
		{Config: w.Config(config), ConfigStateChecks: []statecheck.StateCheck{granted(knownvalue.SetSizeExact(len(scope.All())))}},
		{
			Config:      w.ConfigAs("nobody", w.PAT(), config),
			ExpectError: regexp.MustCompile(`(?s)Cannot read scopes of the PAT.*no\s+access\s+to\s+the\s+account\s+"nobody"`),
		},
	}})
}

// TestScopesDataSource_variants reads what a PAT holds, with one request, however
// Clarifai shows it.
func TestScopesDataSource_variants(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		for want, pat := range map[string]string{
			"":                  w.AddPAT(w.UserID()),
			"Apps:Get Keys:Get": w.AddPAT(w.UserID(), "Keys:Get", "Apps:Get"),
		} {
			before := len(w.Requests())
			state, failure := acctest.ReadDataSource(t, w.ConfiguredAs(t, pat), "clarifai_scopes", nil)
			if failure != "" {
				t.Fatal(failure)
			}
			if got := strings.Join(acctest.Strings(t, state["granted"]), " "); got != want {
				t.Errorf("granted %q, want %q", got, want)
			}
			if n := len(w.Requests()) - before; n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		}
	})
}

func flags(values ...bool) knownvalue.Check {
	var checks []knownvalue.Check
	for _, v := range values {
		checks = append(checks, knownvalue.Bool(v))
	}
	return knownvalue.TupleExact(checks)
}
