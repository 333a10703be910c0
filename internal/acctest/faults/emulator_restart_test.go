package faults_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// server is an emulator in a process of its own that is killed and started again.
type server struct {
	*cli.Emulator
	t       *testing.T
	options cli.EmulatorOptions
}

// newServer starts an emulator that writes down what it has.
func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, options: cli.EmulatorOptions{
		Program: clitest.Build(t, clitest.Module+"/cmd/clarifai-emulator", "clarifai-emulator"),
		Listen:  freeAddress(t), State: filepath.Join(t.TempDir(), "state"), Stderr: os.Stderr,
	}}
	s.start()
	t.Cleanup(func() { s.Kill() })
	s.options.PAT = s.PAT
	return s
}

// start returns once the emulator listens.
func (s *server) start() {
	s.t.Helper()
	var err error
	if s.Emulator, err = cli.StartEmulator(s.t.Context(), s.options); err != nil {
		s.t.Fatal(err)
	}
}

// await waits until the emulator's counts satisfy a condition.
func (s *server) await(what string, until func(emulator.Stats) bool) {
	s.t.Helper()
	poll(s.t, what, func() bool {
		got, err := s.Remote().Stats(s.t.Context())
		return err == nil && until(got)
	})
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
	w := acctest.Start(t, emulator.Options{PAT: s.PAT})
	w.URL = s.URL
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
		s.Kill()
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
	if got := readStats(t, s.URL); got.Apps+got.Keys > 0 {
		t.Fatalf("%d apps and %d keys are left", got.Apps, got.Keys)
	}
}

// checkState checks that the state has exactly the live keys, which it returns. It stops
// the emulator to read what it has written down.
func (s *server) checkState(tf *terraform) []string {
	s.t.Helper()
	checkURLs(s.t, s.URL)
	s.Kill()
	defer s.start()
	content, err := os.ReadFile(s.options.State)
	if err != nil {
		s.t.Fatal(err)
	}
	e := emulator.New(emulator.Options{})
	if err := e.Load(bytes.NewReader(content)); err != nil {
		s.t.Fatal(err)
	}
	return slices.Compact(checkKeys(s.t, tf, e))
}
