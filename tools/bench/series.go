package main

import (
	"context"
	"fmt"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// fleet is a number of keys in an emulator of their own, and what their plans are
// measured beside.
type fleet struct {
	layout       string
	keys, scopes int
	account      cli.Account
	subjects     []*subject // the keys themselves first
}

// subject is one configuration whose plan is measured.
type subject struct {
	name  string
	space *workspace
	plans []usage
}

// The layouts of a fleet.
const (
	counted = "counted"
	modules = "modules" // an instance of a module for each app
)

// What is planned.
const (
	plain    = "plain keys"
	rotating = "the same keys rotating, none due"
	idle     = "twin that does nothing"
)

// few and many are the numbers of scopes that the bounds are for.
const (
	few  = 3
	many = 60
)

// maxModules is the largest number of keys for which modules are measured: more take
// minutes.
const maxModules = 1000

// series measures the fleets of n keys. It adds them to the results first, so that
// what was measured before a failure is there.
func (b *bench) series(ctx context.Context, n int, r *results) error {
	var fleets []*fleet
	for _, scopes := range b.scopes {
		fleets = append(fleets, &fleet{layout: counted, keys: n, scopes: scopes})
	}
	if n <= maxModules {
		fleets = append(fleets, &fleet{layout: modules, keys: n, scopes: few})
	}
	for _, f := range fleets {
		var stop func()
		f.account, stop = cli.Serve(emulator.New(emulator.Options{}))
		defer stop()
		*r = append(*r, f)
		if err := b.create(ctx, f); err != nil {
			return err
		}
	}
	rounds := b.rounds
	if n > maxModules {
		rounds = 1 // such plans are long enough to even out what else the machine does
	}
	for round := range rounds {
		for _, f := range fleets {
			b.logf("%s: plans, round %d", f, round+1)
			if err := f.round(ctx, b.logf); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fleet) String() string {
	return fmt.Sprintf("%d keys of %d scopes, %s", f.keys, f.scopes, f.layout)
}

// create creates the keys, and the states of what they are measured beside.
func (b *bench) create(ctx context.Context, f *fleet) error {
	scopes, err := chooseScopes(f.scopes)
	if err != nil {
		return err
	}
	config := countedKeys(f.keys, scopes)
	if f.layout == modules {
		config, err = tenantModules(f.keys, scopes)
	}
	if err != nil {
		return err
	}
	own, err := b.subject(ctx, f, plain, config)
	if err != nil {
		return err
	}
	b.logf("%s: apply", f)
	if _, _, err := own.measure(ctx, "apply", "-auto-approve"); err != nil || b.profiles != "" {
		return err
	}
	state, err := own.Read(stateFile)
	if err != nil {
		return err
	}
	config[stateFile] = string(state)
	if _, err := b.subject(ctx, f, idle, config.edited(asTwin)); err != nil || f.layout == modules {
		return err
	}
	rotates := config.edited(asRotating)
	if rotates[stateFile], err = rotatingState(string(state)); err != nil {
		return err
	}
	_, err = b.subject(ctx, f, rotating, rotates)
	return err
}

// subject adds a configuration to a fleet.
func (b *bench) subject(ctx context.Context, f *fleet, name string, content files) (*workspace, error) {
	w, err := b.workspace(fmt.Sprintf("%d-%s-%d-%d", f.keys, f.layout, f.scopes, len(f.subjects)), content, f.account)
	if err != nil {
		return nil, err
	}
	f.subjects = append(f.subjects, &subject{name: name, space: w})
	// init would look for the providers, which overrides replace.
	if r := w.Run(ctx, "get"); r.Err != nil {
		return nil, fmt.Errorf("get: %w\n%s", r.Err, r.Output)
	}
	return w, nil
}

// round plans once with each subject, so that a busy moment of the machine slows all of
// them.
func (f *fleet) round(ctx context.Context, logf func(string, ...any)) error {
	for _, s := range f.subjects {
		u, err := s.space.plan(ctx)
		if err != nil {
			return err
		}
		logf("  %-42s %8s, CPU %s", s.name, seconds(u.Wall), seconds(u.CPU))
		s.plans = append(s.plans, u)
	}
	return nil
}
