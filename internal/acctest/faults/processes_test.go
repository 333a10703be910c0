package faults_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestMain(m *testing.M) { cli.Main(m) }

// server is a clarifai-emulator in a process of its own.
type server struct {
	t             *testing.T
	program       string
	listen, state string
	pat           string
	cmd           *exec.Cmd
}

func (s *server) url() string { return "http://" + s.listen }

// start returns once it answers.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.program, "-listen", s.listen, "-state", s.state, "-pat", s.pat)
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.await("an answer", func(stats, error) bool { return true })
}

// kill gives the process no chance to finish anything.
func (s *server) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	s.cmd.Wait()
}

// await polls the emulator's counters.
func (s *server) await(what string, until func(stats, error) bool) {
	s.t.Helper()
	poll(s.t, what, func() bool {
		got, err := ask(s.url())
		return err == nil && until(got, err)
	})
}

func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-ticker.C {
		if done() {
			return
		}
	}
	t.Fatalf("waited a minute for %s", what)
}

// reserved is an address that nothing listens on.
func reserved(t *testing.T) string {
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

// TestAccFaults_serverKilled kills the emulator three times in the middle of an
// apply of 200 keys and starts it again with what it had written down.
func TestAccFaults_serverKilled(t *testing.T) {
	t.Parallel()
	s := &server{t: t, program: cli.Build(t, "github.com/clarifai/terraform-provider-clarifai/cmd/clarifai-emulator", "clarifai-emulator"), listen: reserved(t),
		state: filepath.Join(t.TempDir(), "state"), pat: emulator.NewSecret()}
	s.start()
	t.Cleanup(func() { s.cmd.Process.Kill(); s.cmd.Wait() })

	// Of the world only the provider is used: the emulator is another process.
	w := acctest.Start(t, emulator.Options{PAT: s.pat})
	w.URL = s.url()
	w.Tune(func(cfg *clarifai.Config) { cfg.RetryBase = 50 * time.Millisecond })
	tf := attached(t, w)
	tf.configure(w.Config(`
resource "clarifai_app" "t" {
  count = 5
  id    = "tenant-${count.index}"
}

resource "clarifai_app_key" "k" {
  count       = 200
  app_id      = clarifai_app.t[count.index % 5].id
  description = "k${floor(count.index / 10)}"
  scopes      = ["Predict"]
}
`))
	apply := tf.Command("apply", "-auto-approve", "-input=false", "-no-color")
	var out bytes.Buffer
	apply.Stdout, apply.Stderr = &out, &out
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	for _, keys := range []int{10, 60, 130} {
		s.await(fmt.Sprint(keys, " keys"), func(got stats, _ error) bool { return got.Keys >= keys })
		s.kill()
		s.start()
	}
	if err := apply.Wait(); err != nil {
		t.Fatalf("apply: %v\n%s", err, failure(out.String()))
	}
	onlyKnown(t, tf, s)
	if n := len(slices.Compact(tf.fingerprints())); n != 200 {
		t.Fatalf("the state has %d keys", n)
	}
	if plan := tf.planned(); plan != "" {
		t.Fatal(plan)
	}
	tf.destroy()
	onlyKnown(t, tf, s)
	if got := counted(t, s.url()); got.Apps+got.Keys > 0 {
		t.Fatalf("%d apps and %d keys are left", got.Apps, got.Keys)
	}
}

// onlyKnown is accounted for an emulator in another process, which is stopped
// for a look at its state.
func onlyKnown(t *testing.T, tf *terraform, s *server) {
	t.Helper()
	if n := counted(t, s.url()).KeysInURL; n > 0 {
		t.Errorf("%d requests other than DELETE had a key in their URL", n)
	}
	s.kill()
	defer s.start()
	content, err := os.ReadFile(s.state)
	if err != nil {
		t.Fatal(err)
	}
	e := emulator.New(emulator.Options{})
	if err := e.Load(bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	var live []string
	for _, k := range e.Keys(e.UserID(), "") {
		live = append(live, fingerprint(k.ID))
	}
	slices.Sort(live)
	if got := tf.fingerprints(); !slices.Equal(got, live) {
		t.Fatalf("the state has %d keys, Clarifai %d:\n%v\n%v", len(got), len(live), got, live)
	}
}

// TestAccFaults_interrupted interrupts Terraform while keys are being made, as
// Ctrl-C does. What had been sent is finished, and in the state.
func TestAccFaults_interrupted(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		// Slower than what one look for the result would wait.
		"slow":           {Kind: "latency", Latency: 3 * time.Second, Times: 3},
		"slow to answer": {Kind: "latency_after", Latency: 500 * time.Millisecond, Times: 4},
		"slow and cut":   {Kind: "latency", Latency: 500 * time.Millisecond, Times: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			tf := installed(t, w)
			tf.configure(withSetting(w.Config(fleet("one", "")), "requests_per_second = 1000"))
			inject(w, fault, "PostKeys", "PatchKeys", "PatchAppsIds")
			if name == "slow and cut" {
				inject(w, emulator.Fault{Kind: "cut_after", Times: 2}, "PostKeys")
			}
			tf.interrupt(func() bool { return w.Count("PostKeys") >= 2 })
			accounted(t, tf, w)
			tf.apply()
			settled(t, tf, w)

			tf.configure(withSetting(w.Config(fleet("two", "-renamed")), "requests_per_second = 1000"))
			tf.interrupt(func() bool { return w.Count("PatchAppsIds") >= 2 })
			accounted(t, tf, w)
			tf.apply()
			settled(t, tf, w)
			gone(t, tf, w)
		})
	}
}

// TestAccFaults_interruptedMove interrupts a key's move to an app that the same
// apply makes: the old key, which the state forgets, has to go.
func TestAccFaults_interruptedMove(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	tf := attached(t, w)
	config := func(app string) string {
		return w.Config(`
resource "clarifai_app" "t" {
  for_each = toset(["old", "new"])
  id       = each.key
}

resource "clarifai_app_key" "k" {
  app_id = clarifai_app.t["` + app + `"].id
  scopes = ["Predict"]
}
`)
	}
	tf.configure(strings.Replace(config("old"), `, "new"`, "", 1))
	tf.apply()
	settled(t, tf, w)
	w.Reset()
	tf.configure(config("new"))
	inject(w, emulator.Fault{Kind: "latency", Latency: time.Second}, "PostKeys")
	tf.interrupt(func() bool { return w.Count("PostKeys") == 1 })
	accounted(t, tf, w)
	tf.apply()
	settled(t, tf, w)
	gone(t, tf, w)
}

// interrupt applies and sends SIGINT to the CLI alone once due says so.
func (tf *terraform) interrupt(due func() bool) {
	tf.t.Helper()
	cmd := tf.Command("apply", "-auto-approve", "-input=false", "-no-color")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		tf.t.Fatal(err)
	}
	poll(tf.t, "the moment to interrupt", due)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		tf.t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err == nil || !errors.As(err, &exit) {
		tf.t.Fatalf("the apply should have been interrupted: %v\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), "Interrupt received") {
		tf.t.Fatalf("the apply failed by itself:\n%s", failure(out.String()))
	}
}
