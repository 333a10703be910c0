package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// TestMirror makes mirrors of a program that is built already.
func TestMirror(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	apitest.Must(t, err)
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	program := filepath.Join(dir, "bin", "terraform-provider-clarifai")
	apitest.Must(t, os.Mkdir(filepath.Dir(program), 0o700))
	apitest.Must(t, os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700))
	for _, c := range []struct{ built, want string }{{"dev", "0.0.1"}, {"1.2.3-4-g0a1b2c3", "0.0.1"}, {"1.2", "0.0.1"}, {"1.2.3", "1.2.3"}} {
		cmd := exec.CommandContext(t.Context(), "make", "-f", filepath.Join(root, "GNUmakefile"), "-o", "build", "mirror", "mirror="+mirror, "VERSION="+c.built)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			programs, err := filepath.Glob(filepath.Join(mirror, registry, "clarifai", "clarifai", "*", "*_*", "terraform-provider-clarifai_v*"))
			if err != nil || len(programs) != 1 || !strings.HasSuffix(programs[0], "_v"+c.want) || !strings.Contains(programs[0], "/"+c.want+"/") {
				t.Errorf("%s of %s: %v, %v; want version %s alone", c.built, registry, programs, err, c.want)
			}
		}
		config, err := os.ReadFile(mirror + ".tfrc")
		if err != nil || !strings.Contains(string(out), string(config)) || !strings.Contains(string(config), `path    = "`+mirror+`"`) ||
			!strings.Contains(string(out), `TF_CLI_CONFIG_FILE="`+mirror+`.tfrc"`) {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
