package guides

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	find          = "Find the key"
	replaceKey    = "Replace a key that Terraform manages"
	revoke        = "Revoke a key that nothing manages"
	verify        = "Verify"
	exampleFinger = "0123456789abcdef"
)

// A leaked key that Terraform manages is found, replaced and gone.
func TestAccGuide_leakedManaged(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	managed := clitest.New(t, w)
	managed.Write("main.tf", `
resource "clarifai_app" "acme" {
  id = "acme-production"
}

resource "clarifai_app_key" "predict" {
  app_id = clarifai_app.acme.id
  scopes = ["Predict"]
}
`)
	managed.Must("apply", "-auto-approve")
	leaked := w.Keys(w.UserID(), "")[0].ID
	g := open(t, "leaked-key.md")
	search := g.find(w, leaked)

	if output := g.run(managed, find); output != "clarifai_app_key.predict\n" {
		t.Errorf("the state names %q", output)
	}
	g.run(managed, replaceKey, input("yes\n"), allowInput)
	if keys := w.Keys(w.UserID(), ""); len(keys) != 1 || keys[0].ID == leaked {
		t.Error("the key was not replaced")
	}
	for range 2 {
		g.pass(revoke, "terraform")
		g.pass(revoke, "shell")
	}
	g.verify(search)
}

// One that nothing manages is revoked, by each way that this CLI has.
func TestAccGuide_leakedUnmanaged(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"action", "import"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
			if err := w.PutApp(emulator.App{ID: "acme-production", UserID: w.UserID()}); err != nil {
				t.Fatal(err)
			}
			const leaked, other = 1, 2
			for _, n := range []int{leaked, other} {
				key := emulator.Key{ID: fmt.Sprintf("%032x", n), UserID: w.UserID(), AppID: "acme-production", Scopes: []string{"All"}}
				if err := w.PutKey(key); err != nil {
					t.Fatal(err)
				}
			}
			folder := clitest.New(t, w)
			if way == "action" {
				folder.Release.SkipBelow(t, "1.14.0", "")
			}
			g := open(t, "leaked-key.md")
			search := g.find(w, fmt.Sprintf("%032x", leaked))
			g.pass(find, "shell")
			g.pass(replaceKey, "shell")
			for _, block := range []string{"action", "import"} {
				if block != way {
					g.pass(revoke, "terraform")
					g.pass(revoke, "shell")
					continue
				}
				g.write(folder, revoke)
				output := g.run(folder, revoke)
				if strings.Contains(output, fmt.Sprintf("%032x", leaked)) {
					t.Error("the key is printed")
				}
			}
			if keys := w.Keys(w.UserID(), ""); len(keys) != 1 || keys[0].ID != fmt.Sprintf("%032x", other) {
				t.Errorf("%d keys left; only the other one should be", len(keys))
			}
			g.verify(search)
		})
	}
}

// find follows the first section and returns the folder that it works in.
func (g *guide) find(w *acctest.World, leaked string) *clitest.Workspace {
	g.t.Helper()
	search := clitest.New(g.t, w)
	if output := g.run(search, find, input(leaked+"\n")); strings.TrimSpace(output) != cli.Fingerprint(leaked) {
		g.t.Fatalf("the fingerprint is %q", output)
	}
	g.replace(exampleFinger, cli.Fingerprint(leaked))
	g.write(search, find)
	if output := g.run(search, find); !strings.Contains(output, "my-organization/acme-production/"+cli.Fingerprint(leaked)) {
		g.t.Errorf("the key is not found:\n%s", output)
	}
	return search
}

func (g *guide) verify(search *clitest.Workspace) {
	g.t.Helper()
	if output := g.run(search, verify); !strings.Contains(output, "leaked = []") {
		g.t.Errorf("the key is still there:\n%s", output)
	}
}
