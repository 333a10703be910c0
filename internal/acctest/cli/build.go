package cli

import (
	"context"
	"fmt"
	"os/exec"
)

// Build compiles the program of a main package, seen from a folder; empty: the current
// one.
func Build(ctx context.Context, dir, pkg, output string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", output, pkg) // #nosec G204 -- packages that tests and tools name
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", pkg, err, out)
	}
	return nil
}
