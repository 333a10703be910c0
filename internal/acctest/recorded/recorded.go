// Package recorded plans over states that an earlier version of the provider
// wrote. A recording is a folder with Terraform's state and the emulator's, in
// which the secrets are replaced by numbers.
package recorded

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// requirement names the provider as the recorded states do, for OpenTofu too.
const requirement = `
terraform {
  required_providers {
    clarifai = { source = "registry.terraform.io/clarifai/clarifai" }
  }
}
`

// Recording is a recorded state with the emulator that it belongs to.
type Recording struct {
	state    []byte
	emulator []byte
}

// Read reads the recording in a folder.
func Read(t testing.TB, dir string) Recording {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(dir, "state.json"))     // #nosec G304 -- a fixture of the test
	saved, err2 := os.ReadFile(filepath.Join(dir, "emulator.json")) // #nosec G304 -- likewise
	apitest.Must(t, errors.Join(err, err2))
	return Recording{state: state, emulator: saved}
}

var private = regexp.MustCompile(`("private": *)"[^"]+"`)

// WithoutPrivate returns the recording without the private state of its
// resources, to show what depends on it.
func (r Recording) WithoutPrivate(t testing.TB) Recording {
	t.Helper()
	if !private.Match(r.state) {
		t.Error("the recording has no private state")
	}
	return Recording{state: private.ReplaceAll(r.state, []byte(`$1""`)), emulator: r.emulator}
}

// Plan plans a configuration over the recorded state and returns what the CLI
// printed, in one line.
func (r Recording) Plan(t testing.TB, o emulator.Options, config string) string {
	t.Helper()
	w := acctest.Start(t, o)
	apitest.Must(t, w.Load(bytes.NewReader(r.emulator)))
	ws := clitest.New(t, w)
	ws.Write("main.tf", requirement+config)
	ws.Write("terraform.tfstate", string(r.state))
	result := ws.Run("plan", "-no-color", "-input=false")
	return clitest.Unwrapped(result.Output)
}
