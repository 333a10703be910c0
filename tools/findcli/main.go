// Command findcli prints the path of the Terraform or OpenTofu that tests,
// documentation and demo use, or with -exports the shell lines that tell the
// acceptance tests about it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
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

	f := finder{getenv: os.Getenv, lookPath: exec.LookPath, download: downloadTerraform}
	path, err := f.find(ctx)
	if err != nil {
		return err
	}
	if !asExports {
		fmt.Println(path)
		return nil
	}

	openTofu, err := isOpenTofu(ctx, path)
	if err != nil {
		return err
	}
	fmt.Print(exports(path, openTofu))
	return nil
}
