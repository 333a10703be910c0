package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestWithoutSettings(t *testing.T) {
	t.Parallel()
	got := withoutSettings([]string{"PATH=/bin", "TF_LOG=TRACE", "CLARIFAI_PAT=x", "HOME=/root", "TF_CLI_ARGS=-destroy", "GOGC=50"})
	apitest.Equal(t, got, []string{"PATH=/bin", "GOGC=50"}, "environment")
}

// TestWorkspace runs a program in place of a CLI that prints its environment.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fake := filepath.Join(dir, "fake")
	script := "#!/bin/sh\nenv\ncat main.tf\necho to stderr >&2\nexit $1\n"
	apitest.Must(t, os.WriteFile(fake, []byte(script), 0o700))
	w, err := New(Options{
		Program: fake, Dir: filepath.Join(dir, "work"), Home: filepath.Join(dir, "home"),
		Providers: map[string]string{"clarifai/clarifai": "/provider"},
		Inherited: []string{"PATH=" + os.Getenv("PATH"), "HOME=/elsewhere", "TF_LOG=TRACE", "CLARIFAI_PAT=real"},
		Env:       []string{"ADDED=1"},
	})
	apitest.Must(t, err)
	apitest.Must(t, w.Write("main.tf", "# the configuration\n"))
	r := w.Run(t.Context(), "2")
	if r.ExitCode != 2 || r.Err == nil || r.Stderr != "to stderr\n" || !strings.Contains(r.Output, "to stderr\n") || r.String() != "2" {
		t.Errorf("%+v", r)
	}
	apitest.Says(t, r.Stdout, "HOME="+filepath.Join(dir, "home")+"\n", "ADDED=1\n", "TF_INPUT=0\n", "# the configuration\n")
	apitest.SaysNot(t, r.Stdout, "TRACE", "real", "/elsewhere")
	if r := w.Run(t.Context(), "0"); r.Err != nil || r.ExitCode != 0 {
		t.Errorf("%+v", r)
	}
	config, err := os.ReadFile(filepath.Join(dir, "home", "cli.tfrc"))
	for _, want := range []string{`"registry.terraform.io/clarifai/clarifai" = "/provider"`, `"registry.opentofu.org/clarifai/clarifai" = "/provider"`} {
		if err != nil || !strings.Contains(string(config), want) {
			t.Errorf("no %s in\n%s%v", want, config, err)
		}
	}
}

// TestWorkspace_init makes the mirror in which init looks for providers.
func TestWorkspace_init(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "terraform-provider-d")
	apitest.Must(t, os.WriteFile(program, []byte("content"), 0o700))
	home := filepath.Join(dir, "home")
	apitest.Must(t, apitest.Err(New(Options{Dir: filepath.Join(dir, "work"), Home: home, Init: true, Providers: map[string]string{"c/d": dir}})))
	for _, registry := range registries {
		linked := filepath.Join(home, "mirror", registry, "c", "d", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-d_v0.0.1")
		if content, err := os.ReadFile(linked); string(content) != "content" {
			t.Errorf("%s: %v", registry, err)
		}
	}
	config, err := os.ReadFile(filepath.Join(home, "cli.tfrc"))
	all := `["registry.terraform.io/c/d", "registry.opentofu.org/c/d"]`
	for _, want := range []string{`"` + filepath.ToSlash(filepath.Join(home, "mirror")) + `"`, "include = " + all, "exclude = " + all} {
		if err != nil || !strings.Contains(string(config), want) {
			t.Errorf("no %s in\n%s%v", want, config, err)
		}
	}
}
