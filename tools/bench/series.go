package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// fleet is n keys with a number of scopes each, and an emulator of its own.
type fleet struct {
	n, scopes int
	emulator  *cli.Emulator
	stateFile string // of the emulator
	clarifai  *workspace

	apply, destroy     usage
	applied, destroyed cli.Stats // what the emulator counted during these
	plans              map[string][]usage
	planned            cli.Stats // of the plan with most requests
	others             map[string]*workspace
	names              []string // of others, in the order they are measured
}

// What a plan is measured beside.
const (
	ours     = "clarifai_app_key"
	refData  = "terraform_data"
	refSets  = "terraform_data with two sets"
	refTime  = "time_static"
	refIdle  = "twin that does nothing"
	refTwin  = "twin that moves its data"
	refPlain = "the same with plain sets"

	rotating = "clarifai_rotating_app_key" // the same keys, none due
)

// maxPlain is the largest number of keys for which the framework's plain sets,
// and Terraform's own, are measured: more take minutes.
const maxPlain = 1000

// series measures n keys for each number of scopes, in turn.
func (b *bench) series(ctx context.Context, n int, r *results) (err error) {
	var fleets []*fleet
	defer func() {
		for _, f := range fleets {
			err = errors.Join(err, f.emulator.Stop())
		}
	}()
	for _, scopes := range b.settings.scopes {
		f, err := b.fleet(ctx, n, scopes)
		if f != nil {
			fleets = append(fleets, f)
			r.fleets = append(r.fleets, f)
		}
		if err != nil {
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
		if n == waitingKeys && f.scopes == few && b.settings.profiles == "" {
			if r.waiting, err = b.limitedPlan(ctx, f); err != nil {
				return err
			}
		}
		b.logf("%d keys of %d scopes: destroy", n, f.scopes)
		if err := f.end(ctx); err != nil {
			return err
		}
	}
	return nil
}

// end destroys everything and checks that nothing is left.
func (f *fleet) end(ctx context.Context) error {
	before, err := f.emulator.Stats(ctx)
	if err != nil {
		return err
	}
	if f.destroy, err = f.clarifai.destroy(ctx); err != nil {
		return err
	}
	after, err := f.emulator.Stats(ctx)
	if err == nil && after.Keys+after.Apps > 0 {
		err = fmt.Errorf("after a destroy the emulator has %d keys in %d apps", after.Keys, after.Apps)
	}
	f.destroyed = after.Since(before)
	return err
}

// rounds returns how many rounds to measure. One is enough for very many keys:
// their plans are long enough to even out what else the machine does.
func (b *bench) rounds(n int) int {
	if n > 2000 {
		return min(b.settings.rounds, 1)
	}
	return b.settings.rounds
}

// fleet creates the keys, and the states of what they are measured beside.
func (b *bench) fleet(ctx context.Context, n, count int) (*fleet, error) {
	scopes, err := b.programs.scopes(ctx, count)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%d-%d", n, count)
	f := &fleet{
		n: n, scopes: count, stateFile: filepath.Join(b.folder, name+".emulator"),
		plans: map[string][]usage{}, others: map[string]*workspace{},
	}
	if f.emulator, err = b.startEmulator(ctx, b.settings.rps, f.stateFile); err != nil {
		return nil, err
	}
	if f.clarifai, err = b.workspace(name, clarifaiConfig(keyBlock{ours, n, scopes, ""}, b.settings.rps == 0), &f.emulator.Account); err != nil {
		return f, err
	}
	b.logf("%d keys of %d scopes: apply", n, count)
	if f.apply, err = f.clarifai.apply(ctx); err != nil {
		return f, err
	}
	if f.applied, err = f.emulator.Stats(ctx); err != nil {
		return f, err
	}
	if f.applied.Keys != n {
		return f, fmt.Errorf("after an apply of %d keys the emulator has %d", n, f.applied.Keys)
	}
	if b.settings.profiles != "" {
		return f, nil
	}
	return f, f.references(ctx, b, name, scopes)
}

// startEmulator starts an emulator that refuses more than rps requests a second
// (0: no limit) and keeps what it holds in a file, if one is given.
func (b *bench) startEmulator(ctx context.Context, rps int, state string) (*cli.Emulator, error) {
	return cli.StartEmulator(ctx, cli.EmulatorOptions{
		Program: b.programs.emulator, Folder: b.folder, State: state, UserID: "bench", RequestsPerSecond: rps, Stderr: os.Stderr,
	})
}

// references creates the workspaces that the plans are measured beside.
func (f *fleet) references(ctx context.Context, b *bench, name string, scopes []string) error {
	state, err := f.clarifai.state()
	if err != nil {
		return err
	}
	add := func(what, folder, config string, state []byte) error {
		w, err := b.workspace(name+"-"+folder, config, nil)
		if err != nil {
			return err
		}
		f.others[what] = w
		f.names = append(f.names, what)
		return w.setState(state)
	}
	for _, r := range []reference{{refData, "data", dataConfig}, {refSets, "sets", setsConfig(scopes)}, {refTime, "time", timeConfig}} {
		if r.what == refSets && f.n > maxPlain {
			continue
		}
		many, err := b.referenceState(ctx, name+"-one-"+r.folder, r, f.n)
		if err != nil {
			return err
		}
		if err := add(r.what, r.folder, r.config(f.n), many); err != nil {
			return err
		}
	}
	config, account := clarifaiConfig(keyBlock{rotating, f.n, scopes, schedule}, b.settings.rps == 0), &f.emulator.Account
	w, err := b.workspace(name+"-rotating", config, account)
	if err != nil {
		return err
	}
	rotates, err := asRotating(state)
	if err != nil {
		return err
	}
	f.others[rotating], f.names = w, append(f.names, rotating)
	if err := w.setState(rotates); err != nil {
		return err
	}
	for _, r := range []struct{ what, resourceType string }{
		{refIdle, "twin_idle_key"}, {refTwin, "twin_key"}, {refPlain, "twin_plain_key"},
	} {
		if r.what == refPlain && f.n > maxPlain {
			continue
		}
		twin, err := asTwin(state, r.resourceType)
		if err != nil {
			return err
		}
		if err := add(r.what, r.resourceType, twinConfig(keyBlock{r.resourceType, f.n, scopes, ""}), twin); err != nil {
			return err
		}
	}
	return nil
}

// reference is a resource of another provider that plans are measured beside.
type reference struct {
	what, folder string
	config       func(n int) string
}

// referenceState returns a state of n of a reference. Only one is applied.
func (b *bench) referenceState(ctx context.Context, folder string, r reference, n int) ([]byte, error) {
	one, err := b.workspace(folder, r.config(1), nil)
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

// round plans once with each, so that a busy moment of the machine
// slows all of them.
func (f *fleet) round(ctx context.Context, logf func(string, ...any)) error {
	before, err := f.emulator.Stats(ctx)
	if err != nil {
		return err
	}
	u, err := f.clarifai.plan(ctx)
	if err != nil {
		return err
	}
	after, err := f.emulator.Stats(ctx)
	if err != nil {
		return err
	}
	if s := after.Since(before); s.Requests >= f.planned.Requests {
		f.planned = s
	}
	note := func(name string, u usage) {
		logf("  %-28s %8s, CPU %s", name, seconds(u.Wall), seconds(u.CPU))
		f.plans[name] = append(f.plans[name], u)
	}
	note(ours, u)
	for _, name := range f.names {
		u, err := f.others[name].plan(ctx)
		if err != nil {
			return err
		}
		note(name, u)
	}
	return nil
}

// keysInURLs returns the number of requests other than DELETE with a key
// in their URL.
func (f *fleet) keysInURLs() int {
	return f.applied.KeysInURL + f.planned.KeysInURL + f.destroyed.KeysInURL
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
