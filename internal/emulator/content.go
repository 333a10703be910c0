package emulator

import (
	"net/http"
	"slices"
)

// contentRoutes are methods for what an app holds, so that a user can try an
// app-specific key. Only authorization is emulated: they succeed with an empty
// result, because the emulator has no inputs, annotations and models.
var contentRoutes = slices.Concat(
	contentMethod(route{name: "PostInputs", list: "inputs"}, "inputs"),
	contentMethod(route{name: "PostInputsSearches", list: "hits"}, "inputs/searches"),
	contentMethod(route{name: "PostAnnotations", list: "annotations"}, "annotations"),
	contentMethod(route{name: "PostAnnotationsSearches", list: "hits"}, "annotations/searches"),
	contentMethod(route{name: "PostModelOutputs", list: "outputs"},
		"models/{model}/outputs", "models/{model}/versions/{version}/outputs"),
	contentMethod(route{name: "PostWorkflowResults"},
		"workflows/{workflow}/results", "workflows/{workflow}/versions/{version}/results"),
)

// contentMethod returns the routes of a method: for each path, relative to an app,
// one that names the app and one that leaves it to the caller's key.
func contentMethod(method route, paths ...string) []*route {
	method.verb, method.body, method.handle = http.MethodPost, true, (*Emulator).useContent
	var all []*route
	for _, path := range paths {
		for _, prefix := range []string{"users/{user}/apps/{app}/", ""} {
			r := method
			r.path = prefix + path
			all = append(all, &r)
		}
	}
	return all
}

// useContent handles all content methods.
func (e *Emulator) useContent(x *exchange) (answer, *failure) {
	var body map[string]any
	if f := x.decode(&body); f != nil {
		return nil, f
	}
	ref := x.caller.app()
	if id, named := x.vars["app"]; named {
		ref = appRef{x.userID, id}
	} else if x.caller.isPAT() {
		return nil, fail(codeInvalidRequest, "with a personal access token, the url must name the user and the app")
	}
	a, f := e.findApp(x, ref)
	if f != nil {
		return nil, f
	}
	if !x.caller.isPAT() && a.usesOutsideModels() {
		const details = "%s uses models outside the key's application: use a personal access token."
		switch x.sw.OutsideModels {
		case "refused":
			return nil, fail(codeInsufficientScopes, details, x.route.name)
		case "not_found":
			return nil, fail(codeDoesNotExist, details, x.route.name)
		}
	}
	if x.route.list == "" {
		return nil, nil
	}
	return answer{x.route.list: []any{}}, nil
}

// usesOutsideModels reports whether the base workflow of the app involves models of
// other apps. A copied workflow does: the copy refers to the original's models.
func (a *App) usesOutsideModels() bool {
	w := a.DefaultWorkflow
	if w.ID == "" || w.ID == emptyWorkflow {
		return false
	}
	own := w.AppID == a.ID && w.UserID == a.UserID
	return !own || slices.Contains(a.CopiedWorkflows, w.ID)
}
