// Package advice_test follows the advice of the provider's messages that only a CLI can
// follow, command by command, with the provider's own program.
package advice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

var must = apitest.Must

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
			apitest.Equal(t, theKey(t, w), key, "the key was replaced")
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
