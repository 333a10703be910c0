package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Result is what one run of the CLI printed, how it ended and what it took.
type Result struct {
	Args           []string
	Stdout, Stderr string
	Output         string // both, in the order printed
	ExitCode       int    // -1: it did not exit by itself
	Err            error  // nil: it exited with 0

	Wall time.Duration
	CPU  time.Duration // of the CLI and the providers that it waited for
}

// String returns the arguments of the run.
func (r Result) String() string { return strings.Join(r.Args, " ") }

// Process is a run of the CLI under way.
type Process struct {
	cmd                 *exec.Cmd
	started             time.Time
	stdout, stderr, all output
}

// Start starts the CLI in a process group of its own. The end of ctx interrupts
// it, so that it stops its providers; a minute later it is killed.
func (w *Workspace) Start(ctx context.Context, args ...string) (*Process, error) {
	p := &Process{started: time.Now()}
	p.cmd = exec.CommandContext(ctx, w.program, args...) // #nosec G204 -- the CLI of the options
	p.cmd.Dir, p.cmd.Env = w.Dir, w.Env
	p.cmd.Stdout, p.cmd.Stderr = io.MultiWriter(&p.stdout, &p.all), io.MultiWriter(&p.stderr, &p.all)
	p.cmd.Cancel = p.InterruptCLI
	p.cmd.WaitDelay = time.Minute
	ownGroup(p.cmd)
	return p, p.cmd.Start()
}

// Run runs the CLI to its end.
func (w *Workspace) Run(ctx context.Context, args ...string) Result {
	p, err := w.Start(ctx, args...)
	if err != nil {
		return Result{Args: args, ExitCode: -1, Err: err}
	}
	return p.Wait()
}

// Wait returns the result once the run has ended.
func (p *Process) Wait() Result {
	err := p.cmd.Wait()
	return Result{
		Args: p.cmd.Args[1:], Stdout: p.stdout.String(), Stderr: p.stderr.String(), Output: p.all.String(),
		ExitCode: p.cmd.ProcessState.ExitCode(), Err: err,
		Wall: time.Since(p.started), CPU: p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime(),
	}
}

// Interrupt interrupts the CLI and its providers, as a terminal does on Ctrl-C.
func (p *Process) Interrupt() error { return interruptGroup(p.cmd) }

// InterruptCLI interrupts the CLI alone.
func (p *Process) InterruptCLI() error { return p.cmd.Process.Signal(os.Interrupt) }

// AwaitOutput reports whether the run prints text to stdout before ctx ends.
func (p *Process) AwaitOutput(ctx context.Context, text string) bool {
	return p.stdout.await(ctx, text)
}

// output is what a process has printed so far.
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

// await reports whether text is written before ctx ends.
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
