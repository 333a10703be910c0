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
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// demo is one run.
type demo struct {
	space    *cli.Workspace
	emulator *emulator.Emulator
	account  cli.Account
	screen   *screen

	keys   map[string]string // fingerprints by address
	repair actions           // what the next plan must do
}

// step does one thing and checks its result.
type step struct {
	name string
	mark string
	do   func(context.Context) ([]string, error) // returns what it did, and lines to show below that
}

// play runs all steps and shows a line for each. It stops at the first that fails.
func (d *demo) play(ctx context.Context) error {
	began := time.Now()
	terraform, hand := in(green, "✓ "), in(yellow, "→ ")
	for _, st := range []step{
		{"plan", terraform, d.planCreation},
		{"apply", terraform, d.cli("created", "apply", planFile)},
		{"use key", hand, d.useKey},
		{"plan", terraform, d.planNothing},
		{"by hand", hand, d.tamper},
		{"plan", terraform, d.planRepair},
		{"apply", terraform, d.cli("repaired", "apply", planFile)},
		{"plan", terraform, d.planNothing},
		{"destroy", terraform, d.cli("all gone", "destroy", "-auto-approve")},
	} {
		if err := d.run(ctx, st); err != nil {
			return fmt.Errorf("step %q failed: %w", st.name, err)
		}
	}
	left := d.emulator.Stats()
	d.screen.totals(time.Since(began), left)
	if left.Apps != 0 || left.Keys != 0 {
		return fmt.Errorf("destroy left something behind: %d apps, %d keys", left.Apps, left.Keys)
	}
	return nil
}

// run runs a step and shows what it took.
func (d *demo) run(ctx context.Context, st step) error {
	began, before := time.Now(), d.emulator.Count("")
	lines, err := st.do(ctx)
	if err != nil {
		return err
	}
	d.screen.row(row{mark: st.mark, name: st.name, took: time.Since(began), requests: d.emulator.Count("") - before, text: lines[0]})
	for _, line := range lines[1:] {
		d.screen.line(strings.Repeat(" ", len("  by hand    ")) + line)
	}
	return nil
}

// cli returns what runs the CLI.
func (d *demo) cli(text string, args ...string) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		_, err := d.output(ctx, args...)
		return []string{text}, err
	}
}

// output runs the CLI and returns what it prints. If it fails, that is in the error.
func (d *demo) output(ctx context.Context, args ...string) (string, error) {
	r := d.space.Run(ctx, args...)
	switch {
	case ctx.Err() != nil:
		return "", errors.New("interrupted")
	case r.Err != nil:
		return "", fmt.Errorf("%s: %w\n%s", args[0], r.Err, r.Output)
	}
	return r.Stdout, nil
}

const planFile = "demo.tfplan"

// plan saves a plan and returns what is in it.
func (d *demo) plan(ctx context.Context, args ...string) (plan, error) {
	if _, err := d.output(ctx, append([]string{"plan", "-out=" + planFile}, args...)...); err != nil {
		return plan{}, err
	}
	shown, err := d.output(ctx, "show", "-json", planFile)
	if err != nil {
		return plan{}, err
	}
	return readPlan(shown)
}

func (d *demo) planCreation(ctx context.Context) ([]string, error) {
	p, err := d.plan(ctx)
	if err != nil {
		return nil, err
	}
	apps, keys, err := p.created()
	return []string{fmt.Sprintf("%d apps and %d keys to create", apps, keys)}, err
}

func (d *demo) planNothing(ctx context.Context) ([]string, error) {
	p, err := d.plan(ctx, "-detailed-exitcode") // a change fails, be it of an output
	d.keys = p.keys()
	return []string{"no change"}, err
}

func (d *demo) planRepair(ctx context.Context) ([]string, error) {
	p, err := d.plan(ctx)
	if err != nil {
		return nil, err
	}
	return append([]string{"exactly these two"}, p.driftLines()...), p.mustRepair(d.repair)
}

// useKey takes a key from the output, as a tenant's service gets it, and calls the
// API with it. Its name there starts with the app's ID. It is shown masked.
func (d *demo) useKey(ctx context.Context) ([]string, error) {
	printed, err := d.output(ctx, "output", "-json", "keys")
	if err != nil {
		return nil, err
	}
	var keys map[string]string
	if err := json.Unmarshal([]byte(printed), &keys); err != nil || len(keys) == 0 {
		return nil, errors.New(`the output "keys" of the example holds no keys`)
	}
	name := slices.Min(slices.Collect(maps.Keys(keys)))
	wanted, _, _ := strings.Cut(name, "/")
	api, err := clarifai.New(clarifai.Config{BaseURL: d.account.URL, PAT: keys[name]})
	if err != nil {
		return nil, err
	}
	appID, err := api.AppOfKey(ctx)
	if err == nil && appID != wanted {
		err = fmt.Errorf("a key of app %s works for app %q", wanted, appID)
	}
	return []string{fmt.Sprintf("•••••••••••• for %s, from a sensitive output: accepted", name)}, err
}

// tamper changes keys by hand, which the next plan must repair.
func (d *demo) tamper(context.Context) ([]string, error) {
	addresses := slices.Sorted(maps.Keys(d.keys))
	if len(addresses) < 2 {
		return nil, fmt.Errorf("the example has %d keys, two are needed", len(addresses))
	}
	deleted, widened := addresses[0], addresses[len(addresses)-1]
	d.repair = actions{deleted: "create", widened: "replace"}
	for _, key := range d.emulator.Keys(d.account.UserID, "") {
		var err error
		switch clarifai.Secret(key.ID).Fingerprint() {
		case d.keys[deleted]:
			err = d.emulator.DeleteKey(key.ID)
		case d.keys[widened]:
			err = d.emulator.EditKey(key.ID, func(k *emulator.Key) { k.Scopes = append(k.Scopes, "All") })
		}
		if err != nil {
			return nil, err
		}
	}
	return []string{"a key deleted, another's scopes widened"}, nil
}

var secret = regexp.MustCompile(`[0-9a-f]{32,}`)

// redact hides what has the form of a key or a PAT. The CLI masks keys itself; a
// demo must not show them when that fails.
func redact(text string) string {
	return secret.ReplaceAllString(text, "(hidden)")
}
