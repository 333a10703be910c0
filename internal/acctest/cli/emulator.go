package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// EmulatorOptions say how StartEmulator starts an emulator.
type EmulatorOptions struct {
	Program           string    // path of clarifai-emulator
	Listen            string    // empty: a free port of 127.0.0.1
	State             string    // file that keeps apps and keys; empty: none
	UserID            string    // the account; empty: the emulator's default
	PAT               string    // its token; empty: a random one
	RequestsPerSecond int       // what is beyond is refused; 0: no limit
	Stderr            io.Writer // nil: shown only if the start fails
}

// Emulator is a clarifai-emulator in a process of its own.
type Emulator struct {
	Account

	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	err   error         // how it ended
}

// StartEmulator starts an emulator and returns once it listens. It keeps running
// when ctx ends, so that a CLI that is interrupted can finish: see Stop.
func StartEmulator(ctx context.Context, o EmulatorOptions) (*Emulator, error) {
	e := &Emulator{ended: make(chan struct{})}
	e.cmd = exec.CommandContext(context.WithoutCancel(ctx), o.Program, "-listen", cmp.Or(o.Listen, "127.0.0.1:0"), // #nosec G204 -- the caller's emulator
		"-rps", strconv.Itoa(o.RequestsPerSecond), "-user", o.UserID, "-pat", o.PAT, "-state", o.State)
	var printed bytes.Buffer
	e.cmd.Stderr = &printed
	if o.Stderr != nil {
		e.cmd.Stderr = io.MultiWriter(&printed, o.Stderr)
	}
	stdout, err := e.cmd.StdoutPipe()
	ownGroup(e.cmd)
	if err := errors.Join(err, e.cmd.Start()); err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}
	// It prints its settings once it listens.
	patient := context.AfterFunc(ctx, func() { e.cmd.Process.Kill() })
	settings, _ := bufio.NewReader(stdout).ReadString('\n') // without one, it has ended
	patient()
	go func() {
		e.err = e.cmd.Wait()
		close(e.ended)
	}()
	_, err = fmt.Sscanf(settings, "export CLARIFAI_API_BASE=%s CLARIFAI_USER_ID=%s CLARIFAI_PAT=%s", &e.URL, &e.UserID, &e.PAT)
	if err != nil || ctx.Err() != nil {
		e.Kill()
		return nil, fmt.Errorf("starting the emulator: it ended before it listened\n%s", printed.String())
	}
	return e, nil
}

// Remote returns what controls the emulator.
func (e *Emulator) Remote() emulator.Remote { return emulator.Remote{URL: e.URL} }

// Stop ends the emulator after the requests under way and what it has to save.
func (e *Emulator) Stop() error {
	err := e.cmd.Process.Signal(syscall.SIGTERM)
	if err == nil || errors.Is(err, os.ErrProcessDone) {
		select {
		case <-e.ended:
			return e.err
		case <-time.After(30 * time.Second):
			err = errors.New("it was still running after 30 seconds")
		}
	}
	e.Kill()
	return fmt.Errorf("stopping the emulator: %w", err)
}

// Kill ends the emulator without a chance to finish anything.
func (e *Emulator) Kill() {
	e.cmd.Process.Kill()
	<-e.ended
}
