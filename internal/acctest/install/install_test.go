// Package install tests the ways to install the provider that survive init.
package install

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { clitest.Main(m) }

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
