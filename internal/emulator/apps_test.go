package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
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

func TestAppIDIsGeneratedAndChecked(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	created := b.ok("POST", "/v2/users/u/apps/", object{"apps": []any{object{"name": "only a name"}}}).list("apps")[0]
	if created["id"] == "" || created["name"] != "only a name" {
		t.Errorf("got %v", created)
	}
	for _, id := range []string{"a b", "a.b", "ä", strings.Repeat("x", 49)} {
		b.fails("POST", "/v2/users/u/apps", object{"apps": []any{object{"id": id}}}, refusal{400, codeInvalidRequest})
	}
	b.app(strings.Repeat("x", 48))
}

func TestPatchAppChangesOnlyPresentFields(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a", "description", "before", "notes", "n", "metadata", object{"k": "v"})
	patch := func(app object, more object) object {
		t.Helper()
		body := patching(app)
		maps.Copy(body, more)
		return b.ok("PATCH", "/v2/users/u/apps/a", body).object("app")
	}
	app := patch(object{"description": "after", "visibility": object{"gettable": "PUBLIC"}, "is_template": true,
		"sample_ms": 50, "default_language": "fr", "name": ""}, nil)
	if app["description"] != "after" || app["notes"] != "n" || app["name"] != "a" || app["sample_ms"] != 50.0 ||
		!reflect.DeepEqual(app["visibility"], object{"gettable": 50.0}) || app["is_template"] != true {
		t.Errorf("got %v", app)
	}
	replaced := patch(object{"metadata": object{"l": 1}}, object{"metadata_action": object{"op": "overwrite"}})
	apitest.Equal(t, replaced["metadata"].(object), object{"l": 1.0}, "metadata")
	cleared := patch(object{"metadata": object{}}, object{"metadata_action": object{"op": "overwrite"}})
	if _, ok := cleared["metadata"]; ok {
		t.Errorf("metadata is not cleared: %v", cleared)
	}
	apitest.Equal(t, patch(object{"is_template": false}, nil)["is_template"], nil, "is_template")
	b.fails("PATCH", "/v2/users/u/apps/a", object{"action": "merge", "app": object{}}, refusal{400, codeInvalidRequest})
	b.fails("PATCH", "/v2/users/u/apps/a", object{"action": "overwrite", "app": object{},
		"metadata_action": object{"op": "merge"}}, refusal{400, codeMetadataArguments})
	b.fails("PATCH", "/v2/users/u/apps/a", object{"action": "overwrite",
		"app": object{"notes": strings.Repeat("n", maxNotes+1)}}, refusal{400, codeInvalidRequest})
	b.fails("PATCH", "/v2/users/u/apps/none", patching(object{}), refusal{404, codeDoesNotExist})
}

func TestDefaultWorkflow(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	general := object{"id": "General", "app_id": "main", "user_id": "clarifai"}
	b.app("a", "default_workflow", general)
	b.fails("POST", "/v2/users/u/apps", object{"apps": []any{object{"id": "z", "default_workflow_id": "Nonsense"}}},
		refusal{400, codeWorkflowNotFound})
	change := func(id string, reindex bool) object {
		return object{"action": "overwrite", "reindex": reindex, "app": object{"default_workflow_id": id}}
	}
	b.fails("PATCH", "/v2/users/u/apps/a", change("mine", false), refusal{400, codeWorkflowNotFound})
	apitest.Must(t, b.e.EditApp("u", "a", func(a *App) { a.Workflows, a.Counts.Inputs = append(a.Workflows, "mine"), 3 }))
	b.fails("PATCH", "/v2/users/u/apps/a", change("mine", false), refusal{400, codeInvalidRequest}, "requires reindex")
	b.ok("PATCH", "/v2/users/u/apps/a", change("General", false)) // General is already the default
	b.ok("PATCH", "/v2/users/u/apps/a", change("mine", true))
	apitest.Equal(t, b.e.Apps("u")[0].DefaultWorkflow, (Workflow{"mine", "a", "u"}), "workflow")
}

func TestCounts(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	apitest.Must(t, b.e.SetCounts("u", "a", Counts{Inputs: 12, Pipelines: 1}))
	g := b.ok("GET", "/v2/users/u/apps/a/resource_counts", nil)
	delete(g.body, "status")
	apitest.Equal(t, g.body, object{"inputs": "12", "pipelines": "1"}, "counts")
	plain := b.ok("GET", "/v2/users/u/apps/a", nil).object("app")
	if _, ok := plain["extra_info"]; ok {
		t.Errorf("extra_info was not requested: %v", plain)
	}
	full := b.ok("GET", "/v2/users/u/apps/a?additional_fields=stars&additional_fields=counts", nil).object("app")
	apitest.Equal(t, full["extra_info"].(object)["counts"].(object), object{"inputs": "12", "pipelines": "1"}, "extra_info.counts")
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
	for _, query := range []string{"?per_page=1001", "?page=-1", "?sort_ascending=true", "?sort_by_id=false&sort_ascending=false", "?sort_by_name=true", "?frob=1"} {
		g := b.fails("GET", "/v2/users/me/apps"+query, nil, refusal{http.StatusBadRequest, codeInvalidRequest})
		if !strings.Contains(g.raw, `"apps":[]`) {
			t.Errorf("%q: no empty list in %s", query, g.raw)
		}
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
