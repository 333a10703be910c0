package emulator

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// scopeAll grants everything. Clarifai's own scripts make keys with it.
const scopeAll = "All"

// scopesJSON names each scope of Clarifai's scope.proto (12.5.1) with the
// scopes it depends on. Every list is transitively closed.
//
//go:embed scopes.json
var scopesJSON []byte

var dependencies = func() map[string][]string {
	var m map[string][]string
	if err := json.Unmarshal(scopesJSON, &m); err != nil {
		panic("emulator: scopes.json: " + err.Error())
	}
	return m
}()

// canonicalScope turns either spelling, Inputs:Get or Inputs_Get, into the
// first, and tells whether such a scope exists.
func canonicalScope(name string) (string, bool) {
	name = strings.Replace(name, "_", ":", 1)
	_, ok := dependencies[name]
	return name, ok
}

// scopesFromRequest checks the scopes of a key to be made and returns those to
// keep, in the colon spelling, without doubles.
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
			return fail(codeInvalidRequest, "endpoint '%s' is not of the form %sMethod", name, methodPrefix)
		}
	}
	return nil
}

// missingScopes are those of need that have does not grant.
func missingScopes(need, have []string) []string {
	if slices.Contains(have, scopeAll) {
		return nil
	}
	return missing(need, have)
}

func missing(need, have []string) []string {
	return slices.DeleteFunc(slices.Clone(need), func(s string) bool { return slices.Contains(have, s) })
}

// scopesInAnswer spells and orders scopes as the switches say.
func scopesInAnswer(scopes []string, sw Switches) []string {
	out := inOrder(scopes, sw)
	if sw.ScopeNames == "underscore" {
		for i := range out {
			out[i] = strings.Replace(out[i], ":", "_", 1)
		}
	}
	return out
}

// inOrder returns a copy of names in the order that the switches say.
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

// someScopes returns n scopes that form a set without missing dependencies,
// or all there are, for seeding.
func someScopes(n int) []string {
	names := slices.Sorted(maps.Keys(dependencies))
	names = slices.DeleteFunc(names, func(s string) bool { return s == scopeAll })
	// Those without dependencies first: a prefix is then closed.
	slices.SortStableFunc(names, func(a, b string) int { return len(dependencies[a]) - len(dependencies[b]) })
	return names[:min(n, len(names))]
}
