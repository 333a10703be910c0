package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// workspace is a copy of the example.
type workspace struct {
	*cli.Workspace
	cli string // the program's name
}

// run runs the CLI to its end. An exit code that is not expected is an error
// with all that the CLI printed.
func (w *workspace) run(ctx context.Context, expected []int, args ...string) (cli.Result, error) {
	r := w.Run(ctx, args...)
	switch {
	case ctx.Err() != nil:
		return r, errors.New("interrupted")
	case slices.Contains(expected, r.ExitCode):
		return r, nil
	case r.ExitCode < 0:
		return r, fmt.Errorf("%s %s: %w", w.cli, args[0], r.Err)
	}
	return r, fmt.Errorf("%s %s ended with %d:\n%s", w.cli, args[0], r.ExitCode, r.Output)
}

const planFile = "demo.tfplan"

// plan saves a plan and returns what is in it.
func (w *workspace) plan(ctx context.Context) (plan, error) {
	ran, err := w.run(ctx, []int{0, 2}, "plan", "-no-color", "-detailed-exitcode", "-out="+planFile)
	if err != nil {
		return plan{}, err
	}
	shown, err := w.run(ctx, []int{0}, "show", "-json", planFile)
	if err != nil {
		return plan{}, err
	}
	p, err := readPlan(shown.Stdout)
	if err != nil {
		return plan{}, err
	}
	if changed := len(p.changes) > 0; changed != (ran.ExitCode == 2) {
		// Outputs count for the exit code: a plan that changes only outputs is not empty.
		return plan{}, fmt.Errorf("plan ended with %d, but changes %d resources", ran.ExitCode, len(p.changes))
	}
	return p, nil
}

// outputKey returns the first key of the output that hands the keys over, the app
// it belongs to, and its name there, which starts with the app's ID.
func (w *workspace) outputKey(ctx context.Context) (name, appID, secret string, err error) {
	printed, err := w.run(ctx, []int{0}, "output", "-json", "keys")
	if err != nil {
		return "", "", "", err
	}
	var keys map[string]string
	if err := json.Unmarshal([]byte(printed.Stdout), &keys); err != nil || len(keys) == 0 {
		return "", "", "", errors.New(`the output "keys" of the example holds no keys`)
	}
	name = slices.Min(slices.Collect(maps.Keys(keys)))
	appID, _, _ = strings.Cut(name, "/")
	return name, appID, keys[name], nil
}

// apply carries out the saved plan.
func (w *workspace) apply(ctx context.Context) error {
	_, err := w.run(ctx, []int{0}, "apply", "-no-color", planFile)
	return err
}

func (w *workspace) destroy(ctx context.Context) error {
	_, err := w.run(ctx, []int{0}, "destroy", "-no-color", "-auto-approve")
	return err
}

// key is a managed key as the state describes it, without its secret.
type key struct {
	address     string
	appID       string
	fingerprint string
}

// keys returns the managed keys in the order of their addresses.
func (w *workspace) keys(ctx context.Context) ([]key, error) {
	shown, err := w.run(ctx, []int{0}, "show", "-json")
	if err != nil {
		return nil, err
	}
	var state tfjson.State
	if err := json.Unmarshal([]byte(shown.Stdout), &state); err != nil || state.Values == nil {
		return nil, errors.Join(errors.New("the state cannot be read"), err)
	}
	var found []key
	for _, r := range state.Values.RootModule.Resources {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == "clarifai_app_key" {
			appID, _ := r.AttributeValues["app_id"].(string)
			fingerprint, _ := r.AttributeValues["fingerprint"].(string)
			found = append(found, key{r.Address, appID, fingerprint})
		}
	}
	return found, nil
}

var secret = regexp.MustCompile(`[0-9a-f]{32,}`)

// redact hides what has the form of a key or a PAT. The CLI masks keys itself; a
// demo must not show them when that fails.
func redact(text string) string {
	return secret.ReplaceAllString(text, "(hidden)")
}
