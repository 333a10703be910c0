// Command demo shows the provider at work without an account: it starts the
// emulator, runs Terraform or OpenTofu on an example through plan, apply,
// drift, repair and destroy, and checks the result of each step.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

type options struct {
	cli, picture         string
	providerDir, example string // folders
}

func main() {
	o := options{providerDir: "bin", example: "examples/demo"}
	flag.StringVar(&o.cli, "cli", "", "path of the terraform or tofu program")
	flag.StringVar(&o.picture, "picture", "", "file to write a picture of the run to, in SVG")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s := &screen{out: os.Stdout, color: wantsColor(os.Stdout, os.Getenv)}
	err := run(ctx, o, s)
	stop()
	if err == nil && o.picture != "" {
		err = os.WriteFile(o.picture, []byte(picture("make demo", s.lines)), 0o644) // #nosec G306 -- a picture for everyone
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", redact(err.Error()))
		os.Exit(1)
	}
}

// run prepares a copy of the example with an emulator, and plays the demo there.
func run(ctx context.Context, o options, s *screen) error {
	if o.cli == "" {
		return errors.New("-cli is needed: the path of terraform or tofu")
	}
	dir, err := os.MkdirTemp("", "clarifai-demo-")
	if err != nil {
		return err
	}
	// The state in it holds keys, if only the emulator's.
	defer os.RemoveAll(dir)

	e := emulator.New(emulator.Options{UserID: "demo-user"})
	account, stop := cli.Serve(e)
	defer stop()

	work, err := cli.New(cli.Options{
		Program: o.cli, Dir: filepath.Join(dir, "work"), Home: filepath.Join(dir, "home"),
		Providers: map[string]string{"clarifai/clarifai": o.providerDir}, Env: account.Environment(),
	})
	if err != nil {
		return err
	}
	if err := os.CopyFS(work.Dir, os.DirFS(o.example)); err != nil {
		return fmt.Errorf("copying the example: %w", err)
	}
	d := demo{space: work, emulator: e, account: account, screen: s}
	return d.play(ctx)
}
