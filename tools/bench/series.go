package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// fleet is n keys with a number of scopes each, and an emulator of its own.
type fleet struct {
	n, scopes int
	emulator  counting
	clarifai  *workspace

	apply, destroy     usage
	applied, destroyed cli.Stats // what the emulator counted during these
	plans              map[string][]usage
	planned            cli.Stats // of the last plan
	others             map[string]*workspace
	names              []string // of others, in the order they are measured
}

// What a plan is measured beside.
const (
	ours     = "clarifai_app_key"
	refSets  = "terraform_data with two sets"
	refTime  = "time_static"
	refIdle  = "twin that does nothing"
	refPlain = "twin with plain sets that moves its data"

	rotating = "clarifai_rotating_app_key" // the same keys, none due
)

// maxPlain is the largest number of keys for which the framework's plain sets,
// and Terraform's own, are measured: more take minutes.
const maxPlain = 1000

// counting is an emulator whose requests are counted.
type counting struct{ *cli.Emulator }

// during returns what the emulator counted while something was done.
func (c counting) during(ctx context.Context, do func() error) (cli.Stats, error) {
	before, err := c.Stats(ctx)
	if err != nil {
		return before, err
	}
	if err := do(); err != nil {
		return before, err
	}
	after, err := c.Stats(ctx)
	return after.Since(before), err
}

// startEmulator starts an emulator that refuses more than rps requests a second
// (0: no limit).
func (b *bench) startEmulator(ctx context.Context, rps int) (counting, error) {
	e, err := cli.StartEmulator(ctx, cli.EmulatorOptions{
		Program: b.programs.emulator, Folder: b.folder, UserID: "bench", RequestsPerSecond: rps, Stderr: os.Stderr,
	})
	return counting{e}, err
}

// series measures n keys for each number of scopes, in turn.
func (b *bench) series(ctx context.Context, n int, r *results) (err error) {
	var fleets []*fleet
	defer func() {
		for _, f := range fleets {
			err = errors.Join(err, f.emulator.Stop())
		}
	}()
	for _, scopes := range b.settings.scopes {
		f := &fleet{n: n, scopes: scopes, plans: map[string][]usage{}, others: map[string]*workspace{}}
		if f.emulator, err = b.startEmulator(ctx, 0); err != nil {
			return err
		}
		fleets, r.fleets = append(fleets, f), append(r.fleets, f)
		if err := b.create(ctx, f); err != nil {
			return err
		}
	}
	for round := range b.rounds(n) {
		for _, f := range fleets {
			b.logf("%d keys of %d scopes: plans, round %d", n, f.scopes, round+1)
			if err := f.round(ctx, b.logf); err != nil {
				return err
			}
		}
	}
	for _, f := range fleets {
		b.logf("%d keys of %d scopes: destroy", n, f.scopes)
		f.destroyed, err = f.emulator.during(ctx, func() (err error) {
			f.destroy, err = f.clarifai.destroy(ctx)
			return err
		})
		if left := f.destroyed; err == nil && left.Keys+left.Apps > 0 {
			err = fmt.Errorf("after a destroy the emulator has %d keys in %d apps", left.Keys, left.Apps)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rounds returns how many rounds to measure. One is enough for very many keys:
// their plans are long enough to even out what else the machine does.
func (b *bench) rounds(n int) int {
	if n > 2000 {
		return min(b.settings.rounds, 1)
	}
	return b.settings.rounds
}

// create creates the keys, and the states of what they are measured beside.
func (b *bench) create(ctx context.Context, f *fleet) error {
	scopes, err := b.programs.scopes(ctx, f.scopes)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%d-%d", f.n, f.scopes)
	config := fleetConfig{keyType: ours, n: f.n, scopes: scopes}
	if f.clarifai, err = b.workspace(name, clarifaiConfig(config), &f.emulator.Account); err != nil {
		return err
	}
	b.logf("%d keys of %d scopes: apply", f.n, f.scopes)
	f.applied, err = f.emulator.during(ctx, func() (err error) {
		f.apply, err = f.clarifai.apply(ctx)
		return err
	})
	if err == nil && f.applied.Keys != f.n {
		err = fmt.Errorf("after an apply of %d keys the emulator has %d", f.n, f.applied.Keys)
	}
	if err != nil || b.settings.profiles != "" {
		return err
	}
	return f.references(ctx, b, name, config)
}

// references creates the workspaces that the plans are measured beside.
func (f *fleet) references(ctx context.Context, b *bench, name string, config fleetConfig) error {
	state, err := f.clarifai.state()
	if err != nil {
		return err
	}
	add := func(what, config string, state []byte, account *cli.Account) error {
		w, err := b.workspace(fmt.Sprintf("%s-%d", name, len(f.names)), config, account)
		if err != nil {
			return err
		}
		f.others[what], f.names = w, append(f.names, what)
		return w.setState(state)
	}
	others := map[string]func(int) string{refTime: timeConfig}
	twins := map[string]string{refIdle: "twin_idle_key"}
	if f.n <= maxPlain {
		others[refSets], twins[refPlain] = setsConfig(config.scopes), "twin_plain_key"
	}
	for _, what := range slices.Sorted(maps.Keys(others)) {
		many, err := b.referenceState(ctx, fmt.Sprintf("%s-one-%d", name, len(f.names)), others[what], f.n)
		if err != nil {
			return err
		}
		if err := add(what, others[what](f.n), many, nil); err != nil {
			return err
		}
	}
	for _, what := range slices.Sorted(maps.Keys(twins)) {
		if err := add(what, asTwin(clarifaiConfig(config), twins[what]), []byte(asTwin(string(state), twins[what])), nil); err != nil {
			return err
		}
	}
	rotates, err := asRotating(state)
	if err != nil {
		return err
	}
	config.keyType = rotating
	return add(rotating, clarifaiConfig(config), rotates, &f.emulator.Account)
}

// referenceState returns a state of n resources of a configuration. Only one is
// applied.
func (b *bench) referenceState(ctx context.Context, folder string, config func(int) string, n int) ([]byte, error) {
	one, err := b.workspace(folder, config(1), nil)
	if err != nil {
		return nil, err
	}
	if _, err := one.apply(ctx); err != nil {
		return nil, err
	}
	state, err := one.state()
	if err != nil {
		return nil, err
	}
	return multiplied(state, n)
}

// round plans once with each, so that a busy moment of the machine slows all of
// them.
func (f *fleet) round(ctx context.Context, logf func(string, ...any)) error {
	plan := func(name string, w *workspace) error {
		u, err := w.plan(ctx)
		logf("  %-42s %8s, CPU %s", name, seconds(u.Wall), seconds(u.CPU))
		f.plans[name] = append(f.plans[name], u)
		return err
	}
	var err error
	if f.planned, err = f.emulator.during(ctx, func() error { return plan(ours, f.clarifai) }); err != nil {
		return err
	}
	for _, name := range f.names {
		if err := plan(name, f.others[name]); err != nil {
			return err
		}
	}
	return nil
}

// methods returns the number of requests of each method, as text.
func methods(s cli.Stats) string {
	var text string
	for _, name := range slices.Sorted(maps.Keys(s.ByMethod)) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", s.ByMethod[name], name)
	}
	return text
}
