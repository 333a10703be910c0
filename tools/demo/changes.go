package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// plan is what a plan found changed outside Terraform, and what it changes.
type plan struct {
	drift   drift
	changes changes
}

// readPlan reads what "show -json" prints of a plan.
func readPlan(shown string) (plan, error) {
	var p tfjson.Plan
	if err := json.Unmarshal([]byte(shown), &p); err != nil {
		return plan{}, fmt.Errorf("reading the plan: %w", err)
	}
	changed, err := readChanges(p.ResourceChanges)
	return plan{readDrift(p.ResourceDrift), changed}, err
}

// changes maps addresses to what a plan does to them: create, update, replace
// or delete. Unchanged resources are not in it.
type changes map[string]string

func readChanges(planned []*tfjson.ResourceChange) (changes, error) {
	found := changes{}
	for _, r := range planned {
		switch actions := r.Change.Actions; {
		case actions.NoOp(), actions.Read():
		case actions.Replace():
			found[r.Address] = "replace"
		case actions.Create(), actions.Update(), actions.Delete():
			found[r.Address] = string(actions[0])
		default:
			return nil, fmt.Errorf("the plan has an unknown action: %q for %s", actions, r.Address)
		}
	}
	return found, nil
}

// mustBe returns an error that names each difference from the wanted changes.
func (c changes) mustBe(want changes) error {
	var wrong []string
	for _, address := range slices.Sorted(maps.Keys(want)) {
		if c[address] != want[address] {
			wrong = append(wrong, fmt.Sprintf("%s: %s wanted, %s planned", address, want[address], orNothing(c[address])))
		}
	}
	for _, address := range slices.Sorted(maps.Keys(c)) {
		if _, ok := want[address]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s: nothing wanted, %s planned", address, c[address]))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the plan is not what it should be:\n  %s", strings.Join(wrong, "\n  "))
	}
	return nil
}

// mustCreate returns an error unless there are changes and each is a create.
func (c changes) mustCreate() error {
	if len(c) == 0 {
		return errors.New("the plan is empty, creates wanted")
	}
	want := changes{}
	for address := range c {
		want[address] = "create"
	}
	return c.mustBe(want)
}

// count returns how many resources of a type change.
func (c changes) count(resourceType string) int {
	n := 0
	for address := range c {
		if strings.HasPrefix(address, resourceType+".") {
			n++
		}
	}
	return n
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}
