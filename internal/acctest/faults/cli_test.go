package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// terraform is a CLI with a workspace of its own, without the testing framework: the
// tests need to see what a single command does, and which keys are in the state after
// a command that failed.
type terraform struct {
	*clitest.Workspace
	t        *testing.T
	provider string // the provider block
}

// newTerraform returns a CLI that uses the provider in this process.
func newTerraform(t *testing.T, w *acctest.World) *terraform {
	t.Helper()
	return &terraform{clitest.InProcess(t, w), t, w.Config("")}
}

// configure writes the configuration. Keys refer to apps that are part of it.
func (tf *terraform) configure(r acctest.Resources) {
	tf.t.Helper()
	var b strings.Builder
	apps := map[any]string{}
	for address, config := range r {
		if strings.HasPrefix(address, "clarifai_app.") {
			apps[config["id"]] = address + ".id"
		}
	}
	for _, address := range slices.Sorted(maps.Keys(r)) {
		kind, name, _ := strings.Cut(address, ".")
		fmt.Fprintf(&b, "resource %q %q {\n", kind, name)
		for attribute, value := range r[address] {
			text, err := json.Marshal(value)
			must(tf.t, err)
			if attribute == "app_id" && apps[value] != "" {
				text = []byte(apps[value])
			}
			fmt.Fprintf(&b, "  %s = %s\n", attribute, text)
		}
		b.WriteString("}\n")
	}
	tf.Write("main.tf", tf.provider+b.String())
}

// run returns what a command printed, in one line because Terraform breaks long ones.
func (tf *terraform) run(args ...string) (string, error) {
	tf.t.Helper()
	r := tf.Run(slices.Concat(args[:1], []string{"-input=false", "-no-color"}, args[1:])...)
	out := clitest.Unwrapped(r.Output)
	if r.Err != nil {
		return out, fmt.Errorf("%s: %w: %s", r, r.Err, out[max(0, strings.Index(out, "Error: ")):])
	}
	return out, nil
}

// Apply applies a configuration.
func (tf *terraform) Apply(r acctest.Resources) error {
	tf.t.Helper()
	tf.configure(r)
	_, err := tf.run("apply", "-auto-approve")
	return err
}

// Destroy destroys everything.
func (tf *terraform) Destroy() error {
	tf.t.Helper()
	_, err := tf.run("destroy", "-auto-approve")
	return err
}

// Changes returns what a plan printed, or "" if it was empty.
func (tf *terraform) Changes(r acctest.Resources) string {
	tf.t.Helper()
	tf.configure(r)
	out, err := tf.run("plan", "-detailed-exitcode", "-lock=false")
	if err == nil {
		return ""
	}
	return out
}

// Each returns an attribute of all resources of a type, sorted. One that is in the
// state twice is returned twice.
func (tf *terraform) Each(resourceType, attribute string) (values []string) {
	tf.t.Helper()
	content, err := tf.Workspace.Workspace.Read("terraform.tfstate")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err = errors.Join(err, json.Unmarshal(content, &state)); err != nil {
		tf.t.Fatal(err)
	}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			if r.Type == resourceType {
				values = append(values, fmt.Sprint(i.Attributes[attribute]))
			}
		}
	}
	return slices.Sorted(slices.Values(values))
}

// interrupt applies and interrupts the CLI, not the provider, as soon as due returns
// true.
func (tf *terraform) interrupt(r acctest.Resources, due func() bool) {
	tf.t.Helper()
	tf.configure(r)
	p := tf.Start("apply", "-auto-approve", "-input=false", "-no-color")
	poll(tf.t, "the moment to interrupt", due)
	must(tf.t, p.InterruptCLI())
	result := p.Wait()
	if result.ExitCode < 1 || !strings.Contains(result.Output, "Interrupt received") {
		tf.t.Fatalf("the apply should have been interrupted: %v\n%s", result.Err, result.Output)
	}
}
