// Command findcli prints the path of the Terraform or OpenTofu that tests,
// documentation and demo use. With -exports it prints shell lines that set it for
// the acceptance tests.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

func main() {
	asExports := flag.Bool("exports", false, "print export lines for a shell instead of the path")
	flag.Parse()

	if err := run(*asExports); err != nil {
		fmt.Fprintln(os.Stderr, "findcli:", err)
		os.Exit(1)
	}
}

func run(asExports bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	path, err := cli.Find(ctx, downloadTerraform)
	if err != nil {
		return err
	}
	if !asExports {
		fmt.Println(path)
		return nil
	}

	version, err := cli.Version(ctx, path)
	if err != nil {
		return err
	}
	fmt.Print(exports(path, strings.HasPrefix(version, "OpenTofu")))
	return nil
}

// exports returns the lines that a shell evaluates before it runs the acceptance
// tests.
func exports(path string, openTofu bool) string {
	lines := fmt.Sprintf("export %s=%s\n", cli.PathVariable, shellQuote(path))
	if openTofu {
		// OpenTofu resolves the provider's short name to its own registry.
		lines += "export TF_ACC_PROVIDER_HOST=registry.opentofu.org\n"
	}
	return lines
}

func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
