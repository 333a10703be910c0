package appkey_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_app_key.k"

func path(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

// must fails the test when an edit from outside did not work.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// key is the resource with these attributes.
func key(attributes string) string {
	return "resource \"clarifai_app_key\" \"k\" {\n  app_id = \"tenant\"\n" + attributes + "\n}\n"
}

// byHand creates the app and a key of it outside of Terraform, and returns the
// key's ID.
func byHand(t *testing.T, w *acctest.World, k emulator.Key) string {
	t.Helper()
	if len(w.Apps(w.UserID())) == 0 {
		must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	}
	k.ID, k.UserID, k.AppID = emulator.NewSecret(), w.UserID(), "tenant"
	must(t, w.PutKey(k))
	return w.UserID() + "/tenant/" + clarifai.Secret(k.ID).Fingerprint()
}

// TestAccAppKey_importBlock imports keys created by hand: whatever the server
// shows of what the configuration says, the key is not touched.
func TestAccAppKey_importBlock(t *testing.T) {
	t.Parallel()
	expanded := []string{"Inputs:Add", "Inputs:Get"}
	for name, c := range map[string]struct {
		switches   emulator.Switches
		key        emulator.Key
		suffix     string
		by         string // instead of the id
		attributes string
		action     plancheck.ResourceActionType // default: nothing to do
	}{
		"by id": {
			key:        emulator.Key{Description: "by hand", Scopes: []string{"Predict", "Search"}, Endpoints: []string{"/clarifai.api.V2/PostModelOutputs"}},
			attributes: `description = "by hand"` + "\n" + `scopes = ["Search", "Predict"]` + "\n" + `endpoints = ["/clarifai.api.V2/PostModelOutputs"]`,
		},
		"by description": {
			key: emulator.Key{Description: "a, b/c = d", Scopes: []string{"All"}}, by: "description=a, b/c = d",
			attributes: `description = "a, b/c = d"` + "\n" + `scopes = ["All"]`,
		},
		"without the secret": {
			key: emulator.Key{Scopes: []string{"Predict"}}, suffix: ",store_key=false",
			attributes: `scopes = ["Predict"]` + "\nstore_key = false",
		},
		"by description without the secret": {
			key: emulator.Key{Description: "x", Scopes: []string{"Predict"}}, by: "description=x", suffix: ",store_key=false",
			attributes: `scopes = ["Predict"]` + "\ndescription = \"x\"\nstore_key = false",
		},
		"the secret is dropped": {
			key:        emulator.Key{Scopes: []string{"Predict"}},
			attributes: `scopes = ["Predict"]` + "\nstore_key = false", action: plancheck.ResourceActionUpdate,
		},
		"with keepers": {
			key:        emulator.Key{Scopes: []string{"Predict"}},
			attributes: `scopes = ["Predict"]` + "\nkeepers = { month = \"11\" }", action: plancheck.ResourceActionUpdate,
		},
		"with keepers, without the secret": {
			key: emulator.Key{Scopes: []string{"Predict"}}, suffix: ",store_key=false",
			attributes: `scopes = ["Predict"]` + "\nkeepers = { month = \"11\" }\nstore_key = false", action: plancheck.ResourceActionUpdate,
		},
		"scopes with their dependencies": {
			switches: emulator.Switches{Scopes: "expanded"}, key: emulator.Key{Scopes: expanded},
			attributes: `scopes = ["Inputs:Add", "Inputs:Get"]`,
		},
		"scopes in the other spelling": {
			switches: emulator.Switches{ScopeNames: "underscore", ScopeOrder: "reversed"}, key: emulator.Key{Scopes: expanded},
			attributes: `scopes = ["Inputs:Add", "Inputs:Get"]`,
		},
		"both": {
			switches: emulator.Switches{Scopes: "expanded", ScopeNames: "underscore"}, key: emulator.Key{Scopes: expanded},
			attributes: `scopes = ["Inputs:Add", "Inputs:Get"]`,
		},
		"configured with underscores": {
			key: emulator.Key{Scopes: expanded}, attributes: `scopes = ["Inputs_Add", "Inputs_Get"]`,
		},
		"only endpoints": {
			key:        emulator.Key{Endpoints: []string{"/clarifai.api.V2/PostModelOutputs"}},
			attributes: `endpoints = ["/clarifai.api.V2/PostModelOutputs"]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{Switches: c.switches})
			id := byHand(t, w, c.key)
			if c.by != "" {
				id = w.UserID() + "/tenant/" + c.by
			}
			if c.action == "" {
				c.action = plancheck.ResourceActionNoop
			}
			step := resource.TestStep{
				Config:           w.Config(fmt.Sprintf("import {\n  to = clarifai_app_key.k\n  id = %q\n}\n", id+c.suffix) + key(c.attributes)),
				ConfigPlanChecks: acctest.PlansOne(address, c.action),
				PostApplyFunc: func() {
					if n := w.Count("PostKeys") + w.Count("DeleteKey"); n > 0 {
						t.Errorf("the import cost %d keys", n)
					}
				},
			}
			if c.suffix != "" {
				step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, acctest.Hidden{World: w})
				step.ConfigStateChecks = []statecheck.StateCheck{acctest.Hidden{World: w}}
			}
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{step}, CheckDestroy: w.NoKeysLeft})
		})
	}
}

// TestAccAppKey_importKeepers rotates a key after its keepers were written down.
func TestAccAppKey_importKeepers(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	config := func(month string) string {
		return w.Config("import {\n  to = clarifai_app_key.k\n  id = \"" + id + "\"\n}\n" + key("scopes = [\"Predict\"]\nkeepers = { month = \""+month+"\" }"))
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config("11"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate)},
		{Config: config("12"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace)},
	}, CheckDestroy: w.NoKeysLeft})
}

// TestAccAppKey_importThenKeepers: once an imported key was changed, keepers are
// no longer merely written down.
func TestAccAppKey_importThenKeepers(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	config := func(more string) string {
		return w.Config("import {\n  to = clarifai_app_key.k\n  id = \"" + id + "\"\n}\n" + key("scopes = [\"Predict\"]\n"+more))
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(""), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionNoop)},
		{Config: config(`description = "changed"`), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate)},
		{Config: config("description = \"changed\"\nkeepers = { month = \"12\" }"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionReplace)},
	}, CheckDestroy: w.NoKeysLeft})
}

// TestAccAppKey_importCommand imports with the command, in each form.
func TestAccAppKey_importCommand(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Description: "imported", Scopes: []string{"Predict"}})
	byHand(t, w, emulator.Key{Description: "twice", Scopes: []string{"Predict"}})
	byHand(t, w, emulator.Key{Description: "twice", Scopes: []string{"Search"}})
	w.AddUser("stranger")
	config := "import {\n  to = clarifai_app_key.k\n  id = \"" + id + "\"\n}\n" + key("scopes = [\"Predict\"]\ndescription = \"imported\"")
	app := w.UserID() + "/tenant/"
	verify := func(id string, ignore ...string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIgnore: ignore}
	}
	refuse := func(id, text string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(text)}
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: w.Config(config)},
		verify(id),
		verify(app + "description=imported"),
		verify("me/tenant/description=imported"),
		verify(id + ",store_key=true"),
		verify(id+",store_key=false", "key", "store_key"),
		refuse(app+"description=nothing", `(?s)Cannot find app key.*No\s+key.*has\s+the\s+description.*Its\s+keys`),
		refuse(app+"description=twice", `(?s)Several\s+keys\s+have\s+the\s+description.*Use\s+one\s+of\s+these\s+IDs`),
		refuse(app+"0123456789abcdef", `(?s)The\s+app\s+\S+/tenant\s+has\s+no\s+key\s+with\s+the\s+fingerprint\s+0123456789abcdef`),
		refuse(w.UserID()+"/nothing/0123456789abcdef", w.UserID()+` has no app "nothing"\.`),
		refuse(w.UserID()+"/nothing/description=x", `(?s)Cannot find app key.*has\s+no\s+app\s+"nothing"`),
		refuse("stranger/tenant/0123456789abcdef", `(?s)This\s+PAT\s+has\s+no\s+access\s+to\s+the\s+account\s+"stranger"\.\s+Check\s+user_id`),
		refuse("tenant/0123456789abcdef", `user_id/app_id/fingerprint`),
		refuse(app+"description=", `user_id/app_id/description=TEXT`),
	}, CheckDestroy: func(*terraform.State) error {
		if n := w.LiveKeys(); n != 2 {
			return fmt.Errorf("%d keys are left instead of the 2 that are not Terraform's", n)
		}
		return nil
	}})
}

// TestAccAppKey_importRaw gives the key itself as import id, which Terraform
// would print: it is refused, not repeated, and the right id is named.
func TestAccAppKey_importRaw(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	id := byHand(t, w, emulator.Key{Scopes: []string{"Predict"}})
	raw := w.Keys(w.UserID(), "tenant")[0].ID
	var steps []resource.TestStep
	for _, given := range []string{raw, w.UserID() + "/tenant/" + raw, raw + ",store_key=false", w.UserID() + "/" + raw} {
		steps = append(steps, resource.TestStep{
			Config:       w.Config(key(`scopes = ["Predict"]`)),
			ResourceName: address, ImportState: true, ImportStateId: given,
		})
	}
	refused := 0
	w.Run(t, resource.TestCase{
		Steps:        steps,
		CheckDestroy: func(*terraform.State) error { return nil },
		ErrorCheck: func(err error) error {
			refused++
			// The error holds the command's line, but what the provider says follows it.
			_, text, _ := strings.Cut(err.Error(), "Error: The import ID is a key")
			plain := strings.Join(strings.Fields(text), "")
			switch {
			case strings.Contains(plain, raw):
				t.Error("the error repeats the key")
			case !strings.Contains(plain, "Importitas"+id+"instead"):
				t.Errorf("the error does not name %s:\n%s", id, strings.ReplaceAll(text, raw, "…"))
			}
			return nil
		},
	})
	if refused != len(steps) {
		t.Errorf("%d of %d imports were refused", refused, len(steps))
	}
}
