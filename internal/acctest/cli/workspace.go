// Package cli runs Terraform or OpenTofu against the emulator: it finds the CLI,
// sets up workspaces, starts and interrupts the CLI, and serves the emulator.
//
// It reports errors instead of failing a test, and imports neither the provider
// nor a testing framework, so that tools/demo, tools/bench and tools/findcli use
// it as well. Tests use package clitest, which is built on it.
package cli

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// Options describe a workspace.
type Options struct {
	Program   string            // path of the CLI
	Dir       string            // folder of the configuration; created if missing
	Home      string            // home folder of the runs; created if missing
	Providers map[string]string // folders of provider programs by source, such as "clarifai/clarifai"
	Init      bool              // the providers are found by init, so that there can be modules, a backend and a lock file
	Inherited []string          // environment to start from; nil: that of this process
	Env       []string          // added to the environment
}

// Workspace is a folder with a configuration, and the environment of the runs in it.
type Workspace struct {
	Dir string
	Env []string // may be added to: later values win

	program string
}

// New creates a workspace. Its runs use the providers of the options and ignore
// the settings of Terraform and Clarifai that this machine has, a real account's
// above all.
func New(o Options) (*Workspace, error) {
	if o.Inherited == nil {
		o.Inherited = os.Environ()
	}
	program, err := filepath.Abs(o.Program)
	if err != nil {
		return nil, err
	}
	content, err := overrides(o.Providers)
	if o.Init {
		content, err = mirror(filepath.Join(o.Home, "mirror"), o.Providers)
	}
	if err != nil {
		return nil, err
	}
	config := filepath.Join(o.Home, "cli.tfrc")
	if err := errors.Join(os.MkdirAll(o.Dir, 0o700), os.MkdirAll(o.Home, 0o700), os.WriteFile(config, []byte(content), 0o600)); err != nil {
		return nil, err
	}
	env := append(withoutSettings(o.Inherited),
		"HOME="+o.Home, "TF_CLI_CONFIG_FILE="+config, "TF_INPUT=0", "CHECKPOINT_DISABLE=1", "NO_COLOR=1")
	return &Workspace{Dir: o.Dir, Env: append(env, o.Env...), program: program}, nil
}

var settings = regexp.MustCompile(`^(TF_|CLARIFAI_|HOME=)`)

// withoutSettings returns an environment without a home folder and the settings of
// Terraform and Clarifai.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), settings.MatchString)
}

// Write writes a file of the workspace.
func (w *Workspace) Write(name, text string) error {
	return os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600)
}

// Read reads a file of the workspace.
func (w *Workspace) Read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(w.Dir, name))
}
