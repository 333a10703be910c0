package main

import (
	"strings"
	"testing"
)

const twoChanges = `{
  "format_version": "1.2",
  "resource_changes": [
    {"address": "clarifai_app.tenant[\"acme\"]", "mode": "managed", "change": {"actions": ["no-op"]}},
    {"address": "clarifai_app_key.tenant[\"acme/ingest\"]", "mode": "managed", "change": {"actions": ["create"]}},
    {"address": "clarifai_app_key.tenant[\"globex/predict\"]", "mode": "managed", "change": {"actions": ["delete", "create"]}},
    {"address": "data.clarifai_app_keys.all", "mode": "data", "change": {"actions": ["read"]}}
  ]
}`

func TestReadPlan(t *testing.T) {
	t.Parallel()
	p, err := readPlan(twoChanges)
	if err != nil {
		t.Fatal(err)
	}
	got := p.changes
	if err := got.mustBe(changes{
		`clarifai_app_key.tenant["acme/ingest"]`:    "create",
		`clarifai_app_key.tenant["globex/predict"]`: "replace",
	}); err != nil {
		t.Error(err)
	}
	if n := got.count("clarifai_app_key"); n != 2 {
		t.Errorf("%d keys counted, want 2", n)
	}
	if n := got.count("clarifai_app"); n != 0 {
		t.Errorf("%d apps counted, want 0: a key is no app", n)
	}
}

func TestReadPlanRefuses(t *testing.T) {
	t.Parallel()
	for name, plan := range map[string]string{
		"what is not JSON":  `Error: no such plan`,
		"an unknown action": `{"format_version":"1.2","resource_changes":[{"address":"a.b","change":{"actions":["shrink"]}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := readPlan(plan); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestMustBe(t *testing.T) {
	t.Parallel()
	planned := changes{"a.x": "create", "a.y": "replace"}
	for name, tc := range map[string]struct {
		want  changes
		texts []string
	}{
		"the same":     {want: changes{"a.x": "create", "a.y": "replace"}},
		"one too many": {want: changes{"a.x": "create"}, texts: []string{"a.y: nothing wanted, replace planned"}},
		"one too few":  {want: changes{"a.x": "create", "a.y": "replace", "a.z": "update"}, texts: []string{"a.z: update wanted, nothing planned"}},
		"another kind": {want: changes{"a.x": "create", "a.y": "update"}, texts: []string{"a.y: update wanted, replace planned"}},
		"not empty":    {want: nil, texts: []string{"a.x: nothing wanted", "a.y: nothing wanted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := planned.mustBe(tc.want)
			if len(tc.texts) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, text := range tc.texts {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error does not say %q: %s", text, err)
				}
			}
		})
	}
}

func TestMustCreate(t *testing.T) {
	t.Parallel()
	if err := (changes{"a.x": "create"}).mustCreate(); err != nil {
		t.Error(err)
	}
	if err := (changes{"a.x": "create", "a.y": "delete"}).mustCreate(); err == nil {
		t.Error("no error for a delete among creates")
	}
	if err := (changes{}).mustCreate(); err == nil {
		t.Error("no error for an empty plan")
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	got := redact("key 0123456789abcdef0123456789abcdef, fingerprint 0123456789abcdef")
	if want := "key (hidden), fingerprint 0123456789abcdef"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
