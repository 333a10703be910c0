package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program writes an executable that answers like a CLI of that name.
func program(t *testing.T, dir, name, output string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	script := "#!/bin/sh\necho '" + output + "'\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func newFinder(download func(context.Context) (string, error)) finder {
	return finder{getenv: os.Getenv, lookPath: exec.LookPath, download: download}
}

func noDownload(t *testing.T) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		t.Error("a download was started although a CLI was there")
		return "", errors.New("not expected")
	}
}

func TestFindOrder(t *testing.T) {
	both, onlyTofu, asked := t.TempDir(), t.TempDir(), t.TempDir()
	terraform := program(t, both, "terraform", "Terraform v1.11.4")
	program(t, both, "tofu", "OpenTofu v1.11.0")
	tofu := program(t, onlyTofu, "tofu", "OpenTofu v1.11.0")
	other := program(t, asked, "my-cli", "Terraform v1.9.0")

	for name, tc := range map[string]struct {
		path, variable, want string
	}{
		"the one asked for wins":      {path: both, variable: other, want: other},
		"Terraform before OpenTofu":   {path: onlyTofu + ":" + both, want: terraform},
		"OpenTofu where it is alone":  {path: onlyTofu, want: tofu},
		"an empty variable is no ask": {path: both, variable: "", want: terraform},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", tc.path)
			t.Setenv(pathVariable, tc.variable)
			got, err := newFinder(noDownload(t)).find(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("found %s, want %s", got, tc.want)
			}
		})
	}
}

func TestFindRefusesAnUnusableChoice(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	program(t, dir, "terraform", "Terraform v1.11.4")
	notExecutable := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(notExecutable, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}

	for name, path := range map[string]string{
		"missing":        filepath.Join(dir, "nothing-here"),
		"not executable": notExecutable,
		"a folder":       dir,
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(pathVariable, path)
			_, err := newFinder(noDownload(t)).find(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			for _, word := range []string{pathVariable, path} {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("the error does not name %s: %s", word, err)
				}
			}
		})
	}
}

func TestFindDownloadsLast(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(pathVariable, "")

	want := filepath.Join(t.TempDir(), "terraform")
	got, err := newFinder(func(context.Context) (string, error) { return want, nil }).find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("found %s, want %s", got, want)
	}

	_, err = newFinder(func(context.Context) (string, error) { return "", errors.New("no network") }).find(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	for _, word := range []string{pathVariable, "terraform", "tofu", "no network", "Install"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %s", word, err)
		}
	}
}

func TestIsOpenTofu(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for output, want := range map[string]bool{"Terraform v1.11.4": false, "OpenTofu v1.11.0": true} {
		got, err := isOpenTofu(t.Context(), program(t, dir, "any-name", output))
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%q: OpenTofu %t, want %t", output, got, want)
		}
	}

	if _, err := isOpenTofu(t.Context(), filepath.Join(dir, "nothing-here")); err == nil {
		t.Error("no error for a program that is not there")
	}
}

func TestExports(t *testing.T) {
	t.Parallel()
	got := exports("/a path/it's", true)
	want := "export TF_ACC_TERRAFORM_PATH='/a path/it'\\''s'\nexport TF_ACC_PROVIDER_HOST=registry.opentofu.org\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := exports("/bin/terraform", false); strings.Contains(got, "TF_ACC_PROVIDER_HOST") {
		t.Errorf("Terraform needs no provider host: %q", got)
	}
}
