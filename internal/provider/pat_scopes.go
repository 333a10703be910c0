package provider

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// calls are the API methods that each type calls, for whatever happens to it, with a
// line per type. Which scopes they need of the PAT is in the catalog. What a type
// can do without, such as counting what an app holds, is left out.
var calls = map[string]string{
	"action clarifai_revoke_app_keys":      "DeleteKey ListAppKeys",
	"data clarifai_app":                    "GetApp ListApps",
	"data clarifai_app_key":                "ListAppKeys ListKeys",
	"data clarifai_app_keys":               "ListAppKeys ListKeys",
	"data clarifai_apps":                   "ListApps",
	"data clarifai_scopes":                 "MyScopesUser",
	"data clarifai_user":                   "GetUser",
	"ephemeral clarifai_app_key":           "ListAppKeys",
	"ephemeral clarifai_temporary_app_key": "DeleteKey ListAppKeys PostKeys",
	"list clarifai_app":                    "ListApps",
	"list clarifai_app_key":                "ListAppKeys ListKeys",
	"resource clarifai_app":                "DeleteApp GetApp ListApps PatchApp PatchAppsIds PostApps",
	"resource clarifai_app_key":            "DeleteKey ListAppKeys ListApps ListKeys PatchKeys PostKeys",
	"resource clarifai_app_keys_exclusive": "DeleteKey ListAppKeys ListKeys",
	"resource clarifai_rotating_app_key":   "DeleteKey ListAppKeys ListApps ListKeys PatchKeys PostKeys",
}

// TypeScopes says what a type that the provider serves needs of the PAT.
type TypeScopes struct {
	Kind    string   `json:"kind"` // as its block is called: resource, data, ephemeral, list or action
	Type    string   `json:"type"`
	Methods []string `json:"methods"`
	Scopes  []string `json:"scopes"`
	// ReadScopes are those that only reading it needs, as a plan does.
	ReadScopes []string `json:"read_scopes"`
}

// PATScopes returns what each type needs of the PAT, by kind and name.
func PATScopes() []TypeScopes {
	var all []TypeScopes
	for block, methods := range calls {
		t := TypeScopes{Methods: strings.Fields(methods)}
		t.Kind, t.Type, _ = strings.Cut(block, " ")
		t.Scopes = scope.MethodScopes(t.Methods)
		t.ReadScopes = scope.MethodScopes(slices.DeleteFunc(slices.Clone(t.Methods), writes))
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b TypeScopes) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), strings.Compare(a.Type, b.Type))
	})
	return all
}

// writes reports whether a method changes something.
func writes(method string) bool {
	return !strings.HasPrefix(method, "Get") && !strings.HasPrefix(method, "List") && !strings.HasPrefix(method, "My")
}

// kinds are the kinds of types, in the order in which they are documented.
var kinds = []string{"resource", "data", "ephemeral", "list", "action"}
