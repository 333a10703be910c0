// Package faults_test runs the real CLI against an emulator that misbehaves.
// Whatever goes wrong, afterwards the state has to know every live key, and a
// plan has to find nothing to do.
package faults_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "registry.terraform.io/clarifai/clarifai"

const requirement = `
terraform {
  required_providers {
    clarifai = { source = "` + address + `" }
  }
}
`

// terraform is a CLI in a folder of its own. The tests run it themselves, and
// not with the testing framework, because they need to see what one command
// does, and which keys are in the state file after a command that failed.
type terraform struct {
	*cli.Workspace
	t   *testing.T
	url string // of the emulator
}

// attached is a CLI that uses the provider in this process.
func attached(t *testing.T, w *acctest.World) *terraform {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reattach, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve(address, func() tfprotov6.ProviderServer { return w.Provider().Server() },
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithoutLogStderrOverride(), tf6server.WithLoggingSink(t),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() { cancel(); <-closed })
	r := <-reattach
	setting, err := json.Marshal(map[string]any{address: map[string]any{
		"Protocol": r.Protocol, "ProtocolVersion": r.ProtocolVersion, "Pid": r.Pid, "Test": true,
		"Addr": map[string]string{"Network": r.Addr.Network(), "String": r.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	tf := &terraform{cli.Bare(t, ""), t, w.URL}
	tf.Env = append(tf.Env, "TF_REATTACH_PROVIDERS="+string(setting))
	return tf
}

// installed is a CLI that starts the provider's own binary.
func installed(t *testing.T, w *acctest.World) *terraform {
	t.Helper()
	return &terraform{cli.New(t, w), t, w.URL}
}

// configure writes the configuration.
func (tf *terraform) configure(hcl string) {
	tf.t.Helper()
	tf.Write("main.tf", requirement+hcl)
}

// run gives what a command printed, and its exit code.
func (tf *terraform) run(args ...string) (string, int) {
	tf.t.Helper()
	out, err := tf.Command(append(args, "-no-color")...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		tf.t.Fatalf("terraform %s: %v", args[0], err)
	}
	if exit != nil {
		return string(out), exit.ExitCode()
	}
	return string(out), 0
}

func (tf *terraform) apply(more ...string) {
	tf.t.Helper()
	if out, code := tf.run(append([]string{"apply", "-auto-approve", "-input=false"}, more...)...); code != 0 {
		tf.t.Fatalf("apply failed:\n%s", failure(out))
	}
}

// applyFails gives what an apply that has to fail printed, in one line:
// Terraform breaks lines where they are long.
func (tf *terraform) applyFails() string {
	tf.t.Helper()
	out, code := tf.run("apply", "-auto-approve", "-input=false")
	if code == 0 {
		tf.t.Fatalf("the apply should have failed:\n%s", out)
	}
	return unwrapped(out)
}

// failure is what was printed, without the plan before it.
func failure(out string) string {
	if at := strings.Index(out, "Error: "); at >= 0 {
		return out[at:]
	}
	return out
}

func unwrapped(out string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(out)), " ")
}

func (tf *terraform) destroy() {
	tf.t.Helper()
	if out, code := tf.run("destroy", "-auto-approve", "-input=false"); code != 0 {
		tf.t.Fatalf("destroy failed:\n%s", failure(out))
	}
}

// planned gives the summary line of a plan with changes, or "" for none.
func (tf *terraform) planned() string {
	tf.t.Helper()
	out, code := tf.run("plan", "-detailed-exitcode", "-input=false", "-lock=false")
	switch code {
	case 0:
		return ""
	case 2:
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "Plan:") {
				return strings.TrimSpace(line)
			}
		}
	}
	tf.t.Fatalf("plan ended with %d:\n%s", code, failure(out))
	return ""
}

// state is the part of a state file that the tests look at.
type state struct {
	Resources []struct {
		Type      string
		Instances []struct {
			Attributes struct {
				ID          string
				Fingerprint string
			}
		}
	}
}

