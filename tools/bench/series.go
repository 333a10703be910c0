package main

import (
	"context"
	"fmt"
	"os"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// fleet is a number of keys, and what their plans are measured beside.
type fleet struct {
	layout       string
	keys, scopes int
	subjects     []*subject // the keys themselves first
	stops        []func()   // stop its emulators
}

// subject is one configuration whose plan is measured.
type subject struct {
	name    string
	account cli.Account
	space   *workspace
	plans   []usage
}

// The layouts of a fleet.
const (
	counted = "counted"
	modules = "modules" // an instance of a module for each app
)

// What is planned.
const (
	plain    = "plain keys"
	rotating = "as many keys rotating, none due"
	idle     = "twin that does nothing"
)

// few and many are the numbers of scopes that the bounds are for.
const (
	few  = 3
	many = 60
)

// small is the largest number of keys for which modules and rotating keys are
// measured: more take minutes.
const small = 1000

// series measures the fleets of n keys. It adds them to the results first, so that
// what was measured before a failure is there.
func (b *bench) series(ctx context.Context, n int, r *results) error {
	var fleets []*fleet
	for _, scopes := range b.scopes {
		fleets = append(fleets, &fleet{layout: counted, keys: n, scopes: scopes})
	}
	if n <= small {
		fleets = append(fleets, &fleet{layout: modules, keys: n, scopes: few})
	}
	for _, f := range fleets {
		defer f.stop()
		*r = append(*r, f)
		if err := b.create(ctx, f); err != nil {
			return err
		}
	}
	rounds := b.rounds
	if n > small {
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
	config, err := countedKeys(f.keys, scopes)
	if f.layout == modules {
		config, err = tenantModules(os.DirFS("."), f.keys, scopes)
	}
	if err != nil {
		return err
	}
	if err := b.apply(ctx, f, plain, config); err != nil || b.profiles != "" {
		return err
	}
	own := f.subjects[0]
	state, err := own.space.Read(stateFile)
	if err != nil {
		return err
	}
	twin := config.edited(asTwin)
	twin[stateFile] = asTwin(string(state)) // an apply of the twin would create nothing
	if err := b.add(ctx, f, &subject{name: idle, account: own.account}, twin); err != nil || f.layout == modules || f.keys > small {
		return err
	}
	return b.apply(ctx, f, rotating, config.edited(asRotating))
}

// apply adds a configuration whose resources are created in an account of its own.
func (b *bench) apply(ctx context.Context, f *fleet, name string, content files) error {
	account, stop := cli.Serve(emulator.New(emulator.Options{}))
	f.stops = append(f.stops, stop)
	s := &subject{name: name, account: account}
	if err := b.add(ctx, f, s, content); err != nil {
		return err
	}
	b.logf("%s: apply of %s", f, name)
	_, err := s.space.measure(ctx, "apply", "-auto-approve")
	return err
}

// add adds a subject to a fleet.
func (b *bench) add(ctx context.Context, f *fleet, s *subject, content files) (err error) {
	name := fmt.Sprintf("%d-%s-%d-%d", f.keys, f.layout, f.scopes, len(f.subjects))
	if s.space, err = b.workspace(name, content, s.account); err != nil {
		return err
	}
	f.subjects = append(f.subjects, s)
	// init would look for the providers, which overrides replace.
	if r := s.space.Run(ctx, "get"); r.Err != nil {
		return fmt.Errorf("get: %w\n%s", r.Err, r.Output)
	}
	return nil
}

func (f *fleet) stop() {
	for _, stop := range f.stops {
		stop()
	}
}

// round plans once with each subject, so that a busy moment of the machine slows all of
// them.
func (f *fleet) round(ctx context.Context, logf func(string, ...any)) error {
	for _, s := range f.subjects {
		u, err := s.space.measure(ctx, "plan", "-detailed-exitcode") // a plan with changes is not the one to measure
		if err != nil {
			return err
		}
		logf("  %-42s %8s, CPU %s", s.name, seconds(u.Wall), seconds(u.CPU))
		s.plans = append(s.plans, u)
	}
	return nil
}
