package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// results is all that one run measured.
type results struct {
	fleets  []*fleet
	waiting *waiting
	limited *limited
	lonely  *stats
}

func (r *results) fleet(n, scopes int) *fleet {
	for _, f := range r.fleets {
		if f.n == n && f.scopes == scopes {
			return f
		}
	}
	return nil
}

// print writes the tables as Markdown, for the documentation.
func (r *results) print(w io.Writer) {
	fmt.Fprint(w, "| keys | scopes | command | requests | time | CPU, CLI and provider | CPU, provider | provider's peak memory |\n"+
		"|---|---|---|---|---|---|---|---|\n")
	for _, f := range r.fleets {
		plan := middle(f.plans[ours])
		for _, c := range []struct {
			name  string
			stats stats
			usage usage
		}{{"apply", f.applied, f.apply}, {"plan", f.planned, plan}, {"destroy", f.destroyed, f.destroy}} {
			if c.usage.Wall == 0 { // the run ended before
				continue
			}
			fmt.Fprintf(w, "| %d | %d | %s | %d | %s | %s | %s | %s |\n", f.n, f.scopes, c.name, c.stats.Requests,
				seconds(c.usage.Wall), seconds(c.usage.CPU), seconds(c.usage.ProviderCPU), megabytes(c.usage.Peak))
		}
	}
	fmt.Fprint(w, "\nA plan beside the same number of other resources, in turn with them. Ratios are ours to theirs, "+
		"medians over rounds.\n\n| keys | scopes | beside | its time | ratio of times | ratio of CPU | its peak memory |\n|---|---|---|---|---|---|---|\n")
	for _, f := range r.fleets {
		for _, name := range f.names {
			other := middle(f.plans[name])
			time, ok := ratio(f.plans[ours], f.plans[name], wall)
			if !ok {
				continue
			}
			work, _ := ratio(f.plans[ours], f.plans[name], cpu)
			peak := "–"
			if other.Peak > 0 {
				peak = megabytes(other.Peak)
			}
			fmt.Fprintf(w, "| %d | %d | %s | %s | %.2f | %.2f | %s |\n", f.n, f.scopes, name, seconds(other.Wall), time, work, peak)
		}
	}
	fmt.Fprint(w, "\nWhat must hold. On a busy machine the ratio of CPU times says more than that of the clock.\n\n"+
		"| figure | at most | measured | | by CPU time |\n|---|---|---|---|---|\n")
	for _, b := range r.bounds() {
		fmt.Fprintln(w, b)
	}
	fmt.Fprintln(w)
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
	if r.waiting != nil {
		fmt.Fprintf(w, "Plan of %d keys at %d requests a second: %s in all, %s.\n",
			r.waiting.n, documentedRPS, seconds(r.waiting.plan.Wall), methods(r.waiting.stats))
	}
}

// bound is one figure and what it may be at most.
type bound struct {
	figure   string
	most     float64
	unit     string
	measured float64
	known    bool    // whether it was measured in this run
	cpu      float64 // the same ratio of CPU times; 0: none
}

func (b bound) String() string {
	if !b.known {
		return fmt.Sprintf("| %s | %g%s | not measured | | |", b.figure, b.most, b.unit)
	}
	verdict := "holds"
	if b.measured > b.most {
		verdict = "**does not hold**"
	}
	work := ""
	if b.cpu > 0 {
		work = fmt.Sprintf("%.2f x", b.cpu)
	}
	return fmt.Sprintf("| %s | %g%s | %s%s | %s | %s |", b.figure, b.most, b.unit, digits(b.measured), b.unit, verdict, work)
}

// digits shows counts whole and everything else to two places.
func digits(v float64) string {
	if v == float64(int64(v)) {
		return fmt.Sprint(int64(v))
	}
	return fmt.Sprintf("%.2f", v)
}

// bounds are the figures that must hold, with 3 and 60 scopes where they say so.
func (r *results) bounds() []bound {
	out := []bound{
		{figure: "requests of a plan over 1,000 keys in 100 apps", most: 6},
		{figure: "requests of a plan over 10,000 keys in 1,000 apps", most: 20},
		{figure: "plan over 1,000 keys of 3 scopes, against 1,000 `time_static`", most: 0.7, unit: " x"},
		{figure: "the same, against a twin of the schema that does nothing", most: 1.25, unit: " x"},
		{figure: "plan over 1,000 keys of 60 scopes, against the same with the framework's plain sets", most: 0.5, unit: " x"},
		{figure: "plan over 1,000 keys of 60 scopes, against 3 scopes", most: 3.5, unit: " x"},
		{figure: "plan over 10,000 keys at 15 requests a second, waiting for the API", most: 3, unit: " s"},
		{figure: "apply of 1,000 new keys in 100 apps at 15 requests a second", most: 75, unit: " s"},
		{figure: "provider's peak memory, plan over 10,000 keys", most: 150, unit: " MB"},
		{figure: "requests of a plan over 1 key in an account of 50,000", most: 3},
		{figure: "requests other than DELETE with a key in their URL", most: 0},
	}
	set := func(i int, v float64, ok bool) { out[i].measured, out[i].known = v, ok }
	thousand, ten := r.fleet(1000, few), r.fleet(10000, few)
	for i, n := range []int{1000, 10000} {
		var most []int
		for _, f := range r.fleets {
			if f.n == n && len(f.plans[ours]) > 0 {
				most = append(most, f.planned.Requests)
			}
		}
		set(i, float64(largest(most...)), len(most) > 0)
	}
	against := func(i int, f *fleet, other []usage) {
		if f != nil {
			v, ok := ratio(f.plans[ours], other, wall)
			set(i, v, ok)
			out[i].cpu, _ = ratio(f.plans[ours], other, cpu)
		}
	}
	if thousand != nil {
		against(2, thousand, thousand.plans[refTime])
		against(3, thousand, thousand.plans[refIdle])
	}
	if f := r.fleet(1000, many); f != nil {
		against(4, f, f.plans[refPlain])
		if thousand != nil {
			against(5, f, thousand.plans[ours])
		}
	}
	if r.waiting != nil {
		set(6, r.waiting.waited.Round(10*time.Millisecond).Seconds(), true)
	}
	if r.limited != nil {
		set(7, r.limited.apply.Wall.Round(10*time.Millisecond).Seconds(), true)
	}
	if ten != nil && len(ten.plans[ours]) > 0 {
		peak := ten.plans[ours]
		if f := r.fleet(10000, many); f != nil {
			peak = append(slices.Clip(peak), f.plans[ours]...)
		}
		set(8, float64(middle(peak).Peak/1e6), true)
	}
	if r.lonely != nil {
		set(9, float64(r.lonely.Requests), true)
	}
	urls := 0
	for _, f := range r.fleets {
		urls += f.keysInURLs()
	}
	set(10, float64(urls), len(r.fleets) > 0)
	return out
}
