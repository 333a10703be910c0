package appkey_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// checkMoveRefused checks that a run refuses to leave a renamed app, and returns what
// it says.
func checkMoveRefused(t *testing.T, ws *clitest.Workspace, args ...string) string {
	t.Helper()
	r := ws.Run(append(args, "-no-color")...)
	said := clitest.Unwrapped(r.Output)
	if r.Err == nil || !strings.Contains(said, "Cannot move app key") || !strings.Contains(said, "was renamed outside of Terraform") {
		t.Fatalf("%s is not refused:\n%s", r, r.Output)
	}
	return said
}

func checkUnchanged(t *testing.T, w *acctest.World, ws *clitest.Workspace) {
	t.Helper()
	if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 || w.LiveKeys() != 1 || w.Count("PostKeys") != 1 {
		t.Errorf("%d keys live, and the next plan is:\n%s", w.LiveKeys(), r.Output)
	}
}

// renamedOutside applies a configuration and renames its app outside Terraform.
func renamedOutside(t *testing.T, s emulator.Switches, config string) (*acctest.World, *clitest.Workspace) {
	t.Helper()
	w := acctest.Start(t, emulator.Options{Switches: s})
	if !strings.Contains(config, "clarifai_app\"") {
		must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	}
	ws := clitest.InProcess(t, w)
	ws.Write("main.tf", config)
	ws.Must("apply", "-auto-approve")
	must(t, w.RenameApp(w.UserID(), "tenant", "elsewhere"))
	return w, ws
}

// TestAccAppKey_renamedOutsideLost loses track of an app that was renamed outside
// Terraform, because Clarifai does not tell its new ID, and follows the advice.
func TestAccAppKey_renamedOutsideLost(t *testing.T) {
	t.Parallel()
	const config = tenant + "resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app.t.id\n  scopes = [\"Predict\"]\n}\n"
	for name, refreshed := range map[string]bool{"refreshed": true, "not refreshed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, ws := renamedOutside(t, emulator.Switches{RenameOld: "not_found"}, config)
			if refreshed {
				ws.Must("apply", "-refresh-only", "-auto-approve")
				checkMoveRefused(t, ws, "plan", "-refresh=false")
			}
			said := checkMoveRefused(t, ws, "plan")
			checkMoveRefused(t, ws, "destroy", "-auto-approve")
			if want := "terraform import ADDRESS " + w.UserID() + "/elsewhere"; !strings.Contains(said, want) {
				t.Fatalf("%q is missing in:\n%s", want, said)
			}
			ws.Write("main.tf", strings.Replace(config, `"tenant"`, `"elsewhere"`, 1))
			if !refreshed {
				ws.Must("state", "rm", "clarifai_app.t")
			}
			ws.Must("import", "clarifai_app.t", w.UserID()+"/elsewhere")
			checkUnchanged(t, w, ws)
			ws.Must("destroy", "-auto-approve")
			if apps, keys := w.LiveApps(), w.LiveKeys(); apps+keys > 0 {
				t.Errorf("%d apps and %d keys are left", apps, keys)
			}
		})
	}
}

// TestAccAppKey_renamedOutsideUnmanaged renames an app that is not Terraform's:
// the key stays whether or not the plan refreshes it.
func TestAccAppKey_renamedOutsideUnmanaged(t *testing.T) {
	t.Parallel()
	config := of(`"tenant"`, `scopes = ["Predict"]`)
	for _, old := range []string{"moved", "not_found"} {
		t.Run(old, func(t *testing.T) {
			t.Parallel()
			w, ws := renamedOutside(t, emulator.Switches{RenameOld: old}, config)
			ws.Must("apply", "-refresh-only", "-auto-approve")
			checkMoveRefused(t, ws, "plan")
			checkMoveRefused(t, ws, "apply", "-auto-approve", "-refresh=false")
			ws.Write("main.tf", strings.Replace(config, "tenant", "elsewhere", 1))
			checkUnchanged(t, w, ws)
			ws.Write("main.tf", config)
			checkMoveRefused(t, ws, "destroy", "-auto-approve")
			ws.Must("apply", "-refresh-only", "-auto-approve") // as the error says
			ws.Must("destroy", "-auto-approve", "-refresh=false")
			if n := w.LiveKeys(); n > 0 {
				t.Errorf("%d keys are left", n)
			}
		})
	}
}

// TestAccAppKey_renamedOutsideAndBack lets Terraform rename the app back, with and
// without a refresh: its key stays.
func TestAccAppKey_renamedOutsideAndBack(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"-refresh=true", "-refresh=false"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			w, ws := renamedOutside(t, emulator.Switches{RenameOld: "moved"}, tenant+of("clarifai_app.t.id", `scopes = ["Predict"]`))
			ws.Must("apply", "-refresh-only", "-auto-approve")
			ws.Must("apply", "-auto-approve", flag)
			checkUnchanged(t, w, ws)
		})
	}
}

// TestAccAppKey_renamedOutsideChain gives the old name of an app that was renamed
// outside Terraform to another one: the key is not to follow the name.
func TestAccAppKey_renamedOutsideChain(t *testing.T) {
	t.Parallel()
	config := func(first, second, of string) string {
		return "resource \"clarifai_app\" \"t\" {\n  id = \"" + first + "\"\n}\nresource \"clarifai_app\" \"b\" {\n  id = \"" + second + "\"\n}\n" +
			"resource \"clarifai_app_key\" \"k\" {\n  app_id = clarifai_app." + of + ".id\n  scopes = [\"Predict\"]\n}\n"
	}
	w, ws := renamedOutside(t, emulator.Switches{RenameOld: "moved"}, config("tenant", "b", "t"))
	ws.Write("main.tf", config("elsewhere", "tenant", "b"))
	checkMoveRefused(t, ws, "plan")
	ws.Must("apply", "-refresh-only", "-auto-approve")
	checkMoveRefused(t, ws, "plan", "-refresh=false")
	ws.Write("main.tf", config("elsewhere", "b", "t"))
	checkUnchanged(t, w, ws)
}
