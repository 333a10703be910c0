package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// few and many are the numbers of scopes that the bounds are for.
const (
	few  = 3
	many = 60
)

// documentedRPS is the rate limit that Clarifai documents, the provider's default.
const documentedRPS = 15

// limited is an apply of new keys at the documented limit, in existing apps: a new
// app costs a request as well.
type limited struct {
	n           int
	apps, apply usage
	stats       cli.Stats // of the keys' apply
}

// limitedApply measures an apply of n new keys at the documented limit.
func (b *bench) limitedApply(ctx context.Context, n int) (_ *limited, err error) {
	b.logf("apply of %d new keys at %d requests a second", n, documentedRPS)
	s, err := b.fleetSpace(ctx, "limited-apply", fleetConfig{keyType: ours, n: n, limited: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.emulator.Stop()) }()
	l := &limited{n: n}
	if l.apps, err = s.apply(ctx, "-target=clarifai_app.a"); err != nil {
		return nil, err
	}
	l.stats, err = s.emulator.during(ctx, func() (err error) {
		l.apply, err = s.apply(ctx)
		return err
	})
	if err == nil && l.stats.Keys != n {
		err = fmt.Errorf("after an apply of %d keys the emulator has %d", n, l.stats.Keys)
	}
	return l, err
}

// lonelyPlan plans one key in an account with very many others, and returns the
// requests that this took.
func (b *bench) lonelyPlan(ctx context.Context, others int) (_ *cli.Stats, err error) {
	b.logf("plan of 1 key in an account of %d", others)
	s, err := b.fleetSpace(ctx, "lonely", fleetConfig{keyType: ours, n: 1})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.emulator.Stop()) }()
	if err := cli.Seed(ctx, s.emulator.URL, others/keysPerApp, keysPerApp); err != nil {
		return nil, err
	}
	if _, err := s.apply(ctx); err != nil {
		return nil, err
	}
	during, err := s.emulator.during(ctx, func() error {
		_, err := s.plan(ctx)
		return err
	})
	return &during, err
}

// fleetSpace is a workspace of keys with few scopes, and an emulator of its own.
type fleetSpace struct {
	*workspace
	emulator counting
}

func (b *bench) fleetSpace(ctx context.Context, name string, f fleetConfig) (fleetSpace, error) {
	var s fleetSpace
	var err error
	if f.scopes, err = b.programs.scopes(ctx, few); err != nil {
		return s, err
	}
	rps := 0
	if f.limited {
		rps = documentedRPS
	}
	if s.emulator, err = b.startEmulator(ctx, rps); err != nil {
		return s, err
	}
	if s.workspace, err = b.workspace(name, clarifaiConfig(f), &s.emulator.Account); err != nil {
		err = errors.Join(err, s.emulator.Stop())
	}
	return s, err
}
