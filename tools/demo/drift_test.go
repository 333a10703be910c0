package main

import (
	"reflect"
	"testing"
)

const twoDrifted = `{
  "format_version": "1.2",
  "resource_drift": [
    {"address": "a.deleted", "change": {"actions": ["delete"], "before": {"key": "s"}, "after": null, "before_sensitive": {"key": true}}},
    {"address": "a.changed", "change": {"actions": ["update"],
      "before": {"description": "old", "key": "s1", "n": 1, "scopes": ["Apps:Get", "Predict"], "tags": null, "same": ["x"]},
      "after":  {"description": null,  "key": "s2", "n": 2, "scopes": ["All", "Apps:Get"],     "tags": [1],  "same": ["x"]},
      "before_sensitive": {"key": true, "scopes": [false, false]}}}
  ]
}`

func TestReadDrift(t *testing.T) {
	t.Parallel()
	p, err := readPlan(twoDrifted)
	if err != nil {
		t.Fatal(err)
	}
	got := p.drift
	want := drift{
		"a.deleted": {deleted: true},
		"a.changed": {attributes: []attribute{
			{name: "description", before: `"old"`, after: "null"},
			{name: "n", before: "1", after: "2"},
			{name: "scopes", added: []string{"All"}, removed: []string{"Predict"}},
			{name: "tags", added: []string{"1"}},
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := got.mustCover(changes{"a.deleted": "create", "a.changed": "replace"}); err != nil {
		t.Error(err)
	}
	if err := got.mustCover(changes{"a.deleted": "create"}); err == nil {
		t.Error("no error for drift that nothing repairs")
	}
	if p, err := readPlan(`{"format_version":"1.2"}`); err != nil || len(p.drift) != 0 {
		t.Errorf("without drift: %v, %v", p, err)
	}
}
