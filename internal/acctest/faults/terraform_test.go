// Package faults_test runs the real CLI against an emulator that misbehaves.
// Whatever goes wrong, afterwards the state has every live key, and the next plan
// is empty.
package faults_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
)

// address is the provider's, in full: a short one means another registry in
// OpenTofu.
const address = "registry.terraform.io/clarifai/clarifai"

const requirement = `
terraform {
  required_providers {
    clarifai = { source = "` + address + `" }
  }
}
`

// terraform is a CLI with a workspace of its own. The tests run it without the
// testing framework, because they need to see what a single command does, and
// which keys are in the state after a command that failed.
type terraform struct {
	*clitest.Workspace
	t *testing.T
}

// newTerraform returns a CLI that uses the provider in this process.
func newTerraform(t *testing.T, w *acctest.World) *terraform {
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
	return &terraform{clitest.Reattached(t, string(setting)), t}
}

// newTerraformWithProgram returns a CLI that starts the provider's own program.
func newTerraformWithProgram(t *testing.T, w *acctest.World) *terraform {
	t.Helper()
	return &terraform{clitest.New(t, w), t}
}

// configure writes the configuration.
func (tf *terraform) configure(hcl string) {
	tf.t.Helper()
	tf.Write("main.tf", requirement+hcl)
}

// run returns what a command printed, and its exit code.
func (tf *terraform) run(args ...string) (string, int) {
	tf.t.Helper()
	r := tf.Run(append(args, "-no-color")...)
	if r.ExitCode < 0 {
		tf.t.Fatalf("terraform %s: %v", r, r.Err)
	}
	return r.Output, r.ExitCode
}

// apply applies the configuration.
func (tf *terraform) apply(more ...string) {
	tf.t.Helper()
	if out, code := tf.run(append([]string{"apply", "-auto-approve", "-input=false"}, more...)...); code != 0 {
		tf.t.Fatalf("apply failed:\n%s", failure(out))
	}
}

// applyFails applies a configuration that must fail, and returns what was printed,
// unwrapped.
func (tf *terraform) applyFails(args ...string) string {
	tf.t.Helper()
	out, code := tf.run(append([]string{"apply", "-auto-approve", "-input=false"}, args...)...)
	if code == 0 {
		tf.t.Fatalf("the apply should have failed:\n%s", out)
	}
	return unwrapped(out)
}

// failure returns what was printed without the plan before the error.
func failure(out string) string {
	if at := strings.Index(out, "Error: "); at >= 0 {
		return out[at:]
	}
	return out
}

// unwrapped returns what was printed in one line: Terraform breaks long lines.
func unwrapped(out string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(out)), " ")
}

// destroy destroys everything.
func (tf *terraform) destroy() {
	tf.t.Helper()
	if out, code := tf.run("destroy", "-auto-approve", "-input=false"); code != 0 {
		tf.t.Fatalf("destroy failed:\n%s", failure(out))
	}
}

// plan returns the summary line of a plan with changes, or "" for an empty one.
func (tf *terraform) plan() string {
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

// interrupt applies and interrupts the CLI, not the provider, as soon as due
// returns true.
func (tf *terraform) interrupt(due func() bool) {
	tf.t.Helper()
	p := tf.Start("apply", "-auto-approve", "-input=false", "-no-color")
	poll(tf.t, "the moment to interrupt", due)
	if err := p.InterruptCLI(); err != nil {
		tf.t.Fatal(err)
	}
	r := p.Wait()
	if r.ExitCode < 1 {
		tf.t.Fatalf("the apply should have been interrupted: %v\n%s", r.Err, r.Output)
	}
	if !strings.Contains(r.Output, "Interrupt received") {
		tf.t.Fatalf("the apply failed by itself:\n%s", failure(r.Output))
	}
}

// withSetting adds a setting to the provider block.
func withSetting(config, setting string) string {
	return strings.Replace(config, `provider "clarifai" {`, "provider \"clarifai\" {\n  "+setting, 1)
}
