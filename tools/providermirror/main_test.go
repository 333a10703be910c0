package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "terraform-provider-clarifai")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := options{program: program, mirror: filepath.Join(dir, "mirror"), config: filepath.Join(dir, "cli.tfrc")}
	for _, c := range []struct{ built, want string }{{"dev", "0.0.1"}, {"1.2.3-4-g0a1b2c3", "0.0.1"}, {"1.2.3", "1.2.3"}} {
		var out bytes.Buffer
		o.version = c.built
		if err := run(o, &out); err != nil {
			t.Fatal(err)
		}
		for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			programs, err := filepath.Glob(filepath.Join(o.mirror, registry, "clarifai", "clarifai", "*", "*", "terraform-provider-clarifai_v*"))
			if err != nil || len(programs) != 1 || !strings.HasSuffix(programs[0], "_v"+c.want) {
				t.Errorf("%s of %s: %v, %v; want version %s alone", c.built, registry, programs, err, c.want)
			}
		}
		config, err := os.ReadFile(o.config)
		if err != nil || !strings.Contains(out.String(), string(config)) || !strings.Contains(out.String(), "TF_CLI_CONFIG_FILE="+`"`+o.config) {
			t.Errorf("%v\n%s", err, &out)
		}
	}
	if err := run(options{}, &bytes.Buffer{}); err == nil {
		t.Error("nothing to install is accepted")
	}
}
