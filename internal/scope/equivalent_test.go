package scope_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Inputs:Get": "Inputs:Get", "Inputs_Get": "Inputs:Get", "All": "All", "Predict": "Predict",
		"NewThing_Add": "NewThing:Add", "new_thing": "new_thing", "A_B_C": "A_B_C", "_Get": "_Get", "Inputs_": "Inputs_",
		"a_b:c": "a_b:c", "": "",
	} {
		apitest.Equal(t, scope.Canonical(in), want, "Canonical", in)
	}
}

func TestClosure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want []string }{
		{nil, []string{}},
		{[]string{"All"}, []string{"All"}},
		{[]string{"Inputs_Delete", "Inputs:Delete"}, []string{"Inputs:Add", "Inputs:Delete", "Inputs:Get"}},
		{[]string{"Models:Patch"}, []string{"Models:Add", "Models:Get", "Models:Patch", "Models:Train"}},
		{[]string{"Zzz_Get", "Predict", "odd"}, []string{"Predict", "Zzz:Get", "odd"}},
	} {
		apitest.Equal(t, scope.Closure(tt.in), tt.want, "Closure", tt.in)
	}
}

func TestEquivalent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want, server string
		equal              bool
	}{
		{"identical", "Inputs:Get Predict", "Inputs:Get Predict", true},
		{"another order", "Inputs:Get Predict", "Predict Inputs:Get", true},
		{"both empty", "", "", true},
		{"the other spelling", "Inputs_Get Predict", "Predict Inputs:Get", true},
		{"the other spelling on the server", "Inputs:Get", "Inputs_Get", true},
		{"both spellings of one scope", "Inputs:Get Inputs_Get", "Inputs:Get", true},
		{"a duplicate", "Inputs:Get", "Inputs:Get Inputs:Get", true},
		{"dependencies added", "Inputs:Delete", "Inputs:Add Inputs:Delete Inputs:Get", true},
		{"dependencies added in the other spelling", "Inputs_Delete", "Inputs:Add Inputs_Delete Inputs_Get", true},
		{"some of the dependencies added", "Inputs:Delete", "Inputs:Delete Inputs:Get", false},
		{"the rest of the dependencies added", "Inputs:Delete Inputs:Get", "Inputs:Add Inputs:Delete Inputs:Get", true},
		{"dependencies of one scope added, but not of another", "Inputs:Add Models:Add", "Inputs:Add Inputs:Get Models:Add", false},
		{"dependencies removed", "Inputs:Add Inputs:Get", "Inputs:Add", false},
		{"an extra scope", "Inputs:Get", "Inputs:Get Predict", false},
		{"a missing scope", "Inputs:Get Predict", "Inputs:Get", false},
		{"another scope", "Inputs:Get", "Predict", false},
		{"no scopes on the server", "Inputs:Get", "", false},
		{"no scopes wanted", "", "Inputs:Get", false},
		{"All is not its parts", "All", "Inputs:Get Predict", false},
		{"All and more", "All", "All Predict", false},
		{"an unknown scope", "New:Get Predict", "Predict New:Get", true},
		{"an unknown scope in the other spelling", "New_Get Predict", "Predict New:Get", true},
		{"an unknown scope, with dependencies added", "New_Get Inputs:Add", "Inputs:Add Inputs:Get New:Get", true},
		{"an extra unknown scope", "Predict", "Predict New:Get", false},
		{"a missing unknown scope", "Predict New:Get", "Predict", false},
		{"another unknown scope", "New:Get", "New:Add", false},
		{"case matters", "Inputs:Get", "inputs:get", false},
	} {
		apitest.Equal(t, scope.Equivalent(strings.Fields(tt.want), strings.Fields(tt.server)), tt.equal, tt)
	}
}

// TestEquivalentExpandsAll checks that a server may replace All by every scope it offers, including scopes that
// this version does not know.
func TestEquivalentExpandsAll(t *testing.T) {
	t.Parallel()
	var offered []string
	for _, s := range scope.All() {
		if s.Offered && !s.Deprecated && s.Name != scope.AllScope {
			offered = append(offered, s.Name)
		}
	}
	all := []string{scope.AllScope}
	if !scope.Equivalent(all, offered) || !scope.Equivalent(all, append(slices.Clone(offered), "Brand:New")) ||
		!scope.Equivalent(all, append(slices.Clone(offered), scope.AllScope)) || !scope.Equivalent([]string{"All", "Predict"}, offered) {
		t.Error("every offered scope is not equivalent to All")
	}
	if scope.Equivalent(all, offered[1:]) || scope.Equivalent(offered, all) || scope.Equivalent([]string{"Predict"}, offered) {
		t.Error("All is equivalent to fewer scopes than are offered, or every one is accepted when only some, or each by name, were wanted")
	}
}

// TestEquivalentProperties checks properties that hold for every set of scopes.
func TestEquivalentProperties(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		s := randomScopes(r, r.IntN(40))
		closed := scope.Closure(s)
		if !scope.Equivalent(s, s) || !scope.Equivalent(s, respelled(r, s)) || !scope.Equivalent(respelled(r, s), s) {
			t.Fatalf("%q is not equivalent to itself in another spelling", s)
		}
		if !scope.Equivalent(s, closed) || !scope.Equivalent(respelled(r, s), respelled(r, closed)) {
			t.Fatalf("%q is not equivalent to its closure %q", s, closed)
		}
		if beyond := scope.Beyond(respelled(r, s), closed); len(beyond) > 0 || len(scope.Beyond(nil, s)) != len(s) {
			t.Fatalf("%q has more than %q: %q", closed, s, beyond)
		}
		if !slices.Equal(scope.Closure(closed), closed) {
			t.Fatalf("the closure of the closure of %q has more scopes", s)
		}
		if len(s) == 0 {
			continue
		}
		// A closure that lacks one scope is either the wanted set itself or different.
		gone := r.IntN(len(closed))
		partial := slices.Delete(slices.Clone(closed), gone, gone+1)
		apitest.Equal(t, scope.Equivalent(s, partial), sameSet(s, partial), s, partial)
	}
}

func TestEquivalentAllocatesNothing(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts the allocations of the whole process.
	var all, reversed []string
	for _, s := range scope.All() {
		all = append(all, s.Name)
		reversed = append(reversed, underscored(s.Name))
	}
	slices.Reverse(reversed)
	if n := testing.AllocsPerRun(100, func() {
		if !scope.Equivalent(all, reversed) {
			t.Error("the catalog is not equivalent to itself")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { scope.Canonical("Inputs:Get"); scope.Canonical("Inputs_Get") }); n > 0 {
		t.Errorf("Canonical of a known scope: %v allocations", n)
	}
}

func underscored(name string) string { return strings.Replace(name, ":", "_", 1) }

func randomScopes(r *rand.Rand, n int) []string {
	all := scope.All()
	var out []string
	for _, i := range r.Perm(len(all))[:n] {
		out = append(out, all[i].Name)
	}
	if r.IntN(4) == 0 {
		out = append(out, "Unknown:Scope")
	}
	return out
}

// respelled returns the names shuffled and in randomly chosen spellings.
func respelled(r *rand.Rand, names []string) []string {
	out := slices.Clone(names)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		if r.IntN(2) == 0 {
			out[i] = underscored(out[i])
		}
	}
	return out
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
