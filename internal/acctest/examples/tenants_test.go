package examples

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// tenants returns a workspace with a copy of examples/tenants after init.
func tenants(t *testing.T, w *acctest.World) *clitest.Workspace {
	t.Helper()
	ws := clitest.WithMirror(t, w, map[string]string{cli.Source: clitest.Module})
	ws.Copy(filepath.Join(root, "tenants"))
	ws.Must("init", "-no-color")
	return ws
}

// TestAccTenants applies the example for one state and for one per shard.
func TestAccTenants(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		keys int
	}{
		"one state": {nil, 3},
		"shard a":   {[]string{"-var=shard=a"}, 2},
		"shard b":   {[]string{"-var=shard=b"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{UserID: "my-organization"})
			ws := tenants(t, w)
			run := func(args ...string) cli.Result { return ws.Run(append(args, c.args...)...) }
			if r := run("apply", "-auto-approve", "-no-color"); r.Err != nil || strings.Contains(r.Output, "Warning") {
				t.Fatalf("%v\n%s", r.Err, r.Output)
			}
			if n := w.LiveKeys(); n != c.keys {
				t.Errorf("%d keys, want %d", n, c.keys)
			}
			if r := run("plan", "-detailed-exitcode", "-no-color"); r.Err != nil {
				t.Errorf("the next plan is not empty: %v\n%s", r.Err, r.Output)
			}
			if r := ws.Run("plan", "-var=shard=c", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "belongs to another shard") {
				t.Errorf("a plan of another shard with this state: %v\n%s", r.Err, r.Output)
			}
			if r := run("destroy", "-auto-approve", "-no-color"); r.Err != nil {
				t.Errorf("%v\n%s", r.Err, r.Output)
			}
			if err := w.NothingLeft(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAccTenants_ownTests runs the tests of the example, which destroy what they
// create.
func TestAccTenants_ownTests(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	ws := tenants(t, w)
	ws.Release.SkipBelow(t, "1.6.0", "1.6.0")
	if r := ws.Must("test", "-no-color"); !strings.Contains(r.Output, " 0 failed") || strings.Contains(r.Output, "Warning") {
		t.Error(r.Output)
	}
	if err := w.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}
