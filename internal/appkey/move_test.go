package appkey_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccAppKey_appRenamed renames the app in the same plan: its keys and their
// values stay where Clarifai takes them along, and are recreated where not.
func TestAccAppKey_appRenamed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]emulator.Switches{
		"follow":          {},
		"follow, moved":   {RenameOld: "moved"},
		"dropped":         {RenameKeys: "dropped"},
		"dropped, moved":  {RenameKeys: "dropped", RenameOld: "moved"},
		"follow, no list": {AccountListing: "refused"},
		"follow, late":    {RenameLag: 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{Switches: s})
			config := func(id, description string) string {
				return w.Config(`
resource "clarifai_app" "t" {
  id = "` + id + `"
}
resource "clarifai_app_key" "k" {
  app_id      = clarifai_app.t.id
  description = "` + description + `"
  scopes      = ["Predict"]
}
resource "clarifai_app_key" "hidden" {
  app_id    = clarifai_app.t.id
  scopes    = ["Search"]
  store_key = false
}
`)
			}
			const hidden = "clarifai_app_key.hidden"
			value, fingerprint := statecheck.CompareValue(acctest.Same{}), statecheck.CompareValue(acctest.Same{})
			if s.RenameKeys == "dropped" {
				value, fingerprint = statecheck.CompareValue(acctest.Changed{}), statecheck.CompareValue(acctest.Changed{})
			}
			step := func(id, description string, action plancheck.ResourceActionType) resource.TestStep {
				return resource.TestStep{
					Config: config(id, description),
					ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
						"clarifai_app.t": action, address: action, hidden: action,
					}),
					ConfigStateChecks: []statecheck.StateCheck{
						value.AddStateValue(address, path("key")),
						fingerprint.AddStateValue(hidden, path("fingerprint")),
						statecheck.ExpectKnownValue(hidden, path("app_id"), knownvalue.StringExact(id)),
						statecheck.ExpectKnownValue(address, path("description"), knownvalue.StringExact(description)),
					},
					PostApplyFunc: func() {
						if n := w.LiveKeys(); n != 2 {
							t.Errorf("%d keys live", n)
						}
					},
				}
			}
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{
				step("tenant", "one", plancheck.ResourceActionCreate),
				step("renamed", "one", plancheck.ResourceActionUpdate),
				step("tenant", "two", plancheck.ResourceActionUpdate),
			}})
		})
	}
}

// TestAccAppKey_interruptedRename renames the app in a run that does not come
// to the keys: the next one finds them in the app's new place.
func TestAccAppKey_interruptedRename(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := func(id string) string {
		return w.Config("resource \"clarifai_app\" \"t\" {\n  id = \"" + id + "\"\n}\nresource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}")
	}
	same := statecheck.CompareValue(acctest.Same{})
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config("tenant"), ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("key"))}},
		{
			PreConfig: func() {
				w.Inject(emulator.Fault{Method: "ListAppKeys", Skip: 2, Times: 1, Kind: "status", HTTPStatus: 403, Code: 11007})
			},
			Config: config("renamed"), ExpectError: lacksScope,
		},
		{
			Config: config("renamed"),
			ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
				"clarifai_app.t": plancheck.ResourceActionNoop, address: plancheck.ResourceActionNoop,
			}),
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("key"))},
		},
	}})
}

// TestAccAppKey_otherApp moves a key to another app, which takes another key,
// wherever that app comes from.
func TestAccAppKey_otherApp(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	const apps = tenant + `
resource "clarifai_app" "other" {
  id = "other"
}
`
	value := statecheck.CompareValue(acctest.Changed{})
	step := func(more, app string, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			Config:            w.Config(apps + more + "resource \"clarifai_app_key\" \"k\" {\n  app_id = " + app + "\n  scopes = [\"Predict\"]\n}"),
			ConfigPlanChecks:  acctest.PlansOne(address, action),
			ConfigStateChecks: []statecheck.StateCheck{value.AddStateValue(address, path("key"))},
			PostApplyFunc: func() {
				if n := w.LiveKeys(); n != 1 {
					t.Errorf("%d keys live", n)
				}
			},
		}
	}
	const third = "resource \"clarifai_app\" \"third\" {\n  id = \"third\"\n}\n"
	const later = third + "resource \"terraform_data\" \"later\" {\n  input = clarifai_app.other.id\n}\n"
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		step("", "clarifai_app.t.id", plancheck.ResourceActionCreate),
		step("", "clarifai_app.other.id", plancheck.ResourceActionUpdate),
		step(third, "clarifai_app.third.id", plancheck.ResourceActionUpdate),
		step(later, "terraform_data.later.output", plancheck.ResourceActionUpdate),
	}})
}

