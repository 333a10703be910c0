package cli

import (
	"context"
	"fmt"
	"os/exec"
)

// BuildOptions say what Build compiles.
type BuildOptions struct {
	Package string
	Output  string   // path of the program
	Dir     string   // folder of the module; empty: the current one
	Flags   []string // of go build
}

// Build compiles the program of a main package.
func Build(ctx context.Context, o BuildOptions) error {
	args := append(append([]string{"build"}, o.Flags...), "-o", o.Output, o.Package)
	cmd := exec.CommandContext(ctx, "go", args...) // #nosec G204 -- packages that tests and tools name
	cmd.Dir = o.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", o.Package, err, out)
	}
	return nil
}
