package scope_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		// want lists, for each warning, its summary, the scopes concerned and parts of its detail.
		want [][]string
	}{
		{"all is well", "Inputs:Add Inputs_Get Predict", nil},
		{"no scopes", "", nil},
		{"All", "All", nil},
		{"All covers dependencies", "All Inputs:Add", nil},
		{"a typo", "Input:Get Predict", [][]string{{"Unknown scope", "Input:Get", `(did you mean "Inputs:Get"?)`, "keep it"}}},
		{"the same typo twice", "Input:Get Input:Get", [][]string{{"Unknown scope", "Input:Get"}}},
		{"a typo of two letters", "Wrkflws:Get", [][]string{{"Unknown scope", "Wrkflws:Get", `(did you mean "Workflows:Get"?)`}}},
		{"a typo of three letters in a short name", "Pdit", [][]string{{"Unknown scope", "Pdit", "the scope \"Pdit\".\n"}}},
		{"a typo of three letters in a long name", "ComputeClustrs:Delt", [][]string{{"Unknown scope", "ComputeClustrs:Delt", `(did you mean "ComputeClusters:Delete"?)`}}},
		{"a resource without a verb", "Inputs", [][]string{{"Unknown scope", "Inputs", "the scope \"Inputs\".\n"}}},
		{"a wrong verb of a deprecated resource", "Modules:Describe", [][]string{{"Unknown scope", "Modules:Describe", "the scope \"Modules:Describe\".\n"}}},
		{"a typo in case and with an underscore", "inputs_Get", [][]string{{"Unknown scope", "inputs_Get", `"Inputs:Get"`}}},
		{"a wrong verb", "Inputs:Describe", [][]string{{"Unknown scope", "Inputs:Describe", `(did you mean one of "Inputs:Add", "Inputs:Delete", "Inputs:Get"?)`}}},
		{"something new", "Quasars:Observe", [][]string{{"Unknown scope", "Quasars:Observe", "If Clarifai added the scope"}}},
		{"several unknown, one warning", "Quasars:Observe Input:Get", [][]string{{"Unknown scope", "Input:Get, Quasars:Observe", `know the scope "Quasars:Observe"`}}},
		{"deprecated", "Modules:Get", [][]string{{"Deprecated scope", "Modules:Get", "Remove it"}}},
		{"several deprecated", "Modules:Get Modules:Add", [][]string{{"Deprecated scope", "Modules:Add, Modules:Get", "needs them. Remove them"}}},
		{"for PATs", "Secrets:Get", [][]string{{"Scope has no effect on an app key", "Secrets:Get", "personal access token to call them.\nRemove it"}}},
		{"needed by no method", "Models:Pull Models:Get", [][]string{{"Scope has no effect on an app key", "Models:Pull", "knows no API method"}}},
		{"for PATs and needed by no method, one warning", "Models:Pull Models:Get Secrets:Get", [][]string{{"Scope has no effect on an app key",
			"Secrets:Get, Models:Pull", `need "Secrets:Get".`, `needs "Models:Pull".`, "Remove them from scopes"}}},
		{"two scopes without their dependencies", "Inputs:Delete Models_Add", [][]string{{"Scope lacks a dependency", "Inputs:Delete, Models_Add",
			"Inputs:Delete depends on Inputs:Add and Inputs:Get.", `Add to scopes: "Inputs:Add", "Inputs:Get", "Models:Get". A change of scopes replaces an existing key, or rotates it.`}}},
		{"some dependencies missing", "Inputs:Delete Inputs_Get", [][]string{{"Scope lacks a dependency", "Inputs:Delete", `Add to scopes: "Inputs:Add".`}}},
		{"deprecated, so no need for dependencies", "Modules:Add", [][]string{{"Deprecated scope", "Modules:Add"}}},
		{"one of each kind", "Input:Get Modules:Get Secrets:Get Inputs:Add", [][]string{
			{"Unknown scope", "Input:Get"}, {"Deprecated scope", "Modules:Get"},
			{"Scope has no effect on an app key", "Secrets:Get"}, {"Scope lacks a dependency", "Inputs:Add"}}},
	} {
		check(t, tt.name, scope.Warnings(strings.Fields(tt.in)), tt.want)
	}
}

