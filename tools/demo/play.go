package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// step does one thing and checks its result.
type step struct {
	name string
	hand bool // done outside Terraform
	do   func(context.Context) (result, error)
}

// result is what a step did, in a few words, and what to show below them.
type result struct {
	text string
	more func(screen)
}

// play runs all steps and shows a line for each. It stops at the first that
// fails.
func play(ctx context.Context, w *workspace, a api, s screen) error {
	began := time.Now()
	wanted := changes{}

	steps := []step{
		{name: "plan", do: func(ctx context.Context) (result, error) {
			p, err := w.plan(ctx)
			if err != nil {
				return result{}, err
			}
			return result{text: fmt.Sprintf("%d apps and %d keys to create", p.changes.count("clarifai_app"), p.changes.count("clarifai_app_key"))},
				p.changes.mustCreate()
		}},
		{name: "apply", do: done("created", w.apply)},
		{name: "use key", hand: true, do: func(ctx context.Context) (result, error) { return useKey(ctx, w, a, s) }},
		{name: "plan", do: w.emptyPlan},
		{name: "by hand", hand: true, do: func(ctx context.Context) (result, error) {
			return result{text: "a key deleted, another's scopes widened"}, tamper(ctx, w, a, wanted)
		}},
		{name: "plan", do: func(ctx context.Context) (result, error) {
			p, err := w.plan(ctx)
			if err != nil {
				return result{}, err
			}
			return result{"exactly these two", func(s screen) { s.show(p.drift, p.changes) }},
				errors.Join(p.changes.mustBe(wanted), p.drift.mustCover(wanted))
		}},
		{name: "apply", do: done("repaired", w.apply)},
		{name: "plan", do: w.emptyPlan},
		{name: "destroy", do: done("all gone", w.destroy)},
	}
	for _, st := range steps {
		if err := st.run(ctx, a, s); err != nil {
			return fmt.Errorf("step %q failed: %w", st.name, err)
		}
	}

	left, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	s.line("")
	s.totals(time.Since(began), left.Requests, fmt.Sprintf("%d apps and %d keys left", left.Apps, left.Keys))
	if left.Apps != 0 || left.Keys != 0 {
		return fmt.Errorf("destroy left something behind: %d apps, %d keys", left.Apps, left.Keys)
	}
	s.next()
	return nil
}

// done makes a step of a run of the CLI.
func done(text string, do func(context.Context) error) func(context.Context) (result, error) {
	return func(ctx context.Context) (result, error) { return result{text: text}, do(ctx) }
}

func (st step) run(ctx context.Context, a api, s screen) error {
	before, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	began := time.Now()
	did, err := st.do(ctx)
	if err != nil {
		return err
	}
	took := time.Since(began)
	after, err := cli.ReadStats(ctx, a.account.URL)
	if err != nil {
		return err
	}
	r := row{mark: "✓", look: green, name: st.name, took: took, requests: after.Requests - before.Requests, text: did.text}
	if st.hand {
		r.mark, r.look = "→", yellow
	}
	s.row(r)
	if did.more != nil {
		did.more(s)
	}
	return nil
}

func (w *workspace) emptyPlan(ctx context.Context) (result, error) {
	p, err := w.plan(ctx)
	if err != nil {
		return result{}, err
	}
	return result{text: "no change"}, p.changes.mustBe(nil)
}

// useKey takes a key from the output, as a tenant's service gets it, and calls the
// API with it. It shows the key masked.
func useKey(ctx context.Context, w *workspace, a api, s screen) (result, error) {
	name, appID, secret, err := w.outputKey(ctx)
	if err != nil {
		return result{}, err
	}
	if err := a.mustWork(ctx, secret, appID); err != nil {
		return result{}, err
	}
	masked := strings.Repeat(s.rich("•", "*"), 12)
	return result{text: fmt.Sprintf("%s for %s, from a sensitive output: accepted", masked, name)}, nil
}

// tamper changes keys by hand, and adds to wanted what the next plan must repair.
func tamper(ctx context.Context, w *workspace, a api, wanted changes) error {
	keys, err := w.keys(ctx)
	if err != nil {
		return err
	}
	if len(keys) < 2 {
		return fmt.Errorf("the example has %d keys, two are needed", len(keys))
	}
	deleted, widened := keys[0], keys[len(keys)-1]
	wanted[deleted.address] = "create"
	wanted[widened.address] = "replace"
	if err := a.deleteKey(ctx, deleted); err != nil {
		return err
	}
	return a.widenKey(ctx, widened, "All")
}
