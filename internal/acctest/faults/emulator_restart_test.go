package faults_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// server is an emulator in a process of its own that is killed and started again.
type server struct {
	t                            *testing.T
	program, address, state, pat string
	cmd                          *exec.Cmd
}

// newServer starts an emulator that writes down what it has.
func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{
		t: t, program: clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"),
		address: freeAddress(t), state: filepath.Join(t.TempDir(), "state"), pat: emulator.NewSecret(),
	}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *server) url() string { return "http://" + s.address }

// start returns once the emulator listens, which it prints.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.program, "-listen", s.address, "-state", s.state, "-pat", s.pat)
	s.cmd.Stderr = os.Stderr
	stdout, err := s.cmd.StdoutPipe()
	if err = errors.Join(err, s.cmd.Start()); err != nil {
		s.t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		s.t.Fatalf("the emulator ended before it listened: %s", line)
	}
}

// kill ends the emulator without a chance to finish anything.
func (s *server) kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// await waits until the emulator's counts satisfy a condition.
func (s *server) await(what string, until func(emulator.Stats) bool) {
	s.t.Helper()
	poll(s.t, what, func() bool { return until(readStats(s.t, s.url())) })
}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// TestAccFaults_emulatorKilled kills the emulator three times during an apply of
// 200 keys, and starts it again with what it had written down.
func TestAccFaults_emulatorKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	// Only the provider of this world is used: the emulator is another process.
	w := acctest.Start(t, emulator.Options{PAT: s.pat})
	w.URL = s.url()
	w.Tune(func(cfg *clarifai.Config) { cfg.RetryBase = 50 * time.Millisecond })
	tf, want := newTerraform(t, w), acctest.Resources{}
	for i := range 200 {
		app := fmt.Sprint("tenant-", i%5)
		want["clarifai_app."+app] = appOf(app)
		want[fmt.Sprint("clarifai_app_key.k", i)] = keyOf(app, fmt.Sprint("k", i/10), "Predict")
	}
	tf.configure(want)
	apply := tf.Start("apply", "-auto-approve", "-input=false", "-no-color")
	for _, keys := range []int{10, 60, 130} {
		s.await(fmt.Sprint(keys, " keys"), func(got emulator.Stats) bool { return got.Keys >= keys })
		s.kill()
		s.start()
	}
	if r := apply.Wait(); r.Err != nil {
		t.Fatalf("apply: %v\n%s", r.Err, r.Stderr)
	}
	if n := len(s.checkState(tf)); n != 200 {
		t.Fatalf("the state has %d keys", n)
	}
	if changes := tf.Changes(want); changes != "" {
		t.Fatal(changes)
	}
	if err := tf.Destroy(); err != nil {
		t.Fatal(err)
	}
	s.checkState(tf)
	if got := readStats(t, s.url()); got.Apps+got.Keys > 0 {
		t.Fatalf("%d apps and %d keys are left", got.Apps, got.Keys)
	}
}

// checkState checks that the state has exactly the live keys, which it returns. It stops
// the emulator to read what it has written down.
func (s *server) checkState(tf *terraform) []string {
	s.t.Helper()
	checkURLs(s.t, s.url())
	s.kill()
	defer s.start()
	content, err := os.ReadFile(s.state)
	if err != nil {
		s.t.Fatal(err)
	}
	e := emulator.New(emulator.Options{})
	if err := e.Load(bytes.NewReader(content)); err != nil {
		s.t.Fatal(err)
	}
	return slices.Compact(checkKeys(s.t, tf, e))
}
