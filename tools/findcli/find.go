package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const pathVariable = "TF_ACC_TERRAFORM_PATH"

// finder looks for a CLI. The download is a field so that tests need no network.
type finder struct {
	getenv   func(string) string
	lookPath func(string) (string, error)
	download func(context.Context) (string, error)
}

// find returns the absolute path of the first CLI there is: the one asked for
// by the environment, Terraform, OpenTofu, a download.
func (f finder) find(ctx context.Context) (string, error) {
	if asked := f.getenv(pathVariable); asked != "" {
		path, err := f.lookPath(asked)
		if err != nil {
			// A choice that can not be honoured is an error: falling back would
			// test another CLI than the one asked for.
			return "", fmt.Errorf("%s is set to %q, which can not be used: %w; correct it or unset it", pathVariable, asked, err)
		}
		return filepath.Abs(path)
	}

	for _, name := range []string{"terraform", "tofu"} {
		if path, err := f.lookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}

	path, err := f.download(ctx)
	if err != nil {
		return "", fmt.Errorf("no Terraform and no OpenTofu found: %s is not set, neither terraform nor tofu is on PATH, "+
			"and a download failed: %w\nInstall Terraform or OpenTofu, or set %s to the path of one", pathVariable, err, pathVariable)
	}
	return filepath.Abs(path)
}

// isOpenTofu asks the program itself, because its file may have any name.
func isOpenTofu(ctx context.Context, path string) (bool, error) {
	cmd := exec.CommandContext(ctx, path, "version")
	// A setting meant for other runs must not decide whether the version can be printed.
	cmd.Env = withoutTerraformSettings(os.Environ())
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return false, fmt.Errorf("%s version failed: %w\n%s", path, err, exit.Stderr)
		}
		return false, fmt.Errorf("%s does not run: %w", path, err)
	}
	return strings.HasPrefix(string(out), "OpenTofu"), nil
}

func withoutTerraformSettings(env []string) []string {
	var kept []string
	for _, entry := range env {
		if !strings.HasPrefix(entry, "TF_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// exports are the lines a shell evaluates before it runs the acceptance tests.
func exports(path string, openTofu bool) string {
	lines := fmt.Sprintf("export %s=%s\n", pathVariable, shellQuote(path))
	if openTofu {
		// OpenTofu resolves the provider's short name to its own registry.
		lines += "export TF_ACC_PROVIDER_HOST=registry.opentofu.org\n"
	}
	return lines
}

func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
