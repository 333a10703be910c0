package main

import (
	"fmt"
	"io"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// results is all that one run measured.
type results struct {
	fleets  []*fleet
	layouts []*layout
	limited *limited
	lonely  *cli.Stats
}

// fleet returns the fleet of n keys with a number of scopes, or nil.
func (r *results) fleet(n, scopes int) *fleet {
	for _, f := range r.fleets {
		if f.n == n && f.scopes == scopes {
			return f
		}
	}
	return nil
}

// write writes the tables as Markdown, for the documentation.
func (r *results) write(w io.Writer) {
	r.writeCommands(w)
	r.writeReferences(w)
	r.writeLayouts(w)
	fmt.Fprint(w, "\nWhat must hold. On a busy machine the ratio of CPU times says more than that of the clock.\n\n"+
		"| figure | at most | measured | | by CPU time |\n|---|---|---|---|---|\n")
	for _, b := range r.bounds() {
		fmt.Fprintln(w, b)
	}
	fmt.Fprintln(w)
	r.writeDetails(w)
}

// writeCommands writes what each command took.
func (r *results) writeCommands(w io.Writer) {
	fmt.Fprint(w, "| keys | scopes | command | requests | time | CPU, CLI and provider | CPU, provider | provider's peak memory |\n"+
		"|---|---|---|---|---|---|---|---|\n")
	for _, f := range r.fleets {
		for _, c := range []struct {
			name  string
			stats cli.Stats
			usage usage
		}{{"apply", f.applied, f.apply}, {"plan", f.planned, middle(f.plans[ours])}, {"destroy", f.destroyed, f.destroy}} {
			if c.usage.Wall == 0 { // the run ended before
				continue
			}
			fmt.Fprintf(w, "| %d | %d | %s | %d | %s | %s | %s | %s |\n", f.n, f.scopes, c.name, c.stats.Requests,
				seconds(c.usage.Wall), seconds(c.usage.CPU), seconds(c.usage.ProviderCPU), megabytes(c.usage.Peak))
		}
	}
}

// writeReferences writes what the plans took beside those of other resources.
func (r *results) writeReferences(w io.Writer) {
	fmt.Fprint(w, "\nA plan beside the same number of other resources, in turn with them. Ratios are ours to theirs, "+
		"medians over rounds.\n\n| keys | scopes | beside | its time | ratio of times | ratio of CPU | its peak memory |\n|---|---|---|---|---|---|---|\n")
	for _, f := range r.fleets {
		for _, name := range f.names {
			other := middle(f.plans[name])
			clock, ok := ratio(f.plans[ours], f.plans[name], wall)
			if !ok {
				continue
			}
			work, _ := ratio(f.plans[ours], f.plans[name], cpu)
			peak := "–"
			if other.Peak > 0 {
				peak = megabytes(other.Peak)
			}
			fmt.Fprintf(w, "| %d | %d | %s | %s | %.2f | %.2f | %s |\n", f.n, f.scopes, name, seconds(other.Wall), clock, work, peak)
		}
	}
}

// writeDetails writes a line for each figure that is in no table.
func (r *results) writeDetails(w io.Writer) {
	for _, f := range r.fleets {
		if len(f.plans[ours]) == 0 {
			continue
		}
		fmt.Fprintf(w, "Requests of a plan, %d keys of %d scopes: %s.\n", f.n, f.scopes, methods(f.planned))
	}
	if a, b := r.fleet(1000, few), r.fleet(1000, many); a != nil && b != nil {
		if v, ok := ratio(b.plans[refSets], a.plans[refSets], wall); ok {
			fmt.Fprintf(w, "Terraform alone, 1000 `terraform_data` with sets of %d strings against sets of %d: %.2f x.\n", many, few, v)
		}
	}
	if r.limited != nil {
		fmt.Fprintf(w, "Apply of %d keys at %d requests a second: %d answers were refusals, which the provider waited for and nobody saw. %s. Their apps had taken %s before.\n",
			r.limited.n, documentedRPS, r.limited.stats.Throttled, methods(r.limited.stats), seconds(r.limited.apps.Wall))
	}
}
