// Package cli runs a real Terraform or OpenTofu with the provider's own binary,
// the way users do, where a test is about the process: its output, its files,
// its log, and what becomes of it when it is interrupted.
package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

const module = "github.com/clarifai/terraform-provider-clarifai"

// built holds the binaries of this process's tests by package, until [Main] ends.
var built struct {
	mu   sync.Mutex
	dir  string
	dirs map[string]string
}

// Main is the TestMain of packages that use this one: it removes what was built.
func Main(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// Build makes a program of a main package, once, and gives its path.
func Build(t testing.TB, pkg, name string) string {
	t.Helper()
	dir, err := build(pkg, name)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

func build(pkg, name string) (string, error) {
	built.mu.Lock()
	defer built.mu.Unlock()
	if dir, ok := built.dirs[pkg]; ok {
		return dir, nil
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "terraform-provider-clarifai-")
		if err != nil {
			return "", err
		}
		built.dir, built.dirs = dir, map[string]string{}
	}
	dir := filepath.Join(built.dir, fmt.Sprint(len(built.dirs)))
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(dir, name), pkg).CombinedOutput() // #nosec G204 -- packages that tests name
	if err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", pkg, err, out)
	}
	built.dirs[pkg] = dir
	return dir, nil
}

// Workspace is a folder with a configuration, and the environment of its runs.
type Workspace struct {
	Dir     string
	Release Release
	Env     []string // appended to: later values win

	t       testing.TB
	program string
}

// New makes an empty workspace whose runs talk to the emulator. The settings
// come from the environment, so that no file needs to hold the PAT.
func New(t testing.TB, w *acctest.World) *Workspace { return With(t, w, module) }

// With is [New] with the provider that another main package makes.
func With(t testing.TB, w *acctest.World, pkg string) *Workspace {
	t.Helper()
	provider := filepath.Dir(Build(t, pkg, "terraform-provider-clarifai"))
	ws := Bare(t, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"registry.terraform.io/clarifai/clarifai\" = %q\n    \"registry.opentofu.org/clarifai/clarifai\" = %q\n  }\n  direct {}\n}\n", provider, provider))
	ws.Env = append(ws.Env, "CLARIFAI_API_BASE="+w.URL, "CLARIFAI_USER_ID="+w.UserID(), "CLARIFAI_PAT="+w.PAT())
	return ws
}

// Bare makes an empty workspace with that CLI configuration, and nothing else of
// the machine's environment.
func Bare(t testing.TB, cliConfig string) *Workspace {
	t.Helper()
	program, err := Program()
	if err != nil {
		t.Fatal(err)
	}
	release, err := TheRelease()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	config := filepath.Join(home, "cli.tfrc")
	if err := os.WriteFile(config, []byte(cliConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Workspace{
		Dir: t.TempDir(), Release: release, t: t, program: program,
		Env: []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + t.TempDir(), "TF_CLI_CONFIG_FILE=" + config,
			"CHECKPOINT_DISABLE=1", "TF_INPUT=0", "NO_COLOR=1",
		},
	}
}

const requirements = "terraform {\n  required_providers {\n    clarifai = {\n      source = \"clarifai/clarifai\"\n    }\n  }\n}\n"

// Write puts a file into the workspace; a configuration that does not say where
// the provider comes from is told so in a file of its own.
func (w *Workspace) Write(name, text string) {
	w.t.Helper()
	files := map[string]string{name: text}
	if strings.HasSuffix(name, ".tf") {
		files["requirements.tf"] = requirements
		if strings.Contains(text, "required_providers") {
			files["requirements.tf"] = ""
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Result is a run that has ended.
type Result struct {
	Args           []string
	Stdout, Stderr string
	Err            error // nil: the run succeeded
}

func (r Result) String() string { return strings.Join(r.Args, " ") }

// Run runs the CLI to its end.
func (w *Workspace) Run(args ...string) Result {
	w.t.Helper()
	return w.Start(args...).Wait()
}

// Must is [Workspace.Run] for what has to succeed.
func (w *Workspace) Must(args ...string) Result {
	w.t.Helper()
	r := w.Run(args...)
	if r.Err != nil {
		w.t.Fatalf("%s: %v\n%s%s", r, r.Err, r.Stdout, r.Stderr)
	}
	return r
}

// Process is a run under way.
type Process struct {
	t           testing.TB
	cmd         *exec.Cmd
	args        []string
	out, errors output
}

// output is what a process has written so far.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{} // closed at the next write
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wrote != nil {
		close(o.wrote)
		o.wrote = nil
	}
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await returns when text was written, or false when ctx ends before.
func (o *output) await(ctx context.Context, text string) bool {
	for {
		o.mu.Lock()
		if bytes.Contains(o.text.Bytes(), []byte(text)) {
			o.mu.Unlock()
			return true
		}
		if o.wrote == nil {
			o.wrote = make(chan struct{})
		}
		next := o.wrote
		o.mu.Unlock()
		select {
		case <-next:
		case <-ctx.Done():
			return false
		}
	}
}

// Command is a run that has not begun.
func (w *Workspace) Command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.t.Context(), w.program, args...) // #nosec G204 -- the CLI under test
	cmd.Dir, cmd.Env = w.Dir, w.Env
	return cmd
}

// Start begins a run.
func (w *Workspace) Start(args ...string) *Process {
	w.t.Helper()
	p := &Process{t: w.t, args: args, cmd: w.Command(args...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errors
	ownGroup(p.cmd)
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// AwaitOutput waits until the run has printed text.
func (p *Process) AwaitOutput(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	if !p.out.await(ctx, text) {
		p.t.Errorf("%q was not printed within a minute", text)
	}
}

// Wait waits for the end.
func (p *Process) Wait() Result {
	err := p.cmd.Wait()
	return Result{Args: p.args, Stdout: p.out.String(), Stderr: p.errors.String(), Err: err}
}
