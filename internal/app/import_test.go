package app_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccApp_import imports in each form.
func TestAccApp_import(t *testing.T) {
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: "referenced"}})
	verify := func(id string) resource.TestStep {
		return resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"metadata"}, // the same in meaning, as the plan after an import shows
		}
	}
	refuse := func(id, text string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(text)}
	}
	w.AddUser("stranger")
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(app(full))},
		verify(w.UserID() + "/tenant"),
		verify("tenant"),
		refuse("nothing", w.UserID()+` has no app "nothing"\.`),
		refuse("stranger/tenant", `This\s+PAT\s+has\s+no\s+access\s+to\s+the\s+account\s+"stranger"`),
		refuse("nobody/tenant", `(?s)user_id`),
		refuse("/tenant", `user_id/app_id`),
		refuse("a/b/c", `user_id/app_id`),
	}})
}

// TestAccApp_importBlock brings apps created by hand under Terraform's care
// without touching them.
func TestAccApp_importBlock(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{
		"few": `
  description = "by hand"
  metadata    = jsonencode({ n = 1.5, tenant = "acme" })`,
		"more": `
  description      = "by hand"
  visibility       = "ORG"
  default_workflow = { id = "General" }
  metadata         = "{\"n\": 15e-1, \"tenant\": \"acme\"}"`,
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{})
			must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID(), Description: "by hand", Visibility: 30,
				Metadata:        map[string]any{"tenant": "acme", "n": 1.5},
				DefaultWorkflow: emulator.Workflow{ID: "General", UserID: "clarifai", AppID: "main"}}))
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{{
				Config:           w.Config("import {\n  to = clarifai_app.t\n  id = \"tenant\"\n}\n" + app("id = \"tenant\""+attributes)),
				ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop),
			}}})
		})
	}
}

// TestImportByIdentity takes the owner from the identity or from the provider.
func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID(), Description: "by hand"}))
	for _, identity := range []map[string]any{{"id": "tenant"}, {"id": "tenant", "user_id": w.UserID()}} {
		state, diags := w.ImportByIdentity(t, "clarifai_app", identity)
		if len(diags) > 0 || state["user_id"] != w.UserID() || state["id"] != "tenant" || state["description"] != "by hand" {
			t.Errorf("%v: %v, %v", identity, state, diags)
		}
	}
	if _, diags := w.ImportByIdentity(t, "clarifai_app", map[string]any{"id": "tenant", "user_id": "nobody"}); len(diags) != 1 ||
		!strings.HasPrefix(diags[0].Detail, "This PAT has no access to the account \"nobody\". Check user_id.") {
		t.Errorf("an app of nobody: %v", diags)
	}
}
