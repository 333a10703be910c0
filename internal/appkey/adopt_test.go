package appkey_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_importOtherScopes imports a key whose scopes are not the configured
// ones: the plan would replace it, and gives what to write to keep it.
func TestAccAppKey_importOtherScopes(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{Scopes: "expanded"}})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Inputs:Add", "Inputs:Get"}})
	ws := clitest.New(t, w)
	config := func(scopes string) string {
		return "import {\n  to = clarifai_app_key.k\n  id = \"" + id + "\"\n}\n" + key(scopes)
	}
	ws.Write("main.tf", config(`scopes = ["Inputs:Add"]`))
	said := words(ws.Must("plan", "-no-color").Output)
	const set = `scopes = ["Inputs:Add", "Inputs:Get"]`
	if !strings.Contains(said, "1 to import, 1 to add, 0 to change, 1 to destroy") || !strings.Contains(said, "The imported app key is replaced") ||
		!strings.Contains(said, "To keep the key, set "+set) {
		t.Fatalf("the plan is another:\n%s", said)
	}
	ws.Write("main.tf", config(set))
	ws.Must("apply", "-auto-approve", "-no-color")
	if w.Count("PostKeys")+w.Count("DeleteKey") > 0 {
		t.Error("the import cost a key")
	}
}

// TestAccAppKey_importUnknownKeepers imports a key whose keepers are unknown at
// plan: whatever they turn out to be, they are the first ones.
func TestAccAppKey_importUnknownKeepers(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	config := func(month string) string {
		return w.Config("import {\n  to = clarifai_app_key.k\n  id = \"" + id + "\"\n}\n" +
			"resource \"terraform_data\" \"t\" {\n  input = { month = \"" + month + "\" }\n  triggers_replace = \"" + month + "\"\n}\n" +
			key("scopes = [\"Predict\"]\nkeepers = terraform_data.t.output"))
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: config("11"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate),
			PostApplyFunc: func() {
				if n := w.Count("PostKeys") + w.Count("DeleteKey"); n > 0 {
					t.Errorf("the import cost %d keys", n)
				}
			},
		},
		{Config: config("12"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace)},
	}, CheckDestroy: w.NoKeysLeft})
}
