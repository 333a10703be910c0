package main

import (
	"context"
	"errors"
	"fmt"
	"time"

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
func (b *bench) limitedApply(ctx context.Context, n int) (l *limited, err error) {
	b.logf("apply of %d new keys at %d requests a second", n, documentedRPS)
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	e, err := b.startEmulator(ctx, documentedRPS, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	w, err := b.workspace("limited-apply", clarifaiConfig(keyBlock{ours, n, scopes, ""}, false), &e.Account)
	if err != nil {
		return nil, err
	}
	l = &limited{n: n}
	if l.apps, err = w.apply(ctx, "-target=clarifai_app.a"); err != nil {
		return nil, err
	}
	before, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	if l.apply, err = w.apply(ctx); err != nil {
		return nil, err
	}
	after, err := e.Stats(ctx)
	if err == nil && after.Keys != n {
		err = fmt.Errorf("after an apply of %d keys the emulator has %d", n, after.Keys)
	}
	l.stats = after.Since(before)
	return l, err
}

// waiting is a plan at the documented limit, and the part of it that was spent
// waiting for the API.
type waiting struct {
	n      int
	plan   usage
	stats  cli.Stats
	waited time.Duration
}

// waitingKeys is the number of keys of that plan.
const waitingKeys = 10000

// limitedPlan plans a fleet again with an emulator that has the documented limit,
// in place of the fleet's own, which created the keys without one.
func (b *bench) limitedPlan(ctx context.Context, f *fleet) (out *waiting, err error) {
	b.logf("%d keys of %d scopes: plan at %d requests a second", f.n, f.scopes, documentedRPS)
	swap := func(rps int) error {
		if err := f.emulator.Stop(); err != nil {
			return err
		}
		e, err := b.startEmulator(ctx, rps, f.stateFile)
		if err != nil {
			return err
		}
		f.emulator = e
		f.clarifai.use(e.Account)
		return nil
	}
	scopes, err := b.programs.scopes(ctx, f.scopes)
	if err != nil {
		return nil, err
	}
	if err := swap(documentedRPS); err != nil {
		return nil, err
	}
	o, err := observe(ctx, f.emulator.URL)
	if err != nil {
		return nil, err
	}
	observed := f.emulator.Account
	observed.URL = o.url
	f.clarifai.use(observed)
	out = &waiting{n: f.n}
	if err = f.clarifai.configure(clarifaiConfig(keyBlock{ours, f.n, scopes, ""}, false)); err == nil {
		out.plan, err = f.clarifai.plan(ctx)
	}
	spans, closing := o.close()
	if err = errors.Join(err, closing); err != nil {
		return nil, err
	}
	out.waited = waited(spans, 2*time.Second/documentedRPS)
	if out.stats, err = f.emulator.Stats(ctx); err != nil {
		return nil, err
	}
	return out, errors.Join(swap(b.settings.rps), f.clarifai.configure(clarifaiConfig(keyBlock{ours, f.n, scopes, ""}, b.settings.rps == 0)))
}

// lonelyPlan plans one key in an account with very many others, and returns the
// requests that this took.
func (b *bench) lonelyPlan(ctx context.Context, others int) (s *cli.Stats, err error) {
	b.logf("plan of 1 key in an account of %d", others)
	scopes, err := b.programs.scopes(ctx, few)
	if err != nil {
		return nil, err
	}
	e, err := b.startEmulator(ctx, 0, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	if err := cli.Seed(ctx, e.URL, others/keysPerApp, keysPerApp); err != nil {
		return nil, err
	}
	w, err := b.workspace("lonely", clarifaiConfig(keyBlock{ours, 1, scopes, ""}, true), &e.Account)
	if err != nil {
		return nil, err
	}
	if _, err := w.apply(ctx); err != nil {
		return nil, err
	}
	before, err := e.Stats(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := w.plan(ctx); err != nil {
		return nil, err
	}
	after, err := e.Stats(ctx)
	during := after.Since(before)
	return &during, err
}