// TestCallsNothing: a set that no method is content with is worth a warning, which
// names what to add.
func TestCallsNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Predict":             `"Predict" alone can call no API method: each needs other scopes as well. PostModelOutputs, for example, also needs "Apps:Get", "Concepts:Get", "Models:Get".`,
		"Inputs_Get Predict":  `also needs "Apps:Get".`,
		"Apps:Get":            `GetApp, for example, also needs "Workflows:Get".`,
		"Models:Get Predict":  `PostModelOutputs, for example, also needs "Apps:Get", "Concepts:Get".`,
		"Apps:Get Inputs:Get": "",
		"Apps_Get Models:Get Concepts:Get Predict": "",
		"Runners:Get Tasks:Get":                    "",
		"All":                                      "",
		"Predict New:Get":                          "",
		"Secrets:Get":                              "",
		"":                                         "",
	} {
		w, ok := scope.CallsNothing(strings.Fields(in))
		if ok != (want != "") || !strings.Contains(w.Detail, want) {
			t.Errorf("%s: %v %s", in, ok, w.Detail)
		}
	}
}

func TestEndpointWarnings(t *testing.T) {
	t.Parallel()
	const p = clarifai.EndpointPrefix
	for _, tt := range []struct {
		name string
		in   []string
		want [][]string
	}{
		{"known", []string{p + "PostModelOutputs", p + "GetStatusCode"}, nil},
		{"not an endpoint", []string{"PostModelOutputs", ""}, nil},
		{"a typo", []string{p + "PostModelOutput"}, [][]string{{"Unknown endpoint", p + "PostModelOutput",
			`know the method "` + p + `PostModelOutput" (did you mean "` + p + `PostModelOutputs"?)`, "added the method after"}}},
		{"for PATs", []string{p + "PostKeys", p + "ListScopes"}, [][]string{{"Endpoint refuses app keys", p + "ListScopes, " + p + "PostKeys", "Remove them from endpoints", "personal access token"}}},
		{"one for PATs", []string{p + "PostKeys", p + "PostKeys"}, [][]string{{"Endpoint refuses app keys", p + "PostKeys", "endpoints list it."}}},
		{"new", []string{p + "ObserveQuasars"}, [][]string{{"Unknown endpoint", p + "ObserveQuasars", "after this version was released"}}},
	} {
		check(t, tt.name, scope.EndpointWarnings(tt.in), tt.want)
	}
}

func check(t *testing.T, name string, got []scope.Warning, want [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d warnings %+v, want %d", name, len(got), got, len(want))
		return
	}
	for i, w := range got {
		apitest.Equal(t, w.Summary, want[i][0], "Summary", name)
		apitest.Equal(t, w.Scope, want[i][1], "Scope", name)
		apitest.SaysNot(t, w.Detail, " .")
		apitest.Says(t, name+": "+w.Detail, want[i][2:]...)
	}
}

// TestFollowingAWarningSilencesIt checks that no fix leads to another warning.
func TestFollowingAWarningSilencesIt(t *testing.T) {
	t.Parallel()
	for _, s := range scope.All() {
		useful := !s.Deprecated && (s.AppKeyMethods > 0 || s.Name == scope.AllScope)
		if got := scope.Warnings(scope.Closure([]string{s.Name})); useful && len(got) > 0 {
			t.Errorf("%s with its dependencies: %+v", s.Name, got)
		}
		got := scope.Warnings([]string{s.Name})
		if len(got) > 1 || !useful && len(got) != 1 || useful && len(s.DependsOn) > 0 != (len(got) == 1) {
			t.Errorf("%s alone: %+v", s.Name, got)
		}
	}
}

func TestValidEndpoint(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"/clarifai.api.V2/PostInputs": true, "/clarifai.api.V2/SomethingNew2": true,
		"": false, "PostInputs": false, "clarifai.api.V2/PostInputs": false, "/clarifai.api.V2/": false, "/clarifai.api.V2/post": false,
		"/clarifai.api.V2/Post Inputs": false, "/clarifai.api.V2/Post/Inputs": false, " /clarifai.api.V2/PostInputs": false,
		"/clarifai.api.V1/PostInputs": false, "/v2/inputs": false, "/clarifai.api.V2/*": false,
		"/clarifai.api.V2/A": true, "/clarifai.api.V2/Z": true, "/clarifai.api.V2/AzaZ09A": true,
		"/clarifai.api.V2/@": false, "/clarifai.api.V2/[": false, "/clarifai.api.V2/A@": false, "/clarifai.api.V2/A[": false,
		"/clarifai.api.V2/A`": false, "/clarifai.api.V2/A{": false, "/clarifai.api.V2/A/": false, "/clarifai.api.V2/A:": false,
	} {
		apitest.Equal(t, scope.ValidEndpoint(in), want, "ValidEndpoint", in)
	}
}

// What the validator rejects gets no warning beside the error.
func TestInvalidScopesAreNoWarning(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " ", "Nonsense Scope", "Inputs:Get,Predict"} {
		if got := scope.Warnings([]string{name}); len(got) > 0 {
			t.Errorf("%q: %+v", name, got)
		}
	}
}
