package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const user = "demo-user"

// emulator is the running stand-in for Clarifai.
type emulator struct {
	url  string
	pat  string
	stop func()
}

// startEmulator starts the program on a free port and waits until it listens.
func startEmulator(ctx context.Context, program, dir string) (*emulator, error) {
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	pat := hex.EncodeToString(secret)
	ready := filepath.Join(dir, "emulator-url")

	// An interrupt must not end it before the CLI has finished what it was doing.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program,
		"-listen", "127.0.0.1:0", "-ready-file", ready, "-user", user, "-pat", pat)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}

	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	stop := func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	}

	url, err := waitForURL(ctx, ready, ended)
	if err != nil {
		stop()
		return nil, fmt.Errorf("starting the emulator: %w\n%s", err, output.String())
	}
	return &emulator{url: url, pat: pat, stop: stop}, nil
}

func waitForURL(ctx context.Context, file string, ended <-chan struct{}) (string, error) {
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-ended:
			return "", errors.New("it ended before it listened")
		case <-deadline.C:
			return "", errors.New("it did not listen within 15 seconds")
		case <-poll.C:
			// The file may be there before its content is.
			content, err := os.ReadFile(file)
			if url := strings.TrimSpace(string(content)); err == nil && url != "" {
				return url, nil
			}
		}
	}
}
