package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// drift is what Terraform found changed outside it: resources by address.
type drift map[string]drifted

// drifted is a resource that was changed or deleted outside Terraform.
type drifted struct {
	deleted    bool
	attributes []attribute // in the order of their names
}

// attribute is an attribute that has another value than in state.
type attribute struct {
	name           string
	before, after  string   // empty for a collection
	added, removed []string // items of a collection
}

// readDrift leaves out sensitive attributes.
func readDrift(changed []*tfjson.ResourceChange) drift {
	found := drift{}
	for _, r := range changed {
		if r.Change.Actions.Delete() {
			found[r.Address] = drifted{deleted: true}
			continue
		}
		before, _ := r.Change.Before.(map[string]any)
		after, _ := r.Change.After.(map[string]any)
		sensitive, _ := r.Change.BeforeSensitive.(map[string]any)
		var d drifted
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if sensitive[name] != true && !reflect.DeepEqual(before[name], after[name]) {
				d.attributes = append(d.attributes, compare(name, before[name], after[name]))
			}
		}
		found[r.Address] = d
	}
	return found
}

// mustCover returns an error unless exactly the resources that a repair changes
// drifted.
func (d drift) mustCover(repair changes) error {
	got, want := slices.Sorted(maps.Keys(d)), slices.Sorted(maps.Keys(repair))
	if !slices.Equal(got, want) {
		return fmt.Errorf("the plan shows drift of %q, it should be %q", got, want)
	}
	return nil
}

func compare(name string, before, after any) attribute {
	old, wasList := before.([]any)
	now, isList := after.([]any)
	if !wasList && !isList {
		return attribute{name: name, before: inJSON(before), after: inJSON(after)}
	}
	return attribute{name: name, added: lacking(old, now), removed: lacking(now, old)}
}

// lacking returns the items of a list that another list lacks.
func lacking(list, items []any) []string {
	var found []string
	for _, item := range items {
		if !slices.ContainsFunc(list, func(other any) bool { return reflect.DeepEqual(item, other) }) {
			if text, ok := item.(string); ok {
				found = append(found, text)
			} else {
				found = append(found, inJSON(item))
			}
		}
	}
	return found
}

func inJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// show writes each resource that drifted and what the plan does about it.
func (s screen) show(d drift, planned changes) {
	for _, address := range slices.Sorted(maps.Keys(d)) {
		mark, look, what := "~", yellow, "changed"
		if d[address].deleted {
			mark, look, what = "-", red, "deleted"
		}
		s.under(fmt.Sprintf("%s %s %s", s.in(look, mark), address,
			s.in(dim, fmt.Sprintf("%s outside Terraform: %s", what, orNothing(planned[address])))))
		for _, a := range d[address].attributes {
			s.under("    " + s.attribute(a))
		}
	}
}

// attribute returns the line of an attribute, such as "~ scopes + All".
func (s screen) attribute(a attribute) string {
	parts := []string{s.in(yellow, "~"), a.name}
	for _, item := range a.added {
		parts = append(parts, s.in(green, "+ "+item))
	}
	for _, item := range a.removed {
		parts = append(parts, s.in(red, "- "+item))
	}
	if a.before != a.after {
		parts = append(parts, a.before, s.rich("→", "->"), a.after)
	}
	return strings.Join(parts, " ")
}
