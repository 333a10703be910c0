// Package clitest is package cli for tests: workspaces of the CLI under test
// whose mistakes fail the test, with the provider built from this repository.
package clitest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// Module is the import path of the provider.
const Module = "github.com/clarifai/terraform-provider-clarifai"

// Workspace is a workspace of one test.
type Workspace struct {
	*cli.Workspace
	Release acctest.Release

	t      testing.TB
	source string // of the provider
}

// Watched is the provider's own program, watched by the recorder of the test.
const Watched = Module + "/internal/acctest/watched"

// New creates an empty workspace whose runs start the provider's own program, watched, and
// talk to the test's emulator.
func New(t testing.TB, w *acctest.World) *Workspace {
	t.Helper()
	return withProviders(t, w, map[string]string{cli.Source: Watched}, false)
}

// WithMirror creates an empty workspace that takes providers from a mirror, so that
// init is part of the test. The mirror has the programs of main packages by source.
func WithMirror(t testing.TB, w *acctest.World, packages map[string]string) *Workspace {
	t.Helper()
	return withProviders(t, w, packages, true)
}

func withProviders(t testing.TB, w *acctest.World, packages map[string]string, init bool) *Workspace {
	t.Helper()
	folders := map[string]string{}
	for source, pkg := range packages {
		folders[source] = filepath.Dir(Build(t, pkg, "terraform-provider-"+filepath.Base(source)))
	}
	account := cli.Account{URL: w.URL, UserID: w.UserID(), PAT: w.PAT()}
	env := append(account.Environment(), recorder.Variable+"="+w.Record(t))
	return newWorkspace(t, cli.Options{Init: init, Providers: folders, Env: env})
}

func newWorkspace(t testing.TB, o cli.Options) *Workspace {
	t.Helper()
	release, err := acctest.TheRelease()
	apitest.Must(t, err)
	o.Program, o.Dir, o.Home = release.Program, t.TempDir(), t.TempDir()
	// Nothing else of this machine's environment can change what a test sees.
	o.Inherited = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(), "GOGC=" + os.Getenv("GOGC")}
	ws, err := cli.New(o)
	apitest.Must(t, err)
	return &Workspace{Workspace: ws, Release: release, t: t, source: cli.Source}
}

// Copy copies a folder with everything in it into the workspace.
func (w *Workspace) Copy(folder string) {
	w.t.Helper()
	apitest.Must(w.t, os.CopyFS(w.Dir, os.DirFS(folder)))
}

const requirements = "terraform {\n  required_providers {\n    clarifai = {\n      source = %q\n    }\n  }\n}\n"

// Write writes a file of the workspace. A configuration that does not say where
// the provider comes from gets a file beside it that does.
func (w *Workspace) Write(name, text string) {
	w.t.Helper()
	err := w.Workspace.Write(name, text)
	if strings.HasSuffix(name, ".tf") {
		source := fmt.Sprintf(requirements, w.source)
		if strings.Contains(text, "required_providers") {
			source = ""
		}
		err = errors.Join(err, w.Workspace.Write("requirements.tf", source))
	}
	apitest.Must(w.t, err)
}

// Read reads a file of the workspace.
func (w *Workspace) Read(name string) []byte {
	w.t.Helper()
	content, err := w.Workspace.Read(name)
	apitest.Must(w.t, err)
	return content
}

// Run runs the CLI to its end.
func (w *Workspace) Run(args ...string) cli.Result {
	w.t.Helper()
	return w.Start(args...).Wait()
}

// Must runs the CLI to its end and fails the test if the run does not succeed.
func (w *Workspace) Must(args ...string) cli.Result {
	w.t.Helper()
	r := w.Run(args...)
	if r.Err != nil {
		w.t.Fatalf("%s: %v\n%s", r, r.Err, r.Output)
	}
	return r
}

// CheckSettled checks that the next plan is empty.
func (w *Workspace) CheckSettled() {
	w.t.Helper()
	if r := w.Run("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		w.t.Errorf("the next plan is not empty:\n%s", r.Output)
	}
}

// Process is a run under way.
type Process struct {
	*cli.Process

	t testing.TB
}

// Start starts the CLI.
func (w *Workspace) Start(args ...string) *Process {
	w.t.Helper()
	p, err := w.Workspace.Start(w.t.Context(), args...)
	apitest.Must(w.t, err)
	return &Process{Process: p, t: w.t}
}

// AwaitOutput waits until the run has printed text.
func (p *Process) AwaitOutput(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	if !p.Process.AwaitOutput(ctx, text) {
		p.t.Errorf("%q was not printed within a minute", text)
	}
}

// Unwrapped returns what a CLI printed on one line, without the frames of its messages.
func Unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
