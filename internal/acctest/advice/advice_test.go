// Package advice_test follows the advice of the provider's messages, command by
// command, with the provider's own program.
package advice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// must fails the test if an edit from outside did not work.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says checks that an output has texts in this order, however it is wrapped.
func says(t *testing.T, output string, texts ...string) {
	t.Helper()
	rest := clitest.Unwrapped(output)
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Fatalf("the output does not say %q:\n%s", text, output)
		}
		rest = after
	}
}

// plan returns the output of a plan that ends with an exit code: 0 without
// changes, 1 with an error, 2 with changes.
func plan(t *testing.T, ws *clitest.Workspace, code int, more ...string) string {
	t.Helper()
	r := ws.Run(append([]string{"plan", "-no-color", "-detailed-exitcode"}, more...)...)
	if r.ExitCode != code {
		t.Fatalf("%s ended with %d instead of %d:\n%s", r, r.ExitCode, code, r.Output)
	}
	return r.Output
}

func fails(t *testing.T, ws *clitest.Workspace, args ...string) string {
	t.Helper()
	r := ws.Run(slices.Insert(args, 1, "-no-color")...)
	if r.ExitCode != 1 {
		t.Fatalf("%s ended with %d instead of 1:\n%s", r, r.ExitCode, r.Output)
	}
	return r.Output
}

// theKey returns the only live key.
func theKey(t *testing.T, w *acctest.World) string {
	t.Helper()
	keys := w.Keys(w.UserID(), "")
	if len(keys) != 1 {
		t.Fatalf("%d keys live", len(keys))
	}
	return keys[0].ID
}

// appAndKey is an app with attributes, and a key of it with attributes.
func appAndKey(app, key string) string {
	return "resource \"clarifai_app\" \"t\" {\n" + app + "\n}\nresource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n" + key + "\n}\n"
}

// A rename to a taken ID is a warning at plan and an error at apply, which leaves
// the app and its keys as they are.
func TestAccAdvice_renameTaken(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "taken", UserID: w.UserID()}))
	ws := clitest.New(t, w)
	ws.Write("main.tf", appAndKey(`id = "tenant"`, ""))
	ws.Must("apply", "-auto-approve")
	key := theKey(t, w)

	ws.Write("main.tf", appAndKey(`id = "taken"`, ""))
	says(t, plan(t, ws, 2), "Warning: App ID is taken", "will fail to rename the app emulator-user/tenant",
		"terraform state rm ADDRESS, and then terraform import ADDRESS emulator-user/taken")
	says(t, fails(t, ws, "apply", "-auto-approve"), "Error: Cannot rename app", "The app ID is taken")
	if theKey(t, w) != key {
		t.Error("the key was replaced")
	}
	ws.Must("plan", "-destroy") // as the destroy of a configuration that cannot be applied

	ws.Must("state", "rm", "clarifai_app.t")
	ws.Must("import", "clarifai_app.t", "emulator-user/taken")
	ws.Must("apply", "-auto-approve") // moves the key there
	plan(t, ws, 0)
}

