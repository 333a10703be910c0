package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// timeProvider is HashiCorp's provider, which this module names as a tool.
const timeProvider = "github.com/hashicorp/terraform-provider-time"

// programs are the files that take part.
type programs struct {
	cli       string
	emulator  string
	twin      string
	providers map[string]string // by name: clarifai, time, twin
}

// build makes the programs that were not given. Root is the provider's
// repository.
func build(ctx context.Context, root, bin string, s settings) (programs, error) {
	p := programs{emulator: s.emulator, twin: filepath.Join(bin, "twin"), providers: map[string]string{
		"clarifai": s.provider, "time": filepath.Join(bin, "time"), "twin": filepath.Join(bin, "twin"),
	}}
	var err error
	if p.cli, err = findCLI(os.Getenv, exec.LookPath); err != nil {
		return p, err
	}
	// What the build writes must not depend on where it is done, as in a release.
	golang := func(dir, out, pkg string) error {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, pkg)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("building %s: %w", pkg, err)
		}
		return nil
	}
	if p.emulator == "" {
		p.emulator = filepath.Join(bin, "emulator")
		err = errors.Join(err, golang(root, p.emulator, "./cmd/clarifai-emulator"))
	}
	if p.providers["clarifai"] == "" {
		p.providers["clarifai"] = filepath.Join(bin, "clarifai")
		pkg := "."
		if s.profiles != "" {
			pkg = "./internal/bench/profiled"
		}
		err = errors.Join(err, golang(root, p.providers["clarifai"], pkg))
	}
	err = errors.Join(err, golang(root, p.twin, "./internal/bench/twin"))
	return p, errors.Join(err, golang(filepath.Join(root, "tools", "bench"), p.providers["time"], timeProvider))
}

// findCLI is the CLI asked for, else Terraform, else OpenTofu.
func findCLI(getenv func(string) string, lookPath func(string) (string, error)) (string, error) {
	const variable = "TF_ACC_TERRAFORM_PATH"
	if asked := getenv(variable); asked != "" {
		path, err := lookPath(asked)
		if err != nil {
			return "", fmt.Errorf("%s: %w; correct it or unset it", variable, err)
		}
		return filepath.Abs(path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := lookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", fmt.Errorf("neither terraform nor tofu is on PATH; install one or set %s to its path", variable)
}

// install links this program under the providers' names and writes the CLI
// configuration that makes the CLI use them.
func (p programs) install(folder string) (cliConfig string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	sources := map[string]string{"clarifai": "clarifai/clarifai", "time": "hashicorp/time", "twin": "clarifai/twin"}
	var overrides strings.Builder
	for name, program := range p.providers {
		if program, err = filepath.Abs(program); err != nil {
			return "", err
		}
		dir := filepath.Join(folder, name)
		if err := errors.Join(os.Mkdir(dir, 0o700),
			os.Symlink(self, filepath.Join(dir, providerPrefix+name)),
			os.Symlink(program, filepath.Join(dir, childName))); err != nil {
			return "", err
		}
		fmt.Fprintf(&overrides, "    %q = %q\n", sources[name], dir)
	}
	cliConfig = filepath.Join(folder, "cli.tfrc")
	content := "provider_installation {\n  dev_overrides {\n" + overrides.String() + "  }\n  direct {}\n}\n"
	return cliConfig, os.WriteFile(cliConfig, []byte(content), 0o600)
}

// scopes asks the twin for n scopes: the catalogue is in the provider's module.
func (p programs) scopes(ctx context.Context, n int) ([]string, error) {
	out, err := exec.CommandContext(ctx, p.twin, "-scopes", fmt.Sprint(n)).Output()
	if err != nil {
		return nil, fmt.Errorf("choosing %d scopes: %w", n, err)
	}
	return strings.Fields(string(out)), nil
}
