package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// workspace is a folder with a configuration and its state.
type workspace struct {
	bench  *bench
	folder string
	env    []string
}

// usage is what one command of the CLI took.
type usage struct {
	Wall        time.Duration
	CPU         time.Duration // of the CLI and its providers
	ProviderCPU time.Duration
	Peak        int64 // of the provider process that took most, in bytes
}

func (b *bench) workspace(name, config string, env ...string) (*workspace, error) {
	w := &workspace{bench: b, folder: filepath.Join(b.folder, name), env: env}
	return w, errors.Join(os.Mkdir(w.folder, 0o700), w.configure(config))
}

func (w *workspace) configure(config string) error {
	return os.WriteFile(filepath.Join(w.folder, "main.tf"), []byte(config), 0o600)
}

func (w *workspace) statePath() string { return filepath.Join(w.folder, "terraform.tfstate") }

func (w *workspace) state() ([]byte, error) { return os.ReadFile(w.statePath()) }

func (w *workspace) setState(content []byte) error {
	return os.WriteFile(w.statePath(), content, 0o600)
}

func (w *workspace) apply(ctx context.Context, args ...string) (usage, error) {
	return w.run(ctx, "apply", append(args, "-auto-approve")...)
}

func (w *workspace) destroy(ctx context.Context) (usage, error) {
	return w.run(ctx, "destroy", "-auto-approve")
}

// plan is an error when it wants to change anything: it would be another plan
// than the one to measure.
func (w *workspace) plan(ctx context.Context) (usage, error) {
	return w.run(ctx, "plan", "-detailed-exitcode")
}

func (w *workspace) run(ctx context.Context, command string, args ...string) (usage, error) {
	cmd := exec.CommandContext(ctx, w.bench.programs.cli, append([]string{command, "-input=false", "-no-color"}, args...)...)
	cmd.Dir = w.folder
	records := filepath.Join(w.folder, "records")
	profiles, err := w.bench.profilesOf(filepath.Base(w.folder) + "-" + command)
	if err != nil {
		return usage{}, err
	}
	cmd.Env = append(plainEnvironment(os.Environ()), append(w.env, "TF_CLI_CONFIG_FILE="+w.bench.cliConfig,
		"CHECKPOINT_DISABLE=1", "HOME="+w.bench.folder, recordsEnv+"="+records, profilesEnv+"="+profiles)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	// A CLI that is killed leaves its providers behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute

	started := time.Now()
	err = cmd.Run()
	u := usage{Wall: time.Since(started)}
	if err != nil {
		return u, fmt.Errorf("%s %s in %s: %w\n%s", filepath.Base(w.bench.programs.cli), command, filepath.Base(w.folder), err, tail(out.String(), 40))
	}
	u.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	noted, err := readRecords(records)
	for _, r := range noted {
		u.ProviderCPU += r.CPU
		u.Peak = max(u.Peak, r.Peak)
	}
	return u, err
}

// profilesEnv tells the program in internal/bench/profiled where to write.
const profilesEnv = "BENCH_PROFILES"

// profilesOf is the folder for the profiles of one command, "" without any.
func (b *bench) profilesOf(command string) (string, error) {
	if b.settings.profiles == "" {
		return "", nil
	}
	folder := filepath.Join(b.settings.profiles, command)
	return folder, os.MkdirAll(folder, 0o750)
}

// plainEnvironment leaves out what would change how the CLI or the provider
// behaves.
func plainEnvironment(env []string) []string {
	var kept []string
	for _, entry := range env {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "CLARIFAI_") && !strings.HasPrefix(entry, "HOME=") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// tail is the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
