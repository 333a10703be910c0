package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// restapiProvider is the generic provider for any REST API that this module names as
// a tool.
const restapiProvider = "github.com/Mastercard/terraform-provider-restapi"

// programs are the paths of the programs that a run uses.
type programs struct {
	cli       string
	emulator  string
	providers map[string]string // by source
}

// build compiles the programs that the settings do not name, in the provider's
// repository, into bin.
func build(ctx context.Context, bin string, s settings) (programs, error) {
	p := programs{emulator: filepath.Join(bin, "emulator"), providers: map[string]string{}}
	var err error
	if p.cli, err = cli.Find(ctx); err != nil {
		return p, err
	}
	program := func(dir, out, pkg string) {
		// The program must not depend on where it is built, as in a release.
		err = errors.Join(err, cli.Build(ctx, cli.BuildOptions{Dir: dir, Output: out, Package: pkg, Flags: []string{"-trimpath", "-ldflags=-s -w"}}))
	}
	program("", p.emulator, "./cmd/clarifai-emulator")
	if s.compare != "" {
		p.providers["mastercard/restapi"] = filepath.Join(bin, "restapi")
		program(filepath.Join("tools", "bench"), p.providers["mastercard/restapi"], restapiProvider)
	} else {
		p.providers["clarifai/twin"] = filepath.Join(bin, "twin")
		program("", p.providers["clarifai/twin"], "./internal/bench/twin")
	}
	own := "."
	if s.profiles != "" {
		own = "./internal/bench/profiled"
	}
	if p.providers["clarifai/clarifai"] = s.provider; s.provider == "" {
		p.providers["clarifai/clarifai"] = filepath.Join(bin, "clarifai")
		program("", p.providers["clarifai/clarifai"], own)
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