// An app that is to be replaced cannot be created before it is destroyed, which a
// key's create_before_destroy asks for.
func TestAccAdvice_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	for name, fixed := range map[string]string{
		"setting removed":   appAndKey(`id = "tenant"`, ""),
		"reference removed": strings.Replace(appAndKey(`id = "tenant"`, "lifecycle {\n  create_before_destroy = true\n}"), "clarifai_app.t.id", `"tenant"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			ws := clitest.New(t, w)
			ws.Write("main.tf", appAndKey(`id = "tenant"`, "lifecycle {\n  create_before_destroy = true\n}"))
			ws.Must("apply", "-auto-approve")
			key := theKey(t, w)
			says(t, fails(t, ws, "apply", "-auto-approve", "-replace=clarifai_app.t"), "+/-", "Error: Cannot create app",
				`If the plan replaces this very app ("+/-")`, "remove create_before_destroy")
			if theKey(t, w) != key || w.LiveApps() != 1 {
				t.Error("the key or the app did not outlive the failure")
			}
			created := w.Apps(w.UserID())[0].CreatedAt
			ws.Write("main.tf", fixed)
			ws.Must("apply", "-auto-approve", "-replace=clarifai_app.t")
			if apps := w.Apps(w.UserID()); len(apps) != 1 || apps[0].CreatedAt.Equal(created) {
				t.Error("the app was not replaced")
			}
			ws.Must("apply", "-auto-approve") // a key that Terraform did not plan to recreate with its app
			plan(t, ws, 0)
			ws.Must("destroy", "-auto-approve")
		})
	}
}

// An app was renamed outside of Terraform: whatever Clarifai answers for the old
// ID, the commands of the message keep the app and its key.
func TestAccAdvice_renamedOutside(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault *emulator.Fault
		says  []string
	}{
		"not found": {nil, []string{"Error: Cannot move app key", "renamed outside of Terraform", "terraform state rm ADDRESS", "terraform import ADDRESS emulator-user/elsewhere"}},
		"moved without a new ID": {&emulator.Fault{Method: "GetApp", Kind: "status", Code: 10050, Times: -1}, []string{
			"Warning: App renamed outside of Terraform", "Clarifai does not say to what", "terraform state rm ADDRESS, and then terraform import ADDRESS emulator-user/NEW-ID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			ws := clitest.New(t, w)
			ws.Write("main.tf", appAndKey(`id = "tenant"`, ""))
			ws.Must("apply", "-auto-approve")
			key := theKey(t, w)
			must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
			if c.fault != nil {
				w.Inject(*c.fault)
			}
			says(t, fails(t, ws, "plan"), c.says...)
			w.ClearFaults()

			ws.Write("main.tf", appAndKey(`id = "elsewhere"`, ""))
			ws.Must("state", "rm", "clarifai_app.t")
			ws.Must("import", "clarifai_app.t", "emulator-user/elsewhere")
			plan(t, ws, 0, "-refresh=true")
			ws.Must("apply", "-auto-approve")
			if theKey(t, w) != key {
				t.Error("the key was replaced")
			}
			ws.Must("destroy", "-auto-approve")
		})
	}
}

// An app that was renamed outside of Terraform is destroyed with its key, by the
// commands of the message.
func TestAccAdvice_destroyRenamedOutside(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	ws.Write("main.tf", appAndKey(`id = "tenant"`, ""))
	ws.Must("apply", "-auto-approve")
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	says(t, fails(t, ws, "destroy", "-auto-approve"), "terraform state rm ADDRESS", "terraform import ADDRESS emulator-user/elsewhere",
		"To destroy everything instead, run the two commands above", "terraform apply -refresh-only", "terraform destroy -refresh=false")
	ws.Must("state", "rm", "clarifai_app.t")
	ws.Must("import", "clarifai_app.t", "emulator-user/elsewhere")
	ws.Must("apply", "-auto-approve", "-refresh-only")
	ws.Must("destroy", "-auto-approve", "-refresh=false")
	must(t, w.NothingLeft(nil))
}

// Two resources of the same app: the error does not advise to import what the
// configuration manages already.
func TestAccAdvice_sameID(t *testing.T) {
	t.Parallel()
	ws := clitest.New(t, acctest.Start(t, emulator.Options{}))
	const app = "resource \"clarifai_app\" %q {\n  id = \"tenant\"\n}\n"
	ws.Write("main.tf", fmt.Sprintf(app, "one")+fmt.Sprintf(app, "two"))
	output := fails(t, ws, "apply", "-auto-approve", "-parallelism=1")
	says(t, output, "Error: Cannot create app", "two resources of the configuration have the same id")
	created := "one"
	if strings.Contains(ws.Must("state", "list").Output, "clarifai_app.two") {
		created = "two"
	}
	ws.Write("main.tf", fmt.Sprintf(app, created))
	plan(t, ws, 0)
}

// An app without keys that was renamed, Clarifai does not say to what, is planned
// as a new one: the plan does not end there.
func TestAccAdvice_movedSomewhere(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	ws.Write("main.tf", "resource \"clarifai_app\" \"t\" {\n  id = \"tenant\"\n}\n")
	ws.Must("apply", "-auto-approve")
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	w.Inject(emulator.Fault{Method: "GetApp", Kind: "status", Code: 10050, Times: -1})
	says(t, plan(t, ws, 2), "clarifai_app.t will be created", "Clarifai does not say to what")
}

// Removing a text is a warning at plan, and what it advises works.
func TestAccAdvice_clearing(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ClearStrings: "ignored"}})
	ws := clitest.New(t, w)
	texts := func(text string) string {
		return appAndKey("id = \"tenant\"\ndescription = \""+text+"\"\nnotes = \""+text+"\"", "description = \""+text+"\"")
	}
	ws.Write("main.tf", texts("one"))
	ws.Must("apply", "-auto-approve")
	ws.Write("main.tf", appAndKey(`id = "tenant"`, ""))
	output := plan(t, ws, 2)
	says(t, output, "Warning: Clarifai may be unable to clear description", `to another text, such as "-"`, "(and one more similar warning elsewhere)")
	says(t, output, "Warning: Clarifai may be unable to clear notes")
	fails(t, ws, "apply", "-auto-approve")
	ws.Write("main.tf", texts("-"))
	if output := ws.Must("apply", "-auto-approve", "-no-color").Output; strings.Contains(output, "Warning: Clarifai") {
		t.Error(output)
	}
	plan(t, ws, 0)
}

// A key that ignores changes of app_id stays in an app that Terraform renames,
// and the next plan does not take that for a rename by somebody else.
func TestAccAdvice_ownRename(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	const ignore = "lifecycle {\n  ignore_changes = [app_id]\n}"
	ws.Write("main.tf", appAndKey(`id = "tenant"`, ignore))
	ws.Must("apply", "-auto-approve")
	key := theKey(t, w)
	ws.Write("main.tf", appAndKey(`id = "renamed"`, ignore))
	ws.Must("apply", "-auto-approve")
	for range 2 {
		if output := ws.Must("apply", "-auto-approve", "-no-color").Output; strings.Contains(output, "renamed outside") {
			t.Error(output)
		}
	}
	plan(t, ws, 0)
	if theKey(t, w) != key {
		t.Error("the key was replaced")
	}
}

// A state that was edited by hand may lack the owner, which is then the provider's
// user.
func TestAccAdvice_ownerMissing(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.New(t, w)
	ws.Write("main.tf", appAndKey(`id = "tenant"`, ""))
	ws.Must("apply", "-auto-approve")
	state := string(ws.Read("terraform.tfstate"))
	edited := strings.ReplaceAll(state, `"user_id": "emulator-user"`, `"user_id": null`)
	if edited == state {
		t.Fatal("the state has no owner to remove")
	}
	ws.Write("terraform.tfstate", edited)
	plan(t, ws, 0)
	ws.Must("apply", "-auto-approve")
	if state := string(ws.Read("terraform.tfstate")); strings.Contains(state, `"user_id": null`) {
		t.Error("the owner is still missing")
	}
}
