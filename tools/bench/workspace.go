package main

import (
	"cmp"
	"context"
	"encoding/json"
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
	profiles string // folder for profiles; empty: none
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
		Program: b.cli, Dir: filepath.Join(b.folder, name), Home: filepath.Join(b.folder, "home"),
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
	return &workspace{Workspace: ws, profiles: b.profiles}, nil
}

// measure runs a command and returns what it took.
func (w *workspace) measure(ctx context.Context, command string, args ...string) (usage, error) {
	name := filepath.Base(w.Dir)
	records, profiles := filepath.Join(w.Dir, "records"), ""
	if w.profiles != "" {
		profiles = filepath.Join(w.profiles, name+"-"+command)
	}
	if err := errors.Join(os.Mkdir(records, 0o700), os.MkdirAll(cmp.Or(profiles, w.Dir), 0o750)); err != nil {
		return usage{}, err
	}
	measured := *w.Workspace
	measured.Env = append(slices.Clip(w.Env), "BENCH_RECORDS="+records, "BENCH_PROFILES="+profiles)
	r := measured.Run(ctx, append([]string{command, "-input=false", "-no-color"}, args...)...)
	u, err := readRecords(records)
	u.Wall, u.CPU, err = r.Wall, r.CPU, errors.Join(err, os.RemoveAll(records))
	if r.Err != nil {
		err = fmt.Errorf("%s in %s: %w\n%s", command, name, r.Err, tail(r.Output, 40))
	}
	return u, err
}

// readRecords returns what the processes of internal/bench noted in a folder.
func readRecords(folder string) (u usage, err error) {
	found, err := filepath.Glob(filepath.Join(folder, "record-*"))
	for _, file := range found {
		var took struct {
			CPU  time.Duration
			Peak int64
		}
		content, failed := os.ReadFile(file)
		err = errors.Join(err, failed, json.Unmarshal(content, &took))
		u.ProviderCPU += took.CPU
		u.Peak = max(u.Peak, took.Peak)
	}
	return u, err
}

// tail returns the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
