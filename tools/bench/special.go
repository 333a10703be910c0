package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// few and many are the scopes of a key that the bounds speak of.
const (
	few  = 3
	many = 60
)

// documentedRPS is the limit that Clarifai documents, and the provider's default.
const documentedRPS = 15

// limited is an apply of new keys at the documented limit, in apps that are
// there: of those, each costs a request as well.
type limited struct {
	n           int
	apps, apply usage
	stats       stats // of the keys' apply
}

func (b *bench) limitedApply(ctx context.Context, n int) (l *limited, err error) {
	b.logf("apply of %d new keys at %d requests a second", n, documentedRPS)
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	e, err := startEmulator(ctx, b.programs.emulator, b.folder, documentedRPS, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	w, err := b.workspace("limited-apply", clarifaiConfig(n, scopes, false), e.environment()...)
	if err != nil {
		return nil, err
	}
	l = &limited{n: n}
	if l.apps, err = w.apply(ctx, "-target=clarifai_app.a"); err != nil {
		return nil, err
	}
	before, err := e.stats(ctx)
	if err != nil {
		return nil, err
	}
	if l.apply, err = w.apply(ctx); err != nil {
		return nil, err
	}
	after, err := e.stats(ctx)
	if err == nil && after.Keys != n {
		err = fmt.Errorf("after an apply of %d keys the emulator has %d", n, after.Keys)
	}
	l.stats = after.since(before)
	return l, err
}

// waiting is a plan at the documented limit, and how much of it was spent on
// waiting for the API.
type waiting struct {
	n      int
	plan   usage
	stats  stats
	waited time.Duration
}

// waitingKeys is of how many keys that plan is.
const waitingKeys = 10000

// limitedPlan plans a fleet again while an emulator with the documented limit
// stands in for the fleet's own, which made the keys without one.
func (b *bench) limitedPlan(ctx context.Context, f *fleet) (out *waiting, err error) {
	b.logf("%d keys of %d scopes: plan at %d requests a second", f.n, f.scopes, documentedRPS)
	swap := func(rps int) error {
		if err := f.emulator.stop(); err != nil {
			return err
		}
		e, err := startEmulator(ctx, b.programs.emulator, b.folder, rps, f.stateFile)
		if err != nil {
			return err
		}
		*f.emulator = *e
		f.clarifai.env = e.environment()
		return nil
	}
	scopes, err := b.programs.scopes(ctx, f.scopes)
	if err != nil {
		return nil, err
	}
	if err := swap(documentedRPS); err != nil {
		return nil, err
	}
	o, err := observe(ctx, f.emulator.url)
	if err != nil {
		return nil, err
	}
	f.clarifai.env = (&emulator{url: o.url}).environment()
	out = &waiting{n: f.n}
	if err = f.clarifai.configure(clarifaiConfig(f.n, scopes, false)); err == nil {
		out.plan, err = f.clarifai.plan(ctx)
	}
	spans, closing := o.close()
	if err = errors.Join(err, closing); err != nil {
		return nil, err
	}
	out.waited = waited(spans, 2*time.Second/documentedRPS)
	if out.stats, err = f.emulator.stats(ctx); err != nil {
		return nil, err
	}
	return out, errors.Join(swap(b.settings.rps), f.clarifai.configure(clarifaiConfig(f.n, scopes, b.settings.rps == 0)))
}

// lonelyPlan plans one key in an account that has very many others, and returns
// what that asked of the API.
func (b *bench) lonelyPlan(ctx context.Context, others int) (s *stats, err error) {
	b.logf("plan of 1 key in an account of %d", others)
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	e, err := startEmulator(ctx, b.programs.emulator, b.folder, 0, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	if err := e.seed(ctx, others/keysPerApp, keysPerApp); err != nil {
		return nil, err
	}
	w, err := b.workspace("lonely", clarifaiConfig(1, scopes, true), e.environment()...)
	if err != nil {
		return nil, err
	}
	if _, err := w.apply(ctx); err != nil {
		return nil, err
	}
	before, err := e.stats(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := w.plan(ctx); err != nil {
		return nil, err
	}
	after, err := e.stats(ctx)
	during := after.since(before)
	return &during, err
}
