package emulator

import (
	"slices"
	"strings"
	"testing"
)

// contentCalls are the content methods with a path relative to an app and the list
// in the answer.
var contentCalls = []struct{ method, path, list string }{
	{"PostInputs", "inputs", "inputs"},
	{"PostInputsSearches", "inputs/searches", "hits"},
	{"PostAnnotations", "annotations", "annotations"},
	{"PostAnnotationsSearches", "annotations/searches", "hits"},
	{"PostModelOutputs", "models/m/outputs", "outputs"},
	{"PostModelOutputs", "models/m/versions/v/outputs", "outputs"},
	{"PostWorkflowResults", "workflows/w/results", ""},
	{"PostWorkflowResults", "workflows/w/versions/v/results", ""},
}

func TestContentMethods(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.app("b")
	app := b.as(b.key("a", "All")["id"].(string))
	for _, c := range contentCalls {
		for _, g := range []got{
			app.ok("POST", "/v2/users/u/apps/a/"+c.path, object{"inputs": []any{object{"any": "thing"}}}),
			app.ok("POST", "/v2/"+c.path, object{}),
			b.ok("POST", "/v2/users/me/apps/a/"+c.path, object{}),
		} {
			delete(g.body, "status")
			want := object{}
			if c.list != "" {
				want[c.list] = []any{}
			}
			equal(t, g.body, want, c.path, g.raw)
		}
		if n := b.e.Count(c.method); n < 3 {
			t.Errorf("%s: %d requests", c.method, n)
		}
		app.fails("POST", "/v2/users/u/apps/b/"+c.path, object{}, refusal{401, codeKeyInvalid})
		app.fails("POST", "/v2/"+c.path, "nonsense", refusal{400, codeBadFormat})
		b.fails("POST", "/v2/"+c.path, object{}, refusal{400, codeInvalidRequest})
		b.fails("POST", "/v2/users/u/apps/none/"+c.path, object{}, refusal{404, codeDoesNotExist})
		b.as("").fails("POST", "/v2/"+c.path, object{}, refusal{401, codeInvalidRequest})
	}
}

func TestContentMethodsRequireScopesAndEndpoints(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	for _, c := range contentCalls {
		i := slices.IndexFunc(contentRoutes, func(r *route) bool { return r.name == c.method })
		need := contentRoutes[i].scopes
		if lacking := slices.DeleteFunc(slices.Clone(need), func(s string) bool { _, ok := canonicalScope(s); return ok }); len(lacking) > 0 {
			t.Errorf("%s: unknown scopes %v", c.method, lacking)
		}
		b.as(b.key("a", need...)["id"].(string)).ok("POST", "/v2/"+c.path, object{})
		g := b.as(b.key("a", need[1:]...)["id"].(string)).fails("POST", "/v2/"+c.path, object{}, refusal{403, codeInsufficientScopes})
		equal(t, g.details(), "missing scopes: "+need[0], c.method)
		id := b.key("a", "All")["id"].(string)
		for endpoint, want := range map[string]int{c.method: codeSuccess, "GetApp": codeInsufficientScopes} {
			must(t, b.e.EditKey(id, func(k *Key) { k.Endpoints = []string{methodPrefix + endpoint} }))
			equal(t, b.as(id).do("POST", "/v2/users/u/apps/a/"+c.path, object{}).code(), want, c.method, "with endpoint", endpoint)
		}
	}
}

func TestOutsideModelsSwitch(t *testing.T) {
	t.Parallel()
	for _, workflow := range []string{"copied", "referenced"} {
		b := newFixture(t, Options{})
		set := func(value string) { b.e.SetSwitches(Switches{OutsideModels: value, DefaultWorkflow: workflow}) }
		set("served")
		b.app("defaults")
		b.app("empty", "default_workflow_id", "Empty")
		b.app("own")
		must(t, b.e.EditApp("u", "own", func(a *App) { a.Workflows = append(a.Workflows, "mine") }))
		b.ok("PATCH", "/v2/users/u/apps/own", patching(object{"default_workflow_id": "mine"}))
		b.app("borrows", "default_workflow", object{"id": "mine", "app_id": "own", "user_id": "u"})
		must(t, b.e.PutApp(App{ID: "none", UserID: "u"}))
		for app, outside := range map[string]bool{"defaults": true, "borrows": true, "empty": false, "own": false, "none": false} {
			key := b.as(b.key(app, "All")["id"].(string))
			for value, want := range map[string]refusal{"served": {200, codeSuccess}, "refused": {403, codeInsufficientScopes}, "not_found": {404, codeDoesNotExist}} {
				set(value)
				if !outside {
					want = refusal{200, codeSuccess}
				}
				for _, c := range contentCalls {
					g := key.do("POST", "/v2/users/u/apps/"+app+"/"+c.path, object{})
					if (refusal{g.http, g.code()}) != want || (g.http == 200) == strings.Contains(g.details(), "use a personal access token") {
						t.Errorf("%s, %s, %s of %s: HTTP %d: %s", workflow, value, c.path, app, g.http, g.raw)
					}
				}
				key.ok("GET", "/v2/users/u/apps/"+app, nil)
				b.ok("POST", "/v2/users/u/apps/"+app+"/inputs", object{}) // a personal access token is not refused
			}
		}
	}
}

// TestCopiedWorkflowsStayCopied covers what happens to an app with a copied base workflow.
func TestCopiedWorkflowsStayCopied(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "outside_models", "refused")
	b.app("a")
	key := b.as(b.key("a", "All")["id"].(string))
	refused := func(path string) {
		t.Helper()
		key.fails("POST", path, object{}, refusal{403, codeInsufficientScopes})
	}
	refused("/v2/inputs")
	b.ok("PATCH", "/v2/users/u/apps/a", patching(object{"default_workflow_id": "Universal"}))
	refused("/v2/inputs")
	b.ok("PATCH", "/v2/users/u/apps/ids", renaming("a", "b"))
	refused("/v2/users/u/apps/b/inputs")
	b.ok("PATCH", "/v2/users/u/apps/b", patching(object{"default_workflow_id": "Empty"}))
	key.ok("POST", "/v2/inputs", object{})
	b.ok("PATCH", "/v2/users/u/apps/b", patching(object{"default_workflow_id": "Universal"}))
	refused("/v2/inputs")
	must(t, b.e.seed(Seed{Apps: 1, KeysPerApp: 1, Scopes: 200}))
	key = b.as(b.e.Keys("u", "seed-00001")[0].ID)
	refused("/v2/inputs")
}
