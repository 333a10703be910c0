package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Version returns what a CLI says it is, such as "Terraform v1.11.4" or
// "OpenTofu v1.11.0". The name of its file may be any.
func Version(ctx context.Context, program string) (string, error) {
	cmd := exec.CommandContext(ctx, program, "version") // #nosec G204 -- the CLI of the caller
	// A setting meant for other runs must not decide whether the version can be read.
	cmd.Env = append(withoutSettings(os.Environ()), "HOME="+os.TempDir(), "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%s version failed: %w\n%s", program, err, exit.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("%s does not run: %w", program, err)
	}
	version, _, _ := strings.Cut(string(out), "\n")
	return version, nil
}
