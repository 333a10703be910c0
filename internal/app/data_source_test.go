package app_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppDataSource looks apps up, and fails to.
func TestAccAppDataSource(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: "referenced", RenameOld: "moved"}})
	const data = "data.clarifai_app.t"
	lookup := func(attributes string) string {
		return w.Config(app(full) + "data \"clarifai_app\" \"t\" {\n" + attributes + "\n}\n")
	}
	refuse := func(attributes, text string) resource.TestStep {
		return resource.TestStep{Config: lookup(attributes), ExpectError: regexp.MustCompile(text)}
	}
	var checks []statecheck.StateCheck
	for _, name := range []string{"id", "user_id", "name", "default_language", "sample_ms", "is_template", "visibility", "description", "notes", "default_workflow", "created_at"} {
		checks = append(checks, statecheck.CompareValuePairs(address, path(name), data, path(name), compare.ValuesSame()))
	}
	checks = append(checks, statecheck.ExpectKnownValue(data, path("metadata"), knownvalue.StringRegexp(regexp.MustCompile(`"tenant":"acme"`))))
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(app(full))},
		refuse(`id = "nothing"`, `(?s)has\s+no\s+app\s+"nothing".*Check\s+id\s+and\s+user_id`),
		refuse("id = \"tenant\"\nuser_id = \"nobody\"", `(?s)Cannot read app.*App\s+nobody/tenant:.*user_id`),
		refuse(`id = "not an id"`, `(?s)id\s+must\s+be\s+an\s+app\s+ID:.*letters.*got:\s+not\s+an\s+id`),
		refuse(`id = "searches"`, `(?s)word\s+of\s+Clarifai's\s+API\s+paths`),
		{
			PreConfig: func() {
				must(t, w.PutApp(emulator.App{ID: "former", UserID: w.UserID()}))
				must(t, w.RenameApp(w.UserID(), "former", "latter"))
			},
			Config:      lookup(`id = "former"`),
			ExpectError: regexp.MustCompile(`(?s)renamed.*"latter"`),
		},
		{Config: lookup(`id = clarifai_app.t.id`), ConfigStateChecks: checks},
	}, CheckDestroy: onlyApps(w, "latter")})
}
