package scope_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var must = apitest.Must

// call calls a function with one set of strings, and returns its result, sorted as
// it came, or the text of its error.
func call(t *testing.T, name string, arguments ...any) (result []string, failure string) {
	t.Helper()
	set := tftypes.Set{ElementType: tftypes.String}
	elements := make([]tftypes.Value, len(arguments))
	for i, a := range arguments {
		elements[i] = tftypes.NewValue(tftypes.String, a)
	}
	v, err := tfprotov6.NewDynamicValue(set, tftypes.NewValue(set, elements))
	must(t, err)
	server := acctest.Start(t, emulator.Options{}).Provider().Server()
	resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{&v}})
	must(t, err)
	if resp.Error != nil {
		if resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0 {
			t.Errorf("the error names no argument: %s", resp.Error.Text)
		}
		return nil, resp.Error.Text
	}
	got, err := resp.Result.Unmarshal(set)
	must(t, err)
	if !got.IsKnown() {
		return []string{"unknown"}, ""
	}
	var values []tftypes.Value
	must(t, got.As(&values))
	result = make([]string, len(values))
	for i := range values {
		must(t, values[i].As(&result[i]))
	}
	return result, ""
}

// letThrough reports whether a key with these scopes may call a method, which the emulator need
// not implement.
func letThrough(t *testing.T, w *acctest.World, scopes []string, m scope.Method) (bool, string) {
	t.Helper()
	key := emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "tenant", Scopes: scopes}
	must(t, w.PutKey(key))
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, m.Endpoint(), http.NoBody)
	req.Header.Set("Authorization", "Key "+key.ID)
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, req)
	if recorder.Code != http.StatusNotImplemented && recorder.Code != http.StatusForbidden {
		t.Errorf("%s: HTTP %d: %s", m.Name, recorder.Code, recorder.Body)
	}
	return recorder.Code == http.StatusNotImplemented, recorder.Body.String()
}

// TestRequiredScopes_everyMethod takes each method that accepts app keys: the
// scopes are the published ones with their dependencies, and a key with them may
// call it, while a key with one published scope fewer may not.
func TestRequiredScopes_everyMethod(t *testing.T) {
	t.Parallel()
	var methods []scope.Method
	for _, m := range scope.Methods() {
		if m.Auth.AllowsAppKey() {
			methods = append(methods, m)
		}
	}
	if len(methods) != 193 {
		t.Fatalf("%d methods accept app keys", len(methods))
	}
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	for _, m := range methods {
		checkMethod(t, w, m)
	}
}

func checkMethod(t *testing.T, w *acctest.World, m scope.Method) {
	t.Helper()
	want := slices.Clone(m.Scopes)
	for _, name := range m.Scopes {
		s, _ := scope.Lookup(name)
		want = append(want, s.DependsOn...)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	for _, name := range []string{m.Name, m.Endpoint()} {
		got, failure := call(t, "required_scopes", name)
		if failure != "" || !slices.Equal(got, want) {
			t.Errorf("required_scopes(%q) = %v, %s, want %v", name, got, failure, want)
		}
	}
	if ok, answer := letThrough(t, w, want, m); !ok {
		t.Errorf("%s is refused: %s", m.Name, answer)
	}
	if len(m.Scopes) == 0 && m.Name != "MyScopes" && m.Auth != scope.AuthNone {
		t.Errorf("%s needs no scope", m.Name)
	}
	for _, published := range m.Scopes {
		fewer := slices.DeleteFunc(slices.Clone(want), func(s string) bool { return s == published })
		if ok, answer := letThrough(t, w, fewer, m); ok || !strings.Contains(answer, published) {
			t.Errorf("%s is let through without %s: %s", m.Name, published, answer)
		}
	}
}

// TestFunctions calls both functions with what they take, and with what they refuse. Terraform
// adds the period at the end of an error.
func TestFunctions(t *testing.T) {
	t.Parallel()
	const required, expand, predict = "required_scopes", "expand_scopes", "Apps:Get Concepts:Get Models:Get Predict"
	type arguments = []any
	for _, c := range []struct {
		function  string
		arguments arguments
		want      string
	}{
		{required, nil, ""},
		{required, arguments{"PostModelOutputs"}, predict},
		{required, arguments{"PostModelOutputs", "/clarifai.api.V2/PostModelOutputs"}, predict},
		{required, arguments{"PostWorkflowResults", "PostModelOutputs"}, predict + " Workflows:Get"},
		{required, arguments{"MyScopes", "GetStatusCode"}, ""},
		{required, arguments{tftypes.UnknownValue, "PostModelOutputs"}, "unknown"},
		{expand, nil, ""},
		{expand, arguments{"Inputs:Delete"}, "Inputs:Add Inputs:Delete Inputs:Get"},
		{expand, arguments{"Inputs_Delete", "Inputs:Delete"}, "Inputs:Add Inputs:Delete Inputs:Get"},
		{expand, arguments{"All"}, "All"},
		{expand, arguments{"Newer:Add", "Newest_Get", "lower:case", "Predict"}, "Newer:Add Newest:Get Predict lower:case"},
		{expand, arguments{tftypes.UnknownValue}, "unknown"},
	} {
		if got, failure := call(t, c.function, c.arguments...); failure != "" || strings.Join(got, " ") != c.want {
			t.Errorf("%s(%v) = %v, %s", c.function, c.arguments, got, failure)
		}
	}
	for _, c := range []struct {
		function  string
		arguments arguments
		want      string // a part of the error
	}{
		{required, arguments{"PostInput"}, `"PostInput" (did you mean "PostInputs"?)`},
		{required, arguments{"DeleteInputz"}, `did you mean one of "DeleteInput", "DeleteInputs"?`},
		{required, arguments{"postmodeloutputs"}, `"PostModelOutputs"`},
		{required, arguments{"/clarifai.api.V2/PostModelOutput"}, `did you mean "PostModelOutputs"?`},
		{required, arguments{"CreateInputs"}, `did you mean one of "DeleteInput", "DeleteInputs", "GetInput", "ListInputs", "PatchInputs", "PostInputs", "StreamInputs"?`},
		{required, arguments{"Frobnicate"}, `does not know the method "Frobnicate". For`},
		{required, arguments{"PostKeys"}, "PostKeys refuses app-specific keys"},
		{required, arguments{"/clarifai.api.V2/ListScopes"}, "ListScopes refuses app-specific keys"},
		{required, arguments{"PostKeys", "PostInputz"}, "PostInputs"},
		{required, arguments{""}, "unknown form"},
		{required, arguments{" PostInputs"}, `write "PostInputs"`},
		{required, arguments{"/v2/inputs"}, "gRPC method"},
		{required, arguments{"PostInputs", nil}, "is null"},
		{expand, arguments{""}, `The scope "" is empty.`},
		{expand, arguments{"Inputs:Get, Predict"}, `contains ','`},
		{expand, arguments{"Predict", " Predict"}, `has spaces around it`},
		{expand, arguments{"Foo"}, `The scope "Foo" has no verb, as in "Inputs:Get"`},
		{expand, arguments{"Predcit"}, `did you mean "Predict"?`},
		{expand, arguments{nil}, "is null"},
	} {
		if _, failure := call(t, c.function, c.arguments...); !strings.Contains(failure, c.want) || strings.HasSuffix(failure, ".") {
			t.Errorf("%s(%v): %q, want %q", c.function, c.arguments, failure, c.want)
		}
	}
}
