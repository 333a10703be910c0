package scope_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		// want is, for each warning, its summary, the scopes concerned and words of its detail.
		want [][]string
	}{
		{"nothing wrong", "Inputs:Add Inputs_Get Predict", nil},
		{"none", "", nil},
		{"All", "All", nil},
		{"All covers dependencies", "All Inputs:Add", nil},
		{"a slip", "Input:Get Predict", [][]string{{"Unknown scope", "Input:Get", `"Inputs:Get"`, "leave it"}}},
		{"a slip with an underscore and of case", "inputs_Get", [][]string{{"Unknown scope", "inputs_Get", `"Inputs:Get"`}}},
		{"a wrong verb", "Inputs:Describe", [][]string{{"Unknown scope", "Inputs:Describe", `(there is "Inputs:Add", "Inputs:Delete", "Inputs:Get")`}}},
		{"something new", "Quasars:Observe", [][]string{{"Unknown scope", "Quasars:Observe", "If Clarifai added the scope"}}},
		{"several unknown, once", "Quasars:Observe Input:Get", [][]string{{"Unknown scope", "Input:Get, Quasars:Observe", `"Quasars:Observe" is not`}}},
		{"deprecated", "Modules:Get", [][]string{{"Deprecated scope", "Modules:Get", "Remove it"}}},
		{"for PATs", "Secrets:Get", [][]string{{"Scope has no use on an app key", "Secrets:Get", "personal access token"}}},
		{"for nothing", "Models:Pull Models:Get", [][]string{{"Scope has no use on an app key", "Models:Pull", "No API method"}}},
		{"for PATs and for nothing, once", "Models:Pull Models:Get Secrets:Get", [][]string{{"Scope has no use on an app key", "Secrets:Get, Models:Pull"}}},
		{"lacking", "Inputs:Delete Models_Add", [][]string{{"Scope lacks what it depends on", "Inputs:Delete, Models_Add",
			"Inputs:Delete depends on Inputs:Add and Inputs:Get.", `Add to scopes: "Inputs:Add", "Inputs:Get", "Models:Get".`}}},
		{"partly lacking", "Inputs:Delete Inputs_Get", [][]string{{"Scope lacks what it depends on", "Inputs:Delete", `Add to scopes: "Inputs:Add".`}}},
		{"deprecated, and so not lacking", "Modules:Add", [][]string{{"Deprecated scope", "Modules:Add"}}},
		{"everything", "Input:Get Modules:Get Secrets:Get Inputs:Add", [][]string{
			{"Unknown scope", "Input:Get"}, {"Deprecated scope", "Modules:Get"},
			{"Scope has no use on an app key", "Secrets:Get"}, {"Scope lacks what it depends on", "Inputs:Add"}}},
	} {
		check(t, tt.name, scope.Warnings(strings.Fields(tt.in)), tt.want)
	}
}

func TestEndpointWarnings(t *testing.T) {
	t.Parallel()
	const p = scope.EndpointPrefix
	for _, tt := range []struct {
		name string
		in   []string
		want [][]string
	}{
		{"known", []string{p + "PostModelOutputs", p + "GetStatusCode"}, nil},
		{"not an endpoint at all", []string{"PostModelOutputs", ""}, nil},
		{"a slip", []string{p + "PostModelOutput"}, [][]string{{"Unknown endpoint", p + "PostModelOutput", `did you mean "` + p + `PostModelOutputs"`}}},
		{"for PATs", []string{p + "PostKeys", p + "ListScopes"}, [][]string{{"Endpoint refuses app keys", p + "ListScopes, " + p + "PostKeys", "personal access token"}}},
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
		if w.Summary != want[i][0] || w.Scope != want[i][1] {
			t.Errorf("%s: %q about %q, want %q about %q", name, w.Summary, w.Scope, want[i][0], want[i][1])
		}
		for _, words := range want[i][2:] {
			if !strings.Contains(w.Detail, words) {
				t.Errorf("%s: the detail lacks %q:\n%s", name, words, w.Detail)
			}
		}
	}
}

// TestAdviceDoesNotContradictItself follows each warning and expects silence.
func TestAdviceDoesNotContradictItself(t *testing.T) {
	t.Parallel()
	for _, s := range scope.All() {
		useful := !s.Deprecated && (s.AppKeyMethods > 0 || s.Name == scope.AllScope)
		if got := scope.Warnings(scope.Closure([]string{s.Name})); useful && len(got) > 0 {
			t.Errorf("%s and what it depends on: %+v", s.Name, got)
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
	} {
		if got := scope.ValidEndpoint(in); got != want {
			t.Errorf("ValidEndpoint(%q) = %t", in, got)
		}
	}
}
