package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// timeProvider is HashiCorp's provider, which this module names as a tool.
const timeProvider = "github.com/hashicorp/terraform-provider-time"

// programs are the paths of the programs that a run uses.
type programs struct {
	cli       string
	emulator  string
	twin      string
	providers map[string]string // by name: clarifai, time, twin
}

// build compiles the programs that the settings do not name, in the provider's
// repository, into bin.
func build(ctx context.Context, bin string, s settings) (programs, error) {
	p := programs{emulator: s.emulator, twin: filepath.Join(bin, "twin"), providers: map[string]string{
		"clarifai": s.provider, "time": filepath.Join(bin, "time"), "twin": filepath.Join(bin, "twin"),
	}}
	var err error
	if p.cli, err = cli.Find(ctx); err != nil {
		return p, err
	}
	program := func(dir, out, pkg string) {
		// The program must not depend on where it is built, as in a release.
		err = errors.Join(err, cli.Build(ctx, cli.BuildOptions{Dir: dir, Output: out, Package: pkg, Flags: []string{"-trimpath", "-ldflags=-s -w"}}))
	}
	if p.emulator == "" {
		p.emulator = filepath.Join(bin, "emulator")
		program(s.root, p.emulator, "./cmd/clarifai-emulator")
	}
	if p.providers["clarifai"] == "" {
		p.providers["clarifai"] = filepath.Join(bin, "clarifai")
		pkg := "."
		if s.profiles != "" {
			pkg = "./internal/bench/profiled"
		}
		program(s.root, p.providers["clarifai"], pkg)
	}
	program(s.root, p.twin, "./internal/bench/twin")
	program(filepath.Join(s.root, "tools", "bench"), p.providers["time"], timeProvider)
	return p, err
}

// install links this program under the providers' names, each in a folder of its
// own, and returns the folders by source.
func (p programs) install(folder string) (map[string]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	folders := map[string]string{}
	for source, name := range map[string]string{"clarifai/clarifai": "clarifai", "hashicorp/time": "time", "clarifai/twin": "twin"} {
		program, err := filepath.Abs(p.providers[name])
		if err != nil {
			return nil, err
		}
		dir := filepath.Join(folder, name)
		if err := errors.Join(os.Mkdir(dir, 0o700),
			os.Symlink(self, filepath.Join(dir, providerPrefix+name)),
			os.Symlink(program, filepath.Join(dir, childName))); err != nil {
			return nil, err
		}
		folders[source] = dir
	}
	return folders, nil
}

// scopes returns n scopes. The twin chooses them, because only it imports the
// catalogue.
func (p programs) scopes(ctx context.Context, n int) ([]string, error) {
	out, err := exec.CommandContext(ctx, p.twin, "-scopes", fmt.Sprint(n)).Output()
	if err != nil {
		return nil, fmt.Errorf("choosing %d scopes: %w", n, err)
	}
	return strings.Fields(string(out)), nil
}