// TestAccAppKey_unknownOwner: an owner that is unknown at plan may turn out to be
// the old one, and then the key stays.
func TestAccAppKey_unknownOwner(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	w.AddOrganization("acme", w.UserID())
	config := func(owner, trigger string) string {
		return w.Config("resource \"terraform_data\" \"owner\" {\n  input = \"" + owner + "\"\n  triggers_replace = \"" + trigger + "\"\n}\n" + tenant +
			"resource \"clarifai_app\" \"acme\" {\n  id = \"tenant\"\n  user_id = \"acme\"\n}\n" +
			of("clarifai_app.t.id", "user_id = terraform_data.owner.output\nscopes = [\"Predict\"]\ndepends_on = [clarifai_app.acme]"))
	}
	same, other := statecheck.CompareValue(acctest.Same{}), statecheck.CompareValue(acctest.Changed{})
	updated := acctest.PlansOne(address, plancheck.ResourceActionUpdate)
	updated.PreApply = append(updated.PreApply, plancheck.ExpectUnknownValue(address, path("key")), plancheck.ExpectUnknownValue(address, path("id")))
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(w.UserID(), "1"), ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("key")), other.AddStateValue(address, path("key"))}},
		{Config: config(w.UserID(), "2"), ConfigPlanChecks: updated, ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, path("key"))}},
		{
			Config: config("acme", "3"), ConfigPlanChecks: updated,
			ConfigStateChecks: []statecheck.StateCheck{
				other.AddStateValue(address, path("key")), statecheck.ExpectKnownValue(address, path("user_id"), knownvalue.StringExact("acme")),
			},
			PostApplyFunc: func() {
				if n := w.LiveKeys(); n != 1 {
					t.Errorf("%d keys live", n)
				}
			},
		},
		{Config: config(w.UserID(), "3"), ConfigPlanChecks: acctest.PlansOne(address, plancheck.ResourceActionUpdate)},
	}})
}

// TestAccAppKey_moveSaysSo warns that a move created a key, and names both.
func TestAccAppKey_moveSaysSo(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	config := func(app string) string {
		return tenant + "resource \"clarifai_app\" \"other\" {\n  id = \"other\"\n}\n" + of("clarifai_app."+app+".id", `scopes = ["Predict"]`)
	}
	ws.Write("main.tf", config("t"))
	ws.Must("apply", "-auto-approve", "-no-color")
	old := w.UserID() + "/tenant/" + clarifai.Secret(w.Keys(w.UserID(), "tenant")[0].ID).Fingerprint()
	ws.Write("main.tf", config("other"))
	said := strings.Join(strings.Fields(strings.ReplaceAll(ws.Must("apply", "-auto-approve", "-no-color").Output, "│", "")), " ")
	created := w.UserID() + "/other/" + clarifai.Secret(w.Keys(w.UserID(), "other")[0].ID).Fingerprint()
	if want := "did not hold the key " + old + ", so the key " + created + " was created there, and the old one was revoked"; !strings.Contains(said, want) {
		t.Errorf("%q is missing in:\n%s", want, said)
	}
}

// TestAccAppKey_appReplaced deletes an app while its key moves to a new one.
func TestAccAppKey_appReplaced(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	value := statecheck.CompareValue(acctest.Changed{})
	config := func(name string) string {
		return w.Config("resource \"clarifai_app\" \"" + name + "\" {\n  id = \"" + name + "\"\n}\nresource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app." + name + ".id\n  scopes = [\"Predict\"]\n}")
	}
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config("old"), ConfigStateChecks: []statecheck.StateCheck{value.AddStateValue(address, path("key"))}},
		{
			Config: config("new"),
			ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
				"clarifai_app.old": plancheck.ResourceActionDestroy, "clarifai_app.new": plancheck.ResourceActionCreate, address: plancheck.ResourceActionUpdate,
			}),
			ConfigStateChecks: []statecheck.StateCheck{value.AddStateValue(address, path("key"))},
		},
	}})
}

// TestAccAppKey_appRenamedOutside renames an app that is not Terraform's: the
// key is found, the plan refuses to leave it, and app_id is to follow.
func TestAccAppKey_appRenamedOutside(t *testing.T) {
	t.Parallel()
	for name, old := range map[string]string{"moved": "moved", "not found": "not_found"} {
		t.Run(name, func(t *testing.T) {
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: old}})
			must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
			same := statecheck.CompareValue(acctest.Same{})
			stays := func() []statecheck.StateCheck {
				return []statecheck.StateCheck{same.AddStateValue(address, path("key"))}
			}
			w.Run(t, resource.TestCase{Steps: []resource.TestStep{
				{Config: w.Config(of(`"tenant"`, `scopes = ["Predict"]`)), ConfigStateChecks: stays()},
				{
					PreConfig:   func() { must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere")) },
					Config:      w.Config(of(`"tenant"`, `scopes = ["Predict"]`)),
					ExpectError: regexp.MustCompile(`(?s)Cannot move app key.*renamed\s+outside\s+of\s+Terraform.*now\s+in\s+the\s+app\s+emulator-user/elsewhere.*keep\s+the\s+new\s+name`),
				},
				{
					Config:            w.Config(of(`"elsewhere"`, `scopes = ["Predict"]`)),
					ConfigPlanChecks:  acctest.PlansOne(address, plancheck.ResourceActionNoop),
					ConfigStateChecks: stays(),
				},
			}, CheckDestroy: w.NoKeysLeft})
		})
	}
}

// TestAccAppKey_appRecreated replaces an app of the same ID, which takes its
// keys away: this is how a configuration has them recreated in the same plan.
func TestAccAppKey_appRecreated(t *testing.T) {
	w := acctest.Start(t, emulator.Options{})
	config := w.Config(tenant + of("clarifai_app.t.id", "scopes = [\"Predict\"]\nlifecycle {\n  replace_triggered_by = [clarifai_app.t.created_at]\n}"))
	w.Run(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			Taint: []string{"clarifai_app.t"}, Config: config,
			ConfigPlanChecks: acctest.Plans(map[string]plancheck.ResourceActionType{
				"clarifai_app.t": plancheck.ResourceActionReplace, address: plancheck.ResourceActionReplace,
			}),
		},
	}})
}
