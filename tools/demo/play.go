package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// step does one thing, checks its result and returns it in a few words.
type step struct {
	name string
	do   func(context.Context) (string, error)
}

// play runs all steps and prints a line for each. It stops at the first that
// fails.
func play(ctx context.Context, w *workspace, a api, out io.Writer) error {
	began := time.Now()
	drift := changes{}

	steps := []step{
		{"plan", func(ctx context.Context) (string, error) {
			planned, err := w.plan(ctx)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("%d apps and %d keys to create", planned.count("clarifai_app"), planned.count("clarifai_app_key")),
				planned.mustCreate()
		}},
		{"apply", func(ctx context.Context) (string, error) { return "created", w.apply(ctx) }},
		{"plan", w.emptyPlan},
		{"by hand", func(ctx context.Context) (string, error) {
			return "a key deleted, another's scopes widened", tamper(ctx, w, a, drift)
		}},
		{"plan", func(ctx context.Context) (string, error) {
			planned, err := w.plan(ctx)
			if err != nil {
				return "", err
			}
			return "exactly these two" + planned.lines(), planned.mustBe(drift)
		}},
		{"apply", func(ctx context.Context) (string, error) { return "repaired", w.apply(ctx) }},
		{"plan", w.emptyPlan},
		{"destroy", func(ctx context.Context) (string, error) { return "all gone", w.destroy(ctx) }},
	}
	for _, s := range steps {
		if err := s.run(ctx, a, out); err != nil {
			return fmt.Errorf("step %q failed: %w", s.name, err)
		}
	}

	left, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d apps, %d keys left. %d requests in %.1f s.\n", left.Apps, left.Keys, left.Requests, time.Since(began).Seconds())
	if left.Apps != 0 || left.Keys != 0 {
		return fmt.Errorf("destroy left something behind: %d apps, %d keys", left.Apps, left.Keys)
	}
	return nil
}

func (s step) run(ctx context.Context, a api, out io.Writer) error {
	before, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	began := time.Now()
	result, err := s.do(ctx)
	if err != nil {
		return err
	}
	took := time.Since(began)
	after, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%-8s %5.1f s %4d requests  %s\n", s.name, took.Seconds(), after.Requests-before.Requests, result)
	return nil
}

func (w *workspace) emptyPlan(ctx context.Context) (string, error) {
	planned, err := w.plan(ctx)
	if err != nil {
		return "", err
	}
	return "no change", planned.mustBe(nil)
}

// tamper changes keys by hand, and adds to drift what the next plan must show.
func tamper(ctx context.Context, w *workspace, a api, drift changes) error {
	keys, err := w.keys(ctx)
	if err != nil {
		return err
	}
	if len(keys) < 2 {
		return fmt.Errorf("the example has %d keys, two are needed", len(keys))
	}
	deleted, widened := keys[0], keys[len(keys)-1]
	drift[deleted.address] = "create"
	drift[widened.address] = "replace"
	if err := a.deleteKey(ctx, deleted); err != nil {
		return err
	}
	return a.widenKey(ctx, widened, "All")
}
