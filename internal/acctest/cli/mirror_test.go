package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMirror installs a program, then another version of it.
func TestMirror(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "built.exe")
	if err := os.WriteFile(program, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := Mirror(filepath.Join(dir, "mirror"))
	for _, version := range []string{"1.0.0", "2.0.0"} {
		if err := m.Install(Source, version, program); err != nil {
			t.Fatal(err)
		}
	}
	for _, registry := range registries {
		folder := filepath.Join(string(m), registry, "clarifai", "clarifai")
		platform := runtime.GOOS + "_" + runtime.GOARCH
		info, err := os.Stat(filepath.Join(folder, "2.0.0", platform, "terraform-provider-clarifai_v2.0.0.exe"))
		if err != nil || info.Mode()&0o100 == 0 && runtime.GOOS != "windows" {
			t.Errorf("%s: the program cannot be run: %v, %v", registry, info, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "1.0.0")); !os.IsNotExist(err) {
			t.Errorf("%s: the earlier version is still there: %v", registry, err)
		}
	}
	if err := m.Install(Source, "1.0.0", filepath.Join(dir, "none")); err == nil {
		t.Error("a program that does not exist is installed")
	}
}

func TestMirror_config(t *testing.T) {
	t.Parallel()
	config, err := Mirror("mirror").Config("a/b", "c/d")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Abs("mirror")
	if err != nil {
		t.Fatal(err)
	}
	all := `["registry.terraform.io/a/b", "registry.opentofu.org/a/b", "registry.terraform.io/c/d", "registry.opentofu.org/c/d"]`
	for _, want := range []string{`"` + filepath.ToSlash(folder) + `"`, "include = " + all, "exclude = " + all} {
		if !strings.Contains(config, want) {
			t.Errorf("no %s in\n%s", want, config)
		}
	}
}
