// Package examples applies every example of the documentation, and installs the provider
// from a mirror.
package examples

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

const root = "../../../examples"

// needs are the first versions of Terraform and OpenTofu that can run what is in a
// path. An empty one means none.
var needs = []struct{ in, terraform, openTofu string }{
	{"functions/", "1.8.0", "1.7.0"},
	{"ephemeral-resources/", "1.10.0", "1.11.0"},
	{"import-by-", "1.5.0", "1.6.0"},
	{"import-by-identity", "1.12.0", "1.12.0"},
	{"list-resources/", "1.14.0", ""},
	{"actions/", "1.14.0", ""},
}

// TestAccExamples applies each file by itself, checks that the next plan is empty,
// and destroys everything. A new example is tested without a change here.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"*/*.tf", "*/*/*.tf"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		apitest.Must(t, err)
		files = append(files, found...)
	}
	if len(files) < 10 {
		t.Fatalf("only %d examples were found", len(files))
	}
	for _, file := range files {
		name, err := filepath.Rel(root, file)
		apitest.Must(t, err)
		if strings.HasPrefix(filepath.ToSlash(name), "tenants/") {
			continue // the guide Provisioning tenants has the whole folder
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			t.Parallel()
			applyExample(t, name)
		})
	}
}

// applyExample applies one file, without the user in the environment, and plans with
// it: neither makes a difference.
func applyExample(t *testing.T, name string) {
	t.Helper()
	file := filepath.Join(root, name)
	w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
	ws := clitest.New(t, w)
	withUser := ws.Env
	ws.Env = slices.DeleteFunc(slices.Clone(withUser), func(v string) bool { return strings.HasPrefix(v, "CLARIFAI_USER_ID=") })
	for _, n := range needs {
		if strings.Contains(filepath.ToSlash(name), n.in) {
			ws.Release.SkipBelow(t, n.terraform, n.openTofu)
		}
	}
	if strings.HasPrefix(filepath.Base(file), "import-by-") {
		prepareImport(t, w, ws, file)
	} else {
		ws.Write("main.tf", read(t, file))
	}
	apitest.SaysNot(t, ws.Must("apply", "-auto-approve", "-no-color").Output, "models of other apps")
	ws.Env = withUser
	ws.CheckSettled()
	ws.Must("destroy", "-auto-approve", "-no-color")
	apitest.Must(t, w.NothingLeft(nil))
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	apitest.Must(t, err)
	return string(b)
}

var (
	target      = regexp.MustCompile(`(?m)^\s*to\s*=\s*(\S+)$`)
	fingerprint = regexp.MustCompile(`\b[0-9a-f]{16}\b`)
)

// prepareImport creates what the example imports, with the resource example beside
// it, and removes it from the state, so that only an import finds it again.
func prepareImport(t *testing.T, w *acctest.World, ws *clitest.Workspace, file string) {
	t.Helper()
	resource, text := read(t, filepath.Join(filepath.Dir(file), "resource.tf")), read(t, file)
	to := target.FindStringSubmatch(text)
	if to == nil {
		t.Fatal("the example has no resource to import to")
	}
	ws.Write("main.tf", resource)
	apitest.SaysNot(t, ws.Must("apply", "-auto-approve", "-no-color").Output, "models of other apps")
	ws.Must("state", "rm", to[1])
	if keys := w.Keys(w.UserID(), ""); len(keys) == 1 { // the example cannot know the fingerprint
		text = fingerprint.ReplaceAllString(text, clarifai.Secret(keys[0].ID).Fingerprint())
	}
	ws.Write("import.tf", text)
	apitest.Says(t, ws.Must("plan", "-no-color").Stdout, "1 to import, 0 to add")
}

// TestAccMirror initializes a configuration with a module, two more providers and a
// lock file from a mirror, and plans it.
func TestAccMirror(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := clitest.WithMirror(t, w, map[string]string{cli.Source: clitest.Module, "clarifai/twin": clitest.Module + "/internal/bench"})
	ws.Copy("testdata")
	ws.Must("init", "-no-color")
	lock := string(ws.Read(".terraform.lock.hcl"))
	registry := "registry.terraform.io"
	if ws.Release.OpenTofu {
		registry = "registry.opentofu.org"
	}
	for _, source := range []string{cli.Source, "clarifai/twin"} {
		apitest.Says(t, lock, `"`+registry+"/"+source+`"`)
	}
	if r := ws.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 2 || !strings.Contains(r.Stdout, "3 to add") {
		t.Fatalf("the plan after init: %v\n%s", r.Err, r.Output)
	}
	ws.Must("apply", "-auto-approve", "-no-color")
	ws.Must("init", "-no-color", "-lockfile=readonly")
	ws.CheckSettled()
	ws.Must("destroy", "-auto-approve", "-no-color")
	apitest.Must(t, w.NothingLeft(nil))
}
