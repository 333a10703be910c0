package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestAppDefaults(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{Now: fractional().Now})
	got := b.app("a")
	want := object{"id": "a", "name": "a", "user_id": "u", "default_language": "en", "sample_ms": 1000.0,
		"visibility": object{"gettable": 10.0}, "default_workflow_id": "Universal",
		"default_workflow": object{"id": "Universal", "app_id": "a", "user_id": "u",
			"use_cases": []any{}, "check_consents": []any{}},
		"created_at": "2026-03-01T12:00:00.123456Z", "modified_at": "2026-03-01T12:00:00.123456Z"}
	apitest.Equal(t, got, want, "the app")
	apitest.Equal(t, b.ok("GET", "/v2/users/u/apps/a/", nil).object("app"), want, "GetApp")
}

// TestAppFields: a PATCH changes what it has, and an answer has what is not empty.
func TestAppFields(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	created := b.ok("POST", "/v2/users/u/apps/", object{"apps": []any{object{"name": "only a name"}}}).list("apps")[0]
	if created["id"] == "" || created["name"] != "only a name" {
		t.Errorf("got %v", created)
	}
	b.app(strings.Repeat("x", 48), "notes", "n", "metadata", object{"k": "v"})
	path := "/v2/users/u/apps/" + strings.Repeat("x", 48)
	patched := func(app object) object {
		t.Helper()
		body := patching(app)
		body["metadata_action"] = object{"op": "overwrite"}
		return b.ok("PATCH", path, body).object("app")
	}
	app := patched(object{"visibility": object{"gettable": "PUBLIC"}, "is_template": true, "name": "", "metadata": object{"l": 1}})
	apitest.Equal(t, []any{app["notes"], app["name"], app["is_template"], app["visibility"], app["metadata"]},
		[]any{"n", strings.Repeat("x", 48), true, object{"gettable": 50.0}, object{"l": 1.0}}, "fields")
	app = patched(object{"is_template": false, "metadata": object{}})
	apitest.Equal(t, []any{app["is_template"], app["metadata"], app["extra_info"]}, []any{nil, nil, nil}, "fields that are empty")
	apitest.Must(t, b.e.SetCounts("u", strings.Repeat("x", 48), Counts{Inputs: 12, Pipelines: 1}))
	full := b.ok("GET", path+"?additional_fields=stars&additional_fields=counts", nil).object("app")
	apitest.Equal(t, full["extra_info"].(object)["counts"].(object), object{"inputs": "12", "pipelines": "1"}, "counts")
}

func TestListApps(t *testing.T) {
	t.Parallel()
	c := apitest.NewClock()
	b := newFixture(t, Options{Now: c.Now})
	for i, id := range []string{"bee", "ant", "cow"} {
		c.Advance(1)
		b.app(id, "name", fmt.Sprintf("name %d", i), "description", "the "+id+" keeper", "is_template", id == "cow")
	}
	c.Advance(1)
	b.ok("PATCH", "/v2/users/u/apps/bee", patching(object{"visibility": object{"gettable": 50}}))
	for query, want := range map[string]string{
		"":                                     "bee cow ant",
		"?sort_by_id=true&sort_ascending=true": "ant bee cow",
		"?search=keep":                         "bee cow ant",
		"?search=an%20the":                     "ant",
		"?search=zebra":                        "",
		"?page=2&per_page=2":                   "ant",
		"?page=3&per_page=2":                   "",
	} {
		apitest.Equal(t, ids(b.ok("GET", "/v2/users/me/apps"+query, nil).list("apps")), want, query)
	}
}

func TestDeleteAppDeletesItsKeys(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.app("b")
	dead := b.key("a", "All")["id"].(string)
	b.key("b", "All")
	g := b.ok("DELETE", "/v2/users/u/apps/a", nil)
	apitest.Equal(t, g.details(), "application 'a' deleted", "details")
	b.fails("GET", "/v2/users/u/keys/"+dead, nil, refusal{404, codeDoesNotExist})
	b.as(dead).fails("GET", "/v2/users/u/apps/a/myscopes", nil, refusal{401, codeKeyNotFound})
	b.fails("DELETE", "/v2/users/u/apps/a", nil, refusal{404, codeDoesNotExist})
	apitest.Equal(t, b.e.LiveKeys(), 1, "living keys")
	apitest.Equal(t, b.e.LiveApps(), 1, "living apps")
	b.app("a")
	if keys := b.ok("GET", "/v2/users/u/apps/a/keys", nil); len(keys.list("keys")) != 0 || !strings.Contains(keys.raw, `"keys":[]`) {
		t.Errorf("got %s", keys.raw)
	}
}
