package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestMirrorVersion(t *testing.T) {
	t.Parallel()
	for built, want := range map[string]string{
		"1.2.3": "1.2.3", "dev": MirroredVersion, "": MirroredVersion, "1.2.3-4-g0a1b2c3": MirroredVersion, "1.2": MirroredVersion,
	} {
		if got := MirrorVersion(built); got != want {
			t.Errorf("%q: %s, want %s", built, got, want)
		}
	}
}

// TestMirror installs a program, then another version of it, and adds an archive.
func TestMirror(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, archive := filepath.Join(dir, "built.exe"), filepath.Join(dir, "terraform-provider-clarifai_3.0.0_linux_arm.zip")
	for _, file := range []string{program, archive} {
		if err := os.WriteFile(file, []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := Mirror(filepath.Join(dir, "mirror"))
	for _, version := range []string{"1.0.0", "2.0.0"} {
		if err := m.Install(Source, version, program); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Add(Source, archive); err != nil {
		t.Fatal(err)
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
		if _, err := os.Stat(filepath.Join(folder, filepath.Base(archive))); err != nil {
			t.Error(err)
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
