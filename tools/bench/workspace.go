package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// workspace is a folder with a configuration and its state.
type workspace struct {
	*cli.Workspace
	bench *bench
}

// usage is what one command of the CLI took.
type usage struct {
	Wall        time.Duration
	CPU         time.Duration // of the CLI and its providers
	ProviderCPU time.Duration
	Peak        int64 // of the provider process that took most, in bytes
}

// stateFile is where the CLI keeps the state.
const stateFile = "terraform.tfstate"

// workspace creates a workspace that talks to an account.
func (b *bench) workspace(name string, content files, account cli.Account) (*workspace, error) {
	ws, err := cli.New(cli.Options{
		Program: b.programs.cli, Dir: filepath.Join(b.folder, name), Home: filepath.Join(b.folder, "home"),
		Providers: b.providers, Env: account.Environment(),
	})
	if err != nil {
		return nil, err
	}
	for file, text := range content {
		if err := errors.Join(os.MkdirAll(filepath.Join(ws.Dir, filepath.Dir(file)), 0o700), ws.Write(file, text)); err != nil {
			return nil, err
		}
	}
	return &workspace{Workspace: ws, bench: b}, nil
}

func (w *workspace) apply(ctx context.Context) (usage, error) {
	return w.run(ctx, "apply", "-auto-approve")
}

// plan returns an error for a plan with changes, which is not the one to measure.
func (w *workspace) plan(ctx context.Context) (usage, error) {
	return w.run(ctx, "plan", "-detailed-exitcode")
}

func (w *workspace) run(ctx context.Context, command string, args ...string) (usage, error) {
	_, u, err := w.measure(ctx, command, args...)
	return u, err
}

// measure runs a command and returns what it printed and what it took.
func (w *workspace) measure(ctx context.Context, command string, args ...string) (cli.Result, usage, error) {
	name := filepath.Base(w.Dir)
	profiles, err := w.bench.profilesOf(name + "-" + command)
	if err != nil {
		return cli.Result{}, usage{}, err
	}
	records := filepath.Join(w.Dir, "records")
	measured := *w.Workspace
	measured.Env = append(slices.Clip(w.Env), recordsEnv+"="+records, profilesEnv+"="+profiles)

	r := measured.Run(ctx, append([]string{command, "-input=false", "-no-color"}, args...)...)
	noted, err := readRecords(records)
	u := usage{Wall: r.Wall, CPU: r.CPU}
	for _, r := range noted {
		u.ProviderCPU += r.CPU
		u.Peak = max(u.Peak, r.Peak)
	}
	if r.Err != nil {
		err = fmt.Errorf("%s %s in %s: %w\n%s", filepath.Base(w.bench.programs.cli), command, name, r.Err, tail(r.Output, 40))
	}
	return r, u, err
}

// profilesEnv names the folder that internal/bench/profiled writes to.
const profilesEnv = "BENCH_PROFILES"

// profilesOf returns the folder for the profiles of one command, or "" if none
// are wanted.
func (b *bench) profilesOf(command string) (string, error) {
	if b.settings.profiles == "" {
		return "", nil
	}
	folder := filepath.Join(b.settings.profiles, command)
	return folder, os.MkdirAll(folder, 0o750)
}

// tail returns the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
