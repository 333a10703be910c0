package emulator

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
)

// scopeAll grants every scope. Clarifai's own scripts create keys with it.
const scopeAll = "All"

// scopesJSON maps each scope of Clarifai's scope.proto (12.5.1) to the scopes it
// depends on, including indirect dependencies.
//
//go:embed scopes.json
var scopesJSON []byte

var dependencies = mustDecode[map[string][]string]("scopes.json", scopesJSON)

// canonicalScope converts a scope to the colon spelling, Inputs_Get to Inputs:Get,
// and reports whether it exists.
func canonicalScope(name string) (string, bool) {
	name = strings.Replace(name, "_", ":", 1)
	_, ok := dependencies[name]
	return name, ok
}

// scopesFromRequest checks the scopes of a new key and returns those to store, in
// the colon spelling and without duplicates.
func scopesFromRequest(sent []string, sw Switches) ([]string, *failure) {
	var kept []string
	add := func(scope string) {
		if !slices.Contains(kept, scope) {
			kept = append(kept, scope)
		}
	}
	for _, name := range sent {
		scope, ok := canonicalScope(name)
		if !ok {
			return nil, fail(codeInvalidRequest, "scope '%s' does not exist", name)
		}
		add(scope)
	}
	for _, scope := range slices.Clone(kept) {
		for _, dep := range dependencies[scope] {
			if sw.Scopes == "expanded" {
				add(dep)
			}
			if sw.Scopes == "refused" && !slices.Contains(kept, dep) && !slices.Contains(kept, scopeAll) {
				return nil, fail(codeInvalidRequest, "scope '%s' depends on scope '%s', which is missing", scope, dep)
			}
		}
	}
	return kept, nil
}

const methodPrefix = "/clarifai.api.V2/"

func checkEndpoints(sent []string) *failure {
	for _, name := range sent {
		if method, ok := strings.CutPrefix(name, methodPrefix); !ok || method == "" {
			return fail(codeInvalidRequest, "endpoint '%s' does not have the form %sMethod", name, methodPrefix)
		}
	}
	return nil
}

// missingScopes returns the scopes in need that have does not grant.
func missingScopes(need, have []string) []string {
	if slices.Contains(have, scopeAll) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(need), func(s string) bool { return slices.Contains(have, s) })
}

// scopesInAnswer returns scopes in the spelling and order that the switches select.
func scopesInAnswer(scopes []string, sw Switches) []string {
	out := inOrder(scopes, sw)
	if sw.ScopeNames == "underscore" {
		for i := range out {
			out[i] = strings.Replace(out[i], ":", "_", 1)
		}
	}
	return out
}

// inOrder returns a copy of names in the order that the switches select.
func inOrder(names []string, sw Switches) []string {
	out := slices.Clone(names)
	switch sw.ScopeOrder {
	case "sorted":
		slices.Sort(out)
	case "reversed":
		slices.Reverse(out)
	}
	return out
}

// someScopes returns up to n scopes with no missing dependency, for seeding.
func someScopes(n int) []string {
	names := slices.Sorted(maps.Keys(dependencies))
	names = slices.DeleteFunc(names, func(s string) bool { return s == scopeAll })
	// Scopes with few dependencies come first, so that every prefix is closed.
	slices.SortStableFunc(names, func(a, b string) int { return len(dependencies[a]) - len(dependencies[b]) })
	return names[:min(n, len(names))]
}
