package emulator

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
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
			apitest.Equal(t, g.body, want, c.path, g.raw)
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

// TestOutsideModels: a key is refused what involves models of other apps. A copied base
// workflow does, whatever becomes of its app.
func TestOutsideModels(t *testing.T) {
	t.Parallel()
	for _, workflow := range []string{"copied", "referenced"} {
		b := newFixture(t, Options{Switches: Switches{OutsideModels: "refused", DefaultWorkflow: workflow}})
		becomes := func(app, workflow string) {
			b.ok("PATCH", "/v2/users/u/apps/"+app, patching(object{"default_workflow_id": workflow}))
		}
		for _, app := range []string{"defaults", "own", "again", "moves", "empties"} {
			b.app(app)
		}
		b.app("empty", "default_workflow_id", "Empty")
		apitest.Must(t, b.e.EditApp("u", "own", func(a *App) { a.Workflows = append(a.Workflows, "mine") }))
		becomes("own", "mine")
		b.app("borrows", "default_workflow", object{"id": "mine", "app_id": "own", "user_id": "u"})
		becomes("empties", "Empty")
		becomes("again", "Empty")
		becomes("again", "Universal")
		b.ok("PATCH", "/v2/users/u/apps/ids", renaming("moves", "moved"))
		apitest.Must(t, b.e.PutApp(App{ID: "none", UserID: "u"}))
		apitest.Must(t, b.e.seed(Seed{Apps: 1}))
		for app, outside := range map[string]bool{
			"defaults": true, "borrows": true, "again": true, "moved": true, "seed-00001": true,
			"own": false, "empty": false, "empties": false, "none": false,
		} {
			want := refusal{200, codeSuccess}
			if outside {
				want = refusal{403, codeInsufficientScopes}
			}
			key := b.as(b.key(app, "All")["id"].(string))
			key.fails("POST", "/v2/users/u/apps/"+app+"/inputs", object{}, want)
			key.ok("GET", "/v2/users/u/apps/"+app, nil)
			b.ok("POST", "/v2/users/u/apps/"+app+"/inputs", object{}) // a personal access token is not refused
		}
	}
}
