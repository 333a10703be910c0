package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/tools/release/archive"
)

// checkPrograms runs the programs for this platform. With a CLI, it installs the
// provider from a mirror of the archives and applies a configuration against the
// released emulator.
func (r *release) checkPrograms(ctx context.Context, o options) (err error) {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	if !slices.Contains(platforms[emulator], platform) {
		return nil
	}
	folder, err := os.MkdirTemp("", "clarifai-release-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	programs := map[string]string{}
	for program := range platforms {
		a, err := archive.Open(r.path(r.archive(program, platform)))
		if err != nil {
			return err
		}
		programs[program] = filepath.Join(folder, a.Program)
		if err := a.Extract(programs[program]); err != nil {
			return err
		}
		out, err := exec.CommandContext(ctx, programs[program], "-version").CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s -version: %w\n%s", program, err, out)
		}
		if want := program + " " + r.version; strings.TrimSpace(string(out)) != want {
			return fmt.Errorf("%s -version printed %q, not %q", program, out, want)
		}
	}
	if o.cli == "" {
		return nil
	}
	e, err := cli.StartEmulator(ctx, cli.EmulatorOptions{Program: programs[emulator], Folder: folder, UserID: "release"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	return r.apply(ctx, o, folder, e)
}

// apply applies the configuration with the provider from a mirror of the archives.
func (r *release) apply(ctx context.Context, o options, folder string, e *cli.Emulator) error {
	mirror := cli.Mirror(filepath.Join(folder, "mirror"))
	var archives []string
	for _, name := range r.archives(provider) {
		archives = append(archives, r.path(name))
	}
	if err := mirror.Add(cli.Source, archives...); err != nil {
		return err
	}
	ws, err := cli.New(cli.Options{
		Program: o.cli, Dir: filepath.Join(folder, "work"), Home: filepath.Join(folder, "home"),
		Mirror: mirror, Mirrored: []string{cli.Source}, Env: e.Environment(),
	})
	if err != nil {
		return err
	}
	// A CLI selects a prerelease, such as a snapshot, only if it is asked for.
	version := fmt.Sprintf("terraform {\n  required_providers {\n    clarifai = {\n      source  = %q\n      version = %q\n    }\n  }\n}\n", cli.Source, r.version)
	if err := errors.Join(os.CopyFS(ws.Dir, os.DirFS(o.tenant)), ws.Write("version_override.tf", version)); err != nil {
		return err
	}
	for _, args := range [][]string{{"init"}, {"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}, {"destroy", "-auto-approve"}} {
		if result := ws.Run(ctx, append(args, "-no-color")...); result.Err != nil {
			return fmt.Errorf("%s with the archives: %w\n%s", result, result.Err, result.Output)
		}
	}
	left, err := e.Stats(ctx)
	if err == nil && left.Apps+left.Keys > 0 {
		err = fmt.Errorf("%d apps and %d keys are left after the destroy", left.Apps, left.Keys)
	}
	return err
}
