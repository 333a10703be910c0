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

// The providers that this module names as tools: HashiCorp's, and a generic one for
// any REST API.
const (
	timeProvider    = "github.com/hashicorp/terraform-provider-time"
	restapiProvider = "github.com/Mastercard/terraform-provider-restapi"
)

// programs are the paths of the programs that a run uses.
type programs struct {
	cli       string
	emulator  string
	twin      string
	providers map[string]string // by source
}

// build compiles the programs that the settings do not name, in the provider's
// repository, into bin.
func build(ctx context.Context, bin string, s settings) (programs, error) {
	p := programs{emulator: filepath.Join(bin, "emulator"), twin: filepath.Join(bin, "twin"), providers: map[string]string{}}
	var err error
	if p.cli, err = cli.Find(ctx); err != nil {
		return p, err
	}
	program := func(dir, out, pkg string) {
		// The program must not depend on where it is built, as in a release.
		err = errors.Join(err, cli.Build(ctx, cli.BuildOptions{Dir: dir, Output: out, Package: pkg, Flags: []string{"-trimpath", "-ldflags=-s -w"}}))
	}
	program(s.root, p.emulator, "./cmd/clarifai-emulator")
	tools := filepath.Join(s.root, "tools", "bench")
	own, others := ".", map[string]string{"hashicorp/time": timeProvider}
	if s.profiles != "" {
		own = "./internal/bench/profiled"
	}
	if s.compare != "" {
		others = map[string]string{"mastercard/restapi": restapiProvider}
	} else {
		program(s.root, p.twin, "./internal/bench/twin")
		p.providers["clarifai/twin"] = p.twin
	}
	for source, pkg := range others {
		p.providers[source] = filepath.Join(bin, filepath.Base(source))
		program(tools, p.providers[source], pkg)
	}
	if p.providers["clarifai/clarifai"] = s.provider; s.provider == "" {
		p.providers["clarifai/clarifai"] = filepath.Join(bin, "clarifai")
		program(s.root, p.providers["clarifai/clarifai"], own)
	}
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
	for source, program := range p.providers {
		program, err := filepath.Abs(program)
		if err != nil {
			return nil, err
		}
		name := filepath.Base(source)
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
