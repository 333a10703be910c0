package main

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

const planned = `{
  "format_version": "1.2",
  "resource_changes": [
    {"address": "clarifai_app.tenant[\"acme\"]", "type": "clarifai_app", "change": {"actions": ["no-op"], "before": {"id": "acme"}}},
    {"address": "clarifai_app_key.tenant[\"a\"]", "type": "clarifai_app_key", "change": {"actions": ["create"], "before": null}},
    {"address": "clarifai_app_key.tenant[\"b\"]", "type": "clarifai_app_key", "change": {"actions": ["delete", "create"], "before": {"fingerprint": "f"}}},
    {"address": "data.clarifai_app_keys.all", "mode": "data", "change": {"actions": ["read"]}}
  ],
  "resource_drift": [
    {"address": "clarifai_app_key.tenant[\"a\"]", "change": {"actions": ["delete"], "before": {"scopes": ["All"]}, "after": null}},
    {"address": "clarifai_app_key.tenant[\"b\"]", "change": {"actions": ["update"],
      "before": {"description": "old", "key": "s1", "scopes": ["Apps:Get", "Predict"], "tags": null, "same": ["x"]},
      "after":  {"description": null,  "key": "s2", "scopes": ["All", "Apps:Get"],     "tags": [1],  "same": ["x"]}}}
  ]
}`

func TestPlan(t *testing.T) {
	t.Parallel()
	p, err := readPlan(planned)
	apitest.Must(t, err)
	a, b := `clarifai_app_key.tenant["a"]`, `clarifai_app_key.tenant["b"]`
	if err := p.mustRepair(actions{a: "create", b: "replace"}); err != nil {
		t.Error(err)
	}
	for _, wrong := range []actions{{a: "create"}, {a: "create", b: "update"}, {a: "create", b: "replace", "c": "update"}, nil} {
		apitest.Fails(t, p.mustRepair(wrong))
	}
	apitest.Equal(t, p.keys(), map[string]string{b: "f"}, "keys")
	var lines []string
	for _, line := range p.driftLines() {
		lines = append(lines, withoutColor(line))
	}
	want := []string{"- " + a + " deleted outside Terraform: create", "~ " + b + " changed outside Terraform: replace",
		"    ~ scopes + All - Predict", "    ~ tags + 1"}
	apitest.Equal(t, lines, want, "drift")
	p.ResourceDrift = p.ResourceDrift[:1]
	apitest.Fails(t, p.mustRepair(actions{a: "create", b: "replace"}))
	apitest.Fails(t, apitest.Err(readPlan("Error: no such plan")))
}

func TestCreated(t *testing.T) {
	t.Parallel()
	change := func(address, action string) string {
		return `{"address": "` + address + `", "change": {"actions": ["` + action + `"]}}`
	}
	app, key := change("clarifai_app.a", "create"), change("clarifai_app_key.k", "create")
	for changes, ok := range map[string]bool{app + "," + key: true, app: false, key + "," + change("clarifai_app.a", "delete"): false, "": false} {
		p, err := readPlan(`{"format_version":"1.2","resource_changes":[` + changes + `]}`)
		apitest.Must(t, err)
		apps, keys, err := p.created()
		if (err == nil) != ok || ok && (apps != 1 || keys != 1) {
			t.Errorf("%s: %d apps, %d keys, %v", changes, apps, keys, err)
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	got := redact("key 0123456789abcdef0123456789abcdef, fingerprint 0123456789abcdef")
	if want := "key (hidden), fingerprint 0123456789abcdef"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