// ids gives one attribute of all resources of a type, sorted.
func (tf *terraform) ids(kind string, of func(id, fingerprint string) string) []string {
	tf.t.Helper()
	content, err := os.ReadFile(filepath.Join(tf.Dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var s state
	if err = errors.Join(err, json.Unmarshal(content, &s)); err != nil {
		tf.t.Fatal(err)
	}
	var out []string
	for _, r := range s.Resources {
		for _, i := range r.Instances {
			if r.Type == kind {
				out = append(out, of(i.Attributes.ID, i.Attributes.Fingerprint))
			}
		}
	}
	slices.Sort(out)
	return out
}

// fingerprints are those of the keys in the state. A key that stands there
// twice is given twice.
func (tf *terraform) fingerprints() []string {
	return tf.ids("clarifai_app_key", func(_, print string) string { return print })
}

// accounted checks that the state knows exactly the live keys and apps, and
// that no key was in a URL but to be deleted.
func accounted(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	var live, apps []string
	for _, k := range w.Keys(w.UserID(), "") {
		live = append(live, fingerprint(k.ID))
	}
	for _, a := range w.Apps(w.UserID()) {
		apps = append(apps, a.ID)
	}
	slices.Sort(live)
	slices.Sort(apps)
	if got := tf.fingerprints(); !slices.Equal(got, live) {
		t.Fatalf("the state has %d keys, Clarifai %d:\n%v\n%v", len(got), len(live), got, live)
	}
	if got := tf.ids("clarifai_app", func(id, _ string) string { return id }); !slices.Equal(got, apps) {
		t.Fatalf("the state has the apps %v, Clarifai %v", got, apps)
	}
	noKeyInURL(t, w)
}

func noKeyInURL(t *testing.T, w *acctest.World) {
	t.Helper()
	if n := counted(t, w.URL).KeysInURL; n > 0 {
		t.Fatalf("%d requests other than DELETE had a key in their URL", n)
	}
}

// settled checks that all is accounted for and that there is nothing to do.
func settled(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	accounted(t, tf, w)
	if plan := tf.planned(); plan != "" {
		t.Fatalf("the plan is not empty: %s", plan)
	}
	accounted(t, tf, w)
}

// gone destroys everything and checks that nothing is left.
func gone(t *testing.T, tf *terraform, w *acctest.World) {
	t.Helper()
	tf.destroy()
	if err := w.NothingLeft(nil); err != nil {
		t.Fatal(err)
	}
	accounted(t, tf, w)
}

func fingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])[:16]
}

// stats is what the emulator's control endpoint of that name tells.
type stats struct {
	Requests  int            `json:"requests"`
	ByMethod  map[string]int `json:"by_method"`
	Throttled int            `json:"throttled"`
	Apps      int            `json:"apps"`
	Keys      int            `json:"keys"`
	KeysInURL int            `json:"keys_in_urls"`
}

func counted(t *testing.T, url string) (s stats) {
	t.Helper()
	s, err := ask(url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(url string) (s stats, err error) {
	resp, err := http.Get(url + "/_emulator/stats")
	if err != nil {
		return s, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return s, errors.Join(err, json.NewDecoder(bytes.NewReader(body)).Decode(&s))
}

// times injects a fault for several methods.
func inject(w *acctest.World, f emulator.Fault, methods ...string) {
	for _, m := range methods {
		f.Method = m
		w.Inject(f)
	}
}

// spent checks that each method was asked for, so that its fault has struck.
func spent(t *testing.T, w *acctest.World, methods ...string) {
	t.Helper()
	for _, m := range methods {
		if w.Count(m) == 0 {
			t.Errorf("%s was never asked for, so its fault did not strike", m)
		}
	}
}

// fleet is a configuration of two apps with several keys each, four of them in
// words that no observer could tell apart.
func fleet(description, suffix string) string {
	return fmt.Sprintf(`
locals { tenants = toset(["north", "south"]) }

resource "clarifai_app" "t" {
  for_each    = local.tenants
  id          = "${each.key}%[2]s"
  description = %[1]q
}

resource "clarifai_app_key" "alike" {
  count       = 4
  app_id      = clarifai_app.t["north"].id
  description = "alike"
  scopes      = ["Predict"]
}

resource "clarifai_app_key" "reader" {
  for_each    = local.tenants
  app_id      = clarifai_app.t[each.key].id
  description = %[1]q
  scopes      = ["Inputs:Get", "Concepts:Get"]
}
`, description, suffix)
}
