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

// Find returns the absolute path of the first CLI that exists: the one that
// PathVariable names, terraform on PATH, tofu on PATH, a download (nil: none is tried).
func Find(ctx context.Context, download func(context.Context) (string, error)) (string, error) {
	if named := os.Getenv(PathVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			// No fallback: the run would use another CLI than the one asked for.
			return "", fmt.Errorf("%s is set to %q, which cannot be used: %w; correct it or unset it", PathVariable, named, err)
		}
		return filepath.Abs(path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	err := errors.New("no download was tried; make test tries one")
	if download != nil {
		path, failed := download(ctx)
		if failed == nil {
			return filepath.Abs(path)
		}
		err = fmt.Errorf("the download failed: %w", failed)
	}
	return "", fmt.Errorf("no Terraform or OpenTofu found: %s is not set, neither terraform nor tofu is on PATH, "+
		"and %w\nInstall Terraform or OpenTofu, or set %s to the path of one", PathVariable, err, PathVariable)
}
