package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// PathVariable is the environment variable that names the CLI to use.
const PathVariable = "TF_ACC_TERRAFORM_PATH"

// Finder finds a CLI on this machine. Its fields are what a test replaces.
type Finder struct {
	Getenv   func(string) string
	LookPath func(string) (string, error)
	Download func(context.Context) (string, error) // nil: no download
}

// Find returns the absolute path of the CLI that PathVariable names, or else
// that of terraform or tofu on PATH. It downloads nothing.
func Find(ctx context.Context) (string, error) {
	return Finder{Getenv: os.Getenv, LookPath: exec.LookPath}.Find(ctx)
}

// Find returns the absolute path of the first CLI that exists: the one that
// PathVariable names, terraform on PATH, tofu on PATH, a download.
func (f Finder) Find(ctx context.Context) (string, error) {
	if named := f.Getenv(PathVariable); named != "" {
		path, err := f.LookPath(named)
		if err != nil {
			// No fallback: the run would use another CLI than the one asked for.
			return "", fmt.Errorf("%s is set to %q, which cannot be used: %w; correct it or unset it", PathVariable, named, err)
		}
		return filepath.Abs(path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := f.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	err := errors.New("no download was tried; make test tries one")
	if f.Download != nil {
		path, failed := f.Download(ctx)
		if failed == nil {
			return filepath.Abs(path)
		}
		err = fmt.Errorf("the download failed: %w", failed)
	}
	return "", fmt.Errorf("no Terraform or OpenTofu found: %s is not set, neither terraform nor tofu is on PATH, "+
		"and %w\nInstall Terraform or OpenTofu, or set %s to the path of one", PathVariable, err, PathVariable)
}
