package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// fleet is n keys of so many scopes, with an emulator of its own.
type fleet struct {
	n, scopes int
	emulator  *emulator
	stateFile string // of the emulator
	clarifai  *workspace

	apply, destroy     usage
	applied, destroyed stats // what the emulator counted meanwhile
	plans              map[string][]usage
	planned            stats // of the plan with most requests
	others             map[string]*workspace
	names              []string // of others, in the order they are measured
}

// The references beside each plan.
const (
	ours     = "clarifai_app_key"
	refData  = "terraform_data"
	refSets  = "terraform_data with two sets"
	refTime  = "time_static"
	refIdle  = "twin that does nothing"
	refTwin  = "twin that moves its data"
	refPlain = "the same with plain sets"
)

// maxPlain is up to how many keys the framework's plain sets, and Terraform's
// own, are measured: they take minutes beyond.
const maxPlain = 1000

// series measures n keys, with few and with many scopes in turn.
func (b *bench) series(ctx context.Context, n int, r *results) (err error) {
	var fleets []*fleet
	defer func() {
		for _, f := range fleets {
			err = errors.Join(err, f.emulator.stop())
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

// end destroys all and looks whether anything is left.
func (f *fleet) end(ctx context.Context) error {
	before, err := f.emulator.stats(ctx)
	if err != nil {
		return err
	}
	if f.destroy, err = f.clarifai.destroy(ctx); err != nil {
		return err
	}
	after, err := f.emulator.stats(ctx)
	if err == nil && after.Keys+after.Apps > 0 {
		err = fmt.Errorf("after a destroy the emulator has %d keys in %d apps", after.Keys, after.Apps)
	}
	f.destroyed = after.since(before)
	return err
}

// rounds is fewer for very many keys: their plans are long enough to even out
// what else the machine does.
func (b *bench) rounds(n int) int {
	if n > 2000 {
		return min(b.settings.rounds, 1)
	}
	return b.settings.rounds
}

// fleet makes the keys and the references' states.
func (b *bench) fleet(ctx context.Context, n, count int) (*fleet, error) {
	scopes, err := b.programs.scopes(ctx, count)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%d-%d", n, count)
	f := &fleet{n: n, scopes: count, stateFile: filepath.Join(b.folder, name+".emulator"), plans: map[string][]usage{}, others: map[string]*workspace{}}
	if f.emulator, err = startEmulator(ctx, b.programs.emulator, b.folder, b.settings.rps, f.stateFile); err != nil {
		return nil, err
	}
	if f.clarifai, err = b.workspace(name, clarifaiConfig(n, scopes, b.settings.rps == 0), f.emulator.environment()...); err != nil {
		return f, err
	}
	b.logf("%d keys of %d scopes: apply", n, count)
	if f.apply, err = f.clarifai.apply(ctx); err != nil {
		return f, err
	}
	if f.applied, err = f.emulator.stats(ctx); err != nil {
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

func (e *emulator) environment() []string {
	return []string{"CLARIFAI_API_BASE=" + e.url, "CLARIFAI_USER_ID=" + account, "CLARIFAI_PAT=" + pat}
}

func (f *fleet) references(ctx context.Context, b *bench, name string, scopes []string) error {
	state, err := f.clarifai.state()
	if err != nil {
		return err
	}
	add := func(what, folder, config string, state []byte) error {
		w, err := b.workspace(name+"-"+folder, config)
		if err != nil {
			return err
		}
		f.others[what] = w
		f.names = append(f.names, what)
		return w.setState(state)
	}
	for _, r := range []struct {
		what, folder string
		config       func(n int) string
	}{{refData, "data", dataConfig}, {refSets, "sets", setsConfig(scopes)}, {refTime, "time", timeConfig}} {
		if r.what == refSets && f.n > maxPlain {
			continue
		}
		one, err := b.workspace(name+"-one-"+r.folder, r.config(1))
		if err != nil {
			return err
		}
		if _, err := one.apply(ctx); err != nil {
			return err
		}
		single, err := one.state()
		if err != nil {
			return err
		}
		many, err := multiplied(single, f.n)
		if err != nil {
			return err
		}
		if err := add(r.what, r.folder, r.config(f.n), many); err != nil {
			return err
		}
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
		if err := add(r.what, r.resourceType, twinConfig(r.resourceType, f.n, scopes), twin); err != nil {
			return err
		}
	}
	return nil
}

// round plans once with each, so that all meet the same machine.
func (f *fleet) round(ctx context.Context, logf func(string, ...any)) error {
	before, err := f.emulator.stats(ctx)
	if err != nil {
		return err
	}
	u, err := f.clarifai.plan(ctx)
	if err != nil {
		return err
	}
	after, err := f.emulator.stats(ctx)
	if err != nil {
		return err
	}
	if s := after.since(before); s.Requests >= f.planned.Requests {
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

// keysInURLs counts requests other than DELETE that had a key in their URL.
func (f *fleet) keysInURLs() int {
	return f.applied.KeysInURL + f.planned.KeysInURL + f.destroyed.KeysInURL
}

func methods(s stats) string {
	var text string
	for _, name := range slices.Sorted(maps.Keys(s.ByMethod)) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", s.ByMethod[name], name)
	}
	return text
}
