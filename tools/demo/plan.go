package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

const keyType = "clarifai_app_key"

// actions are what a plan does, or found done outside Terraform, by address: create,
// update, replace or delete. What stays as it is is not in it.
type actions map[string]string

// plan is what "show -json" prints of a plan.
type plan struct{ tfjson.Plan }

// changes returns what the plan does.
func (p plan) changes() actions { return actionsOf(p.ResourceChanges) }

func actionsOf(changes []*tfjson.ResourceChange) actions {
	found := actions{}
	for _, r := range changes {
		switch does := r.Change.Actions; {
		case does.NoOp(), does.Read():
		case does.Replace():
			found[r.Address] = "replace"
		default:
			found[r.Address] = string(does[0])
		}
	}
	return found
}

// mustRepair returns an error unless the plan does exactly what is wanted, and found
// drift of exactly these resources.
func (p plan) mustRepair(want actions) error {
	if got := p.changes(); !maps.Equal(got, want) {
		return fmt.Errorf("the plan is %v, it should be %v", got, want)
	}
	drifted := slices.Sorted(maps.Keys(actionsOf(p.ResourceDrift)))
	if !slices.Equal(drifted, slices.Sorted(maps.Keys(want))) {
		return fmt.Errorf("the plan shows drift of %q, it should be that of %v", drifted, want)
	}
	return nil
}

// created returns the number of apps and of keys that the plan creates, and an error
// if it does anything else.
func (p plan) created() (apps, keys int, err error) {
	for address, action := range p.changes() {
		if action != "create" {
			return 0, 0, fmt.Errorf("the plan is to %s %s", action, address)
		}
		if strings.HasPrefix(address, keyType+".") {
			keys++
		} else {
			apps++
		}
	}
	if keys == 0 {
		err = errors.New("the plan creates no keys")
	}
	return apps, keys, err
}

// keys returns the fingerprints of the keys in the state by address.
func (p plan) keys() map[string]string {
	found := map[string]string{}
	for _, r := range p.ResourceChanges {
		if before, ok := r.Change.Before.(map[string]any); ok && r.Type == keyType {
			found[r.Address], _ = before["fingerprint"].(string)
		}
	}
	return found
}

// driftLines returns a line for each resource that was changed outside Terraform, with
// what the plan does about it, and one for each of its lists of which items changed.
func (p plan) driftLines() (lines []string) {
	repairs := p.changes()
	for _, r := range p.ResourceDrift {
		mark, what := in(yellow, "~"), "changed"
		if r.Change.Actions.Delete() {
			mark, what = in(red, "-"), "deleted"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", mark, r.Address, in(dim, what+" outside Terraform: "+repairs[r.Address])))
		before, _ := r.Change.Before.(map[string]any)
		after, _ := r.Change.After.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(after)) {
			parts := []string{"    " + in(yellow, "~"), name}
			for _, item := range lacking(before[name], after[name]) {
				parts = append(parts, in(green, "+ "+item))
			}
			for _, item := range lacking(after[name], before[name]) {
				parts = append(parts, in(red, "- "+item))
			}
			if len(parts) > 2 {
				lines = append(lines, strings.Join(parts, " "))
			}
		}
	}
	return lines
}

// lacking returns the items of the second list that the first one lacks.
func lacking(list, items any) (found []string) {
	there, _ := list.([]any)
	all, _ := items.([]any)
	for _, item := range all {
		if !slices.ContainsFunc(there, func(other any) bool { return reflect.DeepEqual(item, other) }) {
			found = append(found, fmt.Sprint(item))
		}
	}
	return found
}

func readPlan(shown string) (plan, error) {
	var p plan
	if err := json.Unmarshal([]byte(shown), &p.Plan); err != nil {
		return p, fmt.Errorf("reading the plan: %w", err)
	}
	return p, nil
}
