package main

import (
	"fmt"
	"slices"
	"time"
)

// bound is one figure and what it may be at most.
type bound struct {
	figure   string
	most     float64
	unit     string
	measured float64
	known    bool    // whether this run measured it
	cpu      float64 // the same ratio of CPU times; 0: none
}

// String returns the bound as a row of the table.
func (b bound) String() string {
	if !b.known {
		return fmt.Sprintf("| %s | %g%s | not measured | | |", b.figure, b.most, b.unit)
	}
	outcome := "holds"
	if b.measured > b.most {
		outcome = "**does not hold**"
	}
	work := ""
	if b.cpu > 0 {
		work = fmt.Sprintf("%.2f x", b.cpu)
	}
	return fmt.Sprintf("| %s | %g%s | %s%s | %s | %s |", b.figure, b.most, b.unit, digits(b.measured), b.unit, outcome, work)
}

// digits returns whole numbers as such and others with two decimals.
func digits(v float64) string {
	if v == float64(int64(v)) {
		return fmt.Sprint(int64(v))
	}
	return fmt.Sprintf("%.2f", v)
}

// bounds returns the figures that must hold. Tests assert the requests of plans over
// many keys and that no URL has a key.
func (r *results) bounds() []bound {
	return slices.Concat(r.ratioBounds(), r.layoutBounds(), r.limitBounds())
}

// ratioBounds are for plans over 1,000 keys, with 3 and with 60 scopes.
func (r *results) ratioBounds() []bound {
	fewScopes, manyScopes := r.plans(1000, few), r.plans(1000, many)
	return []bound{
		against("plan over 1,000 keys of 3 scopes, against 1,000 `time_static`", 0.7, fewScopes[ours], fewScopes[refTime]),
		against("the same, against a twin of the schema that does nothing", 1.25, fewScopes[ours], fewScopes[refIdle]),
		against("plan over 1,000 keys of 60 scopes, against the same with the framework's plain sets", 0.5, manyScopes[ours], manyScopes[refPlain]),
		against("plan over 1,000 rotating keys of 3 scopes, none due, against plain keys", 1.25, fewScopes[rotating], fewScopes[ours]),
		against("plan over 1,000 keys of 60 scopes, against 3 scopes", 3.5, manyScopes[ours], fewScopes[ours]),
	}
}

// layoutBounds are for 100 instances of a module with an app and ten keys each.
func (r *results) layoutBounds() []bound {
	plans := map[string][]usage{}
	for _, l := range r.layouts {
		if l.n == 1000 {
			plans[l.name] = l.plans
		}
	}
	share := bound{figure: "provider's CPU time in that plan, against the twin's", most: 1, unit: " x"}
	share.measured, share.known = ratio(plans[modules], plans[twinModules], providerCPU)
	return []bound{
		against("plan over 100 tenant modules with an app and ten keys each, against the twin", 1.25, plans[modules], plans[twinModules]),
		share,
	}
}

// plans returns what the plans of a fleet took, or nothing for one that was not
// measured.
func (r *results) plans(n, scopes int) map[string][]usage {
	if f := r.fleet(n, scopes); f != nil {
		return f.plans
	}
	return nil
}

// against returns the bound for a ratio of two plans.
func against(figure string, most float64, own, other []usage) bound {
	b := bound{figure: figure, most: most, unit: " x"}
	b.measured, b.known = ratio(own, other, wall)
	b.cpu, _ = ratio(own, other, cpu)
	return b
}

// limitBounds are for what the rate limit, the number of keys and a huge account cost.
func (r *results) limitBounds() []bound {
	apply := bound{figure: "apply of 1,000 new keys in 100 apps at 15 requests a second", most: 75, unit: " s"}
	if r.limited != nil {
		apply.measured, apply.known = r.limited.apply.Wall.Round(10*time.Millisecond).Seconds(), true
	}
	peak := bound{figure: "provider's peak memory, plan over 10,000 keys", most: 150, unit: " MB"}
	if own := slices.Concat(r.plans(10000, few)[ours], r.plans(10000, many)[ours]); len(own) > 0 {
		peak.measured, peak.known = float64(middle(own).Peak/1e6), true
	}
	lonely := bound{figure: "requests of a plan over 1 key in an account of 50,000", most: 3}
	if r.lonely != nil {
		lonely.measured, lonely.known = float64(r.lonely.Requests), true
	}
	return []bound{apply, peak, lonely}
}
