package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// EmulatorOptions say how StartEmulator starts an emulator.
type EmulatorOptions struct {
	Program           string    // path of clarifai-emulator
	Folder            string    // for the file that says where it listens
	Listen            string    // empty: a free port of 127.0.0.1
	State             string    // file that keeps apps and keys; empty: none
	UserID            string    // the account
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
	e := &Emulator{Account: Account{UserID: o.UserID, PAT: o.PAT}, ended: make(chan struct{})}
	if e.PAT == "" {
		var secret [16]byte
		rand.Read(secret[:])
		e.PAT = hex.EncodeToString(secret[:])
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	ready := filepath.Join(o.Folder, "emulator-url")
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	e.cmd = exec.CommandContext(context.WithoutCancel(ctx), o.Program, "-listen", o.Listen, "-ready-file", ready, // #nosec G204 -- the caller's emulator
		"-rps", strconv.Itoa(o.RequestsPerSecond), "-user", e.UserID, "-pat", e.PAT, "-state", o.State)
	var printed bytes.Buffer
	e.cmd.Stderr = &printed
	if o.Stderr != nil {
		e.cmd.Stderr = io.MultiWriter(&printed, o.Stderr)
	}
	ownGroup(e.cmd)
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}
	go func() {
		e.err = e.cmd.Wait()
		close(e.ended)
	}()
	var err error
	if e.URL, err = e.awaitURL(ctx, ready); err != nil {
		e.Kill()
		return nil, fmt.Errorf("starting the emulator: %w\n%s", err, printed.String())
	}
	return e, nil
}

func (e *Emulator) awaitURL(ctx context.Context, file string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 30*time.Second, errors.New("it did not listen within 30 seconds"))
	defer cancel()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-e.ended:
			return "", errors.New("it ended before it listened")
		case <-poll.C:
			content, err := os.ReadFile(file)
			if url := strings.TrimSpace(string(content)); err == nil && url != "" {
				return url, nil
			}
		}
	}
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
