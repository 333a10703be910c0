package main

import (
	"fmt"
	"io"
	"time"
)

// results are the fleets that one run measured.
type results []*fleet

// plans returns what the plans of a subject took, or nothing if it was not measured.
func (r results) plans(layout string, keys, scopes int, subject string) []usage {
	for _, f := range r {
		if f.layout == layout && f.keys == keys && f.scopes == scopes {
			return f.plans(subject)
		}
	}
	return nil
}

func (f *fleet) plans(subject string) []usage {
	for _, s := range f.subjects {
		if s.name == subject {
			return s.plans
		}
	}
	return nil
}

// write writes the tables as Markdown, for the documentation.
func (r results) write(w io.Writer) {
	fmt.Fprint(w, "Plans without changes, in turn. Medians over rounds; ratios are those of the plain keys to the row.\n\n"+
		"| keys | scopes | layout | planned | time | CPU, CLI and provider | CPU, provider | provider's peak memory "+
		"| ratio of times | of CPU | of the provider's CPU |\n"+
		"|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, f := range r {
		for _, s := range f.subjects {
			if len(s.plans) == 0 { // the run ended before
				continue
			}
			u := middle(s.plans)
			fmt.Fprintf(w, "| %d | %d | %s | %s | %s | %s | %s | %s |", f.keys, f.scopes, f.layout, s.name,
				seconds(u.Wall), seconds(u.CPU), seconds(u.ProviderCPU), megabytes(u.Peak))
			for _, of := range []func(usage) time.Duration{wall, cpu, providerCPU} {
				v, _ := ratio(f.plans(plain), s.plans, of)
				fmt.Fprintf(w, " %.2f |", v)
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprint(w, "\nWhat must hold. On a busy machine the ratio of CPU times says more than that of the clock.\n\n"+
		"| figure | at most | measured | |\n|---|---|---|---|\n")
	for _, b := range r.bounds() {
		fmt.Fprintln(w, b)
	}
}

// bound is one figure and what it may be at most.
type bound struct {
	figure   string
	most     float64
	unit     string
	measured float64
	known    bool // whether this run measured it
}

// String returns the bound as a row of the table.
func (b bound) String() string {
	if !b.known {
		return fmt.Sprintf("| %s | %g %s | not measured | |", b.figure, b.most, b.unit)
	}
	outcome := "holds"
	if b.measured > b.most {
		outcome = "**does not hold**"
	}
	return fmt.Sprintf("| %s | %g %s | %.2f %s | %s |", b.figure, b.most, b.unit, b.measured, b.unit, outcome)
}

// bounds returns the figures that must hold. Tests assert how many requests a plan
// sends.
func (r results) bounds() []bound {
	ofCounted := func(scopes int, subject string) []usage { return r.plans(counted, 1000, scopes, subject) }
	keys, twin := r.plans(modules, 1000, few, plain), r.plans(modules, 1000, few, idle)
	all := []bound{
		against("plan over 1,000 keys of 3 scopes, against a twin of the schema that does nothing",
			ofCounted(few, plain), ofCounted(few, idle)),
		against("plan over 1,000 keys of 60 scopes, against the twin", ofCounted(many, plain), ofCounted(many, idle)),
		against("plan over 1,000 rotating keys of 3 scopes, none due, against plain keys",
			ofCounted(few, rotating), ofCounted(few, plain)),
		against("plan over 100 tenant modules with an app and ten keys each, against the twin", keys, twin),
	}
	share := bound{figure: "provider's CPU time in that plan, against the twin's", most: 1, unit: "x"}
	share.measured, share.known = ratio(keys, twin, providerCPU)
	peak := bound{figure: "provider's peak memory, plan over 10,000 keys", most: 150, unit: "MB"}
	for _, scopes := range []int{few, many} {
		for _, u := range r.plans(counted, 10000, scopes, plain) {
			peak.measured, peak.known = max(peak.measured, float64(u.Peak)/1e6), true
		}
	}
	return append(all, share, peak)
}

// against returns the bound for the ratio of two plans' times.
func against(figure string, own, other []usage) bound {
	b := bound{figure: figure, most: 1.25, unit: "x"}
	b.measured, b.known = ratio(own, other, wall)
	return b
}
