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
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// bench is one run.
type bench struct {
	settings  settings
	programs  programs
	folder    string            // temporary
	providers map[string]string // folders by source
	started   time.Time
}

func main() {
	if isWrapper(os.Args[0]) {
		os.Exit(wrap(os.Args))
	}
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
	s, err := parse(args, os.Getenv)
	if err != nil {
		return err
	}
	if s.profiles != "" {
		if s.profiles, err = filepath.Abs(s.profiles); err != nil {
			return err
		}
	}
	b := &bench{settings: s, started: time.Now()}
	if b.folder, err = os.MkdirTemp("", "clarifai-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()

	b.logf("building")
	bin, plugins := filepath.Join(b.folder, "bin"), filepath.Join(b.folder, "plugins")
	if err := errors.Join(os.Mkdir(bin, 0o700), os.Mkdir(plugins, 0o700)); err != nil {
		return err
	}
	if b.programs, err = build(ctx, bin, s); err != nil {
		return err
	}
	if b.providers, err = b.programs.install(plugins); err != nil {
		return err
	}
	if s.compare != "" {
		return b.compare(ctx)
	}
	var r results
	for _, n := range s.sizes {
		if err = b.series(ctx, n, &r); err != nil {
			break
		}
	}
	// What was measured before a failure is worth printing, too.
	b.head()
	r.write(os.Stdout)
	return err
}

// head prints where and how this was measured.
func (b *bench) head() {
	version, _ := cli.Version(context.Background(), b.programs.cli)
	fmt.Printf("%s, %s, %s/%s, %d CPUs, no rate limit, %d rounds, %s.\n\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), b.settings.rounds, time.Now().UTC().Format(time.DateOnly))
}

// logf prints progress.
func (b *bench) logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "==> %7s  %s\n", time.Since(b.started).Round(time.Second), fmt.Sprintf(format, args...))
}
