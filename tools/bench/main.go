// Command bench measures plans of the Clarifai provider with a real CLI against the
// emulator, beside resources that cost nothing of their own. It prints the bounds
// that must hold and whether they do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// bench is one run.
type bench struct {
	settings
	cli       string            // its program
	folder    string            // temporary
	providers map[string]string // folders by source
	started   time.Time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run returns an error when something cannot be measured, not when a bound does
// not hold: a busy machine must not break a build.
func run(ctx context.Context, args []string) (err error) {
	b := &bench{started: time.Now()}
	if b.settings, err = parse(args, os.Getenv); err != nil {
		return err
	}
	if b.cli, err = cli.Find(ctx, nil); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "clarifai-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	b.logf("building")
	if err := b.build(ctx); err != nil {
		return err
	}
	if b.readme != "" {
		return b.compare(ctx)
	}
	var r results
	for _, n := range b.sizes {
		if err = b.series(ctx, n, &r); err != nil {
			break
		}
	}
	// What was measured before a failure is worth printing, too.
	version, _ := cli.Version(context.WithoutCancel(ctx), b.cli)
	fmt.Printf("%s, %s, %s/%s, %d CPUs, no rate limit, %d rounds, %s.\n\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), b.rounds, time.Now().UTC().Format(time.DateOnly))
	r.write(os.Stdout)
	return err
}

// logf prints progress.
func (b *bench) logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "==> %7s  %s\n", time.Since(b.started).Round(time.Second), fmt.Sprintf(format, args...))
}
