package acctest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Estate is a state with several resources. It is planned in one process and applied
// in another, as core does: apps before keys, what is referred to before what refers to it,
// and up to ten resources at once.
type Estate struct {
	Parallelism int // by default 10
	OtherApps   int // that tests create outside Terraform

	t      testing.TB
	w      *World
	mu     sync.Mutex
	stored map[string]*Stored
	said   Said // since the last plan began
}

// Resources are configurations by address, such as clarifai_app.t. A value may be a [Ref].
type Resources map[string]map[string]any

// NewEstate returns a state that holds nothing.
func (w *World) NewEstate(t testing.TB) *Estate {
	return &Estate{Parallelism: 10, t: t, w: w, stored: map[string]*Stored{}}
}

// Stored returns what the state holds at an address.
func (e *Estate) Stored(address string) *Stored {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.stored[address]; ok {
		return s
	}
	resourceType, _, _ := strings.Cut(address, ".")
	return &Stored{Type: resourceType}
}

func (e *Estate) store(address string, s *Stored) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stored[address] = s
	if !s.Exists() {
		delete(e.stored, address)
	}
}

// Each returns an attribute of all resources of a type, sorted.
func (e *Estate) Each(resourceType, attribute string) []string {
	p := e.w.Process(e.t)
	var values []string
	for _, s := range e.stored {
		if s.Type == resourceType {
			values = append(values, p.Texts(s)[attribute])
		}
	}
	return slices.Sorted(slices.Values(values))
}

// inTurn calls f for each address, those of a turn at once, and returns all errors. No turn
// begins after one that fails.
func (e *Estate) inTurn(turns [][]string, f func(address string) error) error {
	for _, addresses := range turns {
		errs := make([]error, len(addresses))
		var group errgroup.Group
		group.SetLimit(e.Parallelism)
		for i, address := range addresses {
			group.Go(func() error {
				if err := f(address); err != nil {
					errs[i] = fmt.Errorf("%s: %w", address, err)
				}
				return nil
			})
		}
		_ = group.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}

// Plan refreshes and plans, also to destroy what is no longer wanted. The error has
// those of all resources.
func (e *Estate) Plan(want Resources) (map[string]*Plan, error) {
	p, plans := e.w.Process(e.t), map[string]*Plan{}
	for _, s := range e.stored {
		p.Load(s)
	}
	e.said = nil
	all := Resources{}
	maps.Copy(all, want)
	for address := range e.stored {
		if want[address] == nil {
			all[address] = nil
		}
	}
	planned := func(r Ref) any {
		e.mu.Lock()
		defer e.mu.Unlock()
		return p.valueOf(plans[r.Address].planned, r)
	}
	err := e.inTurn(turnsOf(all), func(address string) error {
		var plan *Plan
		if want[address] != nil {
			plan = p.Plan(e.Stored(address), resolve(want[address], planned))
		} else {
			plan = p.planOrphan(e.Stored(address))
		}
		plan.wanted = want[address]
		e.mu.Lock()
		defer e.mu.Unlock()
		plans[address] = plan
		e.said = append(e.said, plan.Said...)
		return plan.Said.Err()
	})
	return plans, err
}

// Changes returns what a plan does, such as "create app.t, update app_key.k", or "".
func (e *Estate) Changes(want Resources) string {
	e.t.Helper()
	plans, err := e.Plan(want)
	if err != nil {
		return err.Error()
	}
	return changes(plans)
}

// CheckSettled checks that a plan is empty.
func (e *Estate) CheckSettled(want Resources) {
	e.t.Helper()
	if changes := e.Changes(want); changes != "" {
		e.t.Errorf("the next plan is to %s", changes)
	}
}

func changes(plans map[string]*Plan) string {
	var changes []string
	for address, plan := range plans {
		if plan.Action != NoOp {
			changes = append(changes, fmt.Sprintf("%s %s", plan.Action, strings.TrimPrefix(address, "clarifai_")))
		}
	}
	return strings.Join(slices.Sorted(slices.Values(changes)), ", ")
}

// Apply plans, destroys what is no longer wanted, and applies the rest of the plan.
func (e *Estate) Apply(want Resources) error {
	e.t.Helper()
	plans, err := e.Plan(want)
	if err != nil {
		return err
	}
	return e.ApplyPlans(plans)
}

// ApplyPlans destroys what is planned to be, and applies the other plans.
func (e *Estate) ApplyPlans(plans map[string]*Plan) error {
	e.t.Helper()
	p := e.w.Process(e.t)
	unwanted, wanted := Resources{}, Resources{}
	for address, plan := range plans {
		if plan.Action == Destroy {
			unwanted[address] = nil
		} else {
			wanted[address] = plan.wanted
		}
	}
	apply := func(address string) error {
		stored, said := p.Apply(plans[address], resolve(plans[address].wanted, e.value(p)))
		e.store(address, stored)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.said = append(e.said, said...)
		return said.Err()
	}
	last := turnsOf(unwanted)
	slices.Reverse(last)
	return errors.Join(e.inTurn(last, apply), e.inTurn(turnsOf(wanted), apply))
}

// Import imports a resource.
func (e *Estate) Import(address, id string) error {
	e.t.Helper()
	stored, said := e.w.Process(e.t).Import(e.Stored(address).Type, id)
	e.store(address, stored)
	return said.Err()
}

// Refresh refreshes one resource in the state, as -refresh-only with a target does.
func (e *Estate) Refresh(address string) error {
	e.t.Helper()
	stored, said := e.w.Process(e.t).Refresh(e.Stored(address))
	e.store(address, stored)
	return said.Err()
}

// Destroy refreshes and destroys everything.
func (e *Estate) Destroy() error { return e.Apply(nil) }

// Said returns what the provider said since the last plan began.
func (e *Estate) Said() string { return e.said.String() }
