package user_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const data = "data.clarifai_user.me"

func field(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(data, tfjsonpath.New(name), want)
}

func TestAccUserDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("an-organization", w.UserID())
	other := w.AddPAT("somebody") // without scopes, and without a name
	const config = `data "clarifai_user" "me" {}`
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: w.ConfigAs("an-organization", w.PAT(), config),
			ConfigStateChecks: []statecheck.StateCheck{
				field("id", knownvalue.StringExact(w.UserID())),
				field("first_name", knownvalue.StringExact("Erin")),
				field("last_name", knownvalue.StringExact("Example")),
				field("company_name", knownvalue.StringExact("Example Inc.")),
				field("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-.*Z$`))),
			},
		},
		{
			Config: w.ConfigAs("an-organization", other, config),
			ConfigStateChecks: []statecheck.StateCheck{
				field("id", knownvalue.StringExact("somebody")),
				field("first_name", knownvalue.Null()), field("last_name", knownvalue.Null()), field("company_name", knownvalue.Null()),
			},
		},
		{
			Config:      w.ConfigAs(w.UserID(), emulator.NewSecret(), config),
			ExpectError: regexp.MustCompile(`(?s)Cannot read user.*Owner of the PAT.*does\s+not\s+accept\s+the\s+PAT`),
		},
	}})
}

// TestUserDataSource_once asks for the owner once, whoever else needs it.
func TestUserDataSource_once(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	server := w.Configured(t)
	for range 3 {
		if _, failure := acctest.ReadDataSource(t, server, "clarifai_user", nil); failure != "" {
			t.Error(failure)
		}
	}
	if n := len(w.Requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
