package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// program writes an executable that answers like a CLI of that name.
func program(t *testing.T, dir, name, output string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	script := "#!/bin/sh\necho '" + output + "'\n"
	apitest.Must(t, os.WriteFile(path, []byte(script), 0o700))
	return path
}

// noDownload fails the test if it is called.
func noDownload(t *testing.T) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		t.Error("Find downloads although there is a CLI")
		return "", errors.New("not expected")
	}
}

func TestFind(t *testing.T) {
	both, onlyTofu, named := t.TempDir(), t.TempDir(), t.TempDir()
	terraform := program(t, both, "terraform", "Terraform v1.11.4")
	program(t, both, "tofu", "OpenTofu v1.11.0")
	tofu := program(t, onlyTofu, "tofu", "OpenTofu v1.11.0")
	other := program(t, named, "my-cli", "Terraform v1.9.0")
	notExecutable := filepath.Join(t.TempDir(), "terraform")
	apitest.Must(t, os.WriteFile(notExecutable, []byte("text"), 0o600))

	for name, tc := range map[string]struct {
		path, variable, want string // an error if nothing is wanted
	}{
		"the named one wins":         {path: both, variable: other, want: other},
		"Terraform before OpenTofu":  {path: onlyTofu + ":" + both, want: terraform},
		"OpenTofu if it is alone":    {path: onlyTofu, want: tofu},
		"an empty variable is unset": {path: both, variable: "", want: terraform},
		"named, missing":             {path: both, variable: filepath.Join(both, "nothing-here")},
		"named, not executable":      {path: both, variable: notExecutable},
		"named, a folder":            {path: both, variable: both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", tc.path)
			t.Setenv(PathVariable, tc.variable)
			got, err := Find(t.Context(), noDownload(t))
			apitest.Equal(t, got, tc.want, "found")
			if tc.want == "" {
				apitest.Fails(t, err, PathVariable, tc.variable)
			}
		})
	}
}

func TestFindDownloadsLast(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(PathVariable, "")

	want := filepath.Join(t.TempDir(), "terraform")
	got, err := Find(t.Context(), func(context.Context) (string, error) { return want, nil })
	apitest.Must(t, err)
	apitest.Equal(t, got, want, "found")

	_, err = Find(t.Context(), func(context.Context) (string, error) { return "", errors.New("no network") })
	apitest.Fails(t, err, PathVariable, "terraform", "tofu", "no network", "Install")
	apitest.Fails(t, apitest.Err(Find(t.Context(), nil)), "no download was tried")
}

func TestVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got, err := Version(t.Context(), program(t, dir, "any-name", "OpenTofu v1.11.0")); err != nil || got != "OpenTofu v1.11.0" {
		t.Errorf("%q, %v", got, err)
	}
	apitest.Fails(t, apitest.Err(Version(t.Context(), filepath.Join(dir, "nothing-here"))))
}
