package scope_test

import (
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestCatalog(t *testing.T) {
	t.Parallel()
	var offered, deprecated int
	for _, s := range scope.All() {
		if s.Offered {
			offered++
		}
		if s.Deprecated {
			deprecated++
			if s.AppKeyMethods+s.PATOnlyMethods > 0 {
				t.Errorf("%s is deprecated, but a method needs it", s.Name)
			}
		}
		for _, dep := range s.DependsOn {
			d, ok := scope.Lookup(dep)
			if !ok {
				t.Errorf("%s depends on %s, which is not in the catalog", s.Name, dep)
			}
			for _, far := range d.DependsOn {
				if !slices.Contains(s.DependsOn, far) && far != s.Name {
					t.Errorf("%s depends on %s, but its DependsOn lacks %s, an indirect dependency", s.Name, dep, far)
				}
			}
		}
	}
	if got := len(scope.All()); got != 121 || offered != 115 || deprecated != 19 {
		t.Errorf("%d scopes, %d offered, %d deprecated, want 121, 115, 19", got, offered, deprecated)
	}
	kinds := map[scope.AuthKind]int{}
	for _, m := range scope.Methods() {
		kinds[m.Auth]++
		if !scope.ValidEndpoint(m.Endpoint()) {
			t.Errorf("%s has an invalid endpoint", m.Name)
		}
	}
	if got := len(scope.Methods()); got != 273 || kinds[scope.AuthKey] != 190 || kinds[scope.AuthPAT] != 78 ||
		kinds[scope.AuthNone] != 3 || kinds[scope.AuthSessionToken] != 2 {
		t.Errorf("%d methods %v, want 273: 190 Key, 78 PAT, 3 No, 2 SessionToken", got, kinds)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]int{
		"Inputs:Get": {58, 0}, "Inputs_Get": {58, 0}, "Apps:Get": {188, 38}, "Keys:Add": {1, 3}, "Predict": {10, 2},
		"Secrets:Add": {0, 2}, "All": {0, 0},
	} {
		s, ok := scope.Lookup(name)
		if !ok || s.AppKeyMethods != want[0] || s.PATOnlyMethods != want[1] {
			t.Errorf("Lookup(%q) = %+v, %t, want method counts %v", name, s, ok, want)
		}
	}
	if _, ok := scope.Lookup("Inputs:Fetch"); ok {
		t.Error("Lookup found an unknown scope")
	}
}

func TestLookupMethod(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"PostInputs", "/clarifai.api.V2/PostInputs"} {
		m, ok := scope.LookupMethod(name)
		if !ok || m.Name != "PostInputs" || m.Auth != scope.AuthKey || !slices.Contains(m.Scopes, "Inputs:Add") {
			t.Errorf("LookupMethod(%q) = %+v, %t", name, m, ok)
		}
	}
	if m, ok := scope.LookupMethod("GetStatusCode"); !ok || m.Auth != scope.AuthNone || !m.Auth.AllowsAppKey() {
		t.Errorf("GetStatusCode = %+v, %t, want a method that anyone can call", m, ok)
	}
	if m, ok := scope.LookupMethod("PostKeys"); !ok || m.Auth.AllowsAppKey() {
		t.Errorf("PostKeys = %+v, %t, want a method that refuses app keys", m, ok)
	}
	if _, ok := scope.LookupMethod("/clarifai.api.V2/"); ok {
		t.Error("LookupMethod found the prefix without a method")
	}
}

func TestListsAreCopies(t *testing.T) {
	t.Parallel()
	all, methods := scope.All(), scope.Methods()
	all[0].Name, methods[0].Name = "changed", "changed"
	if scope.All()[0].Name == "changed" || scope.Methods()[0].Name == "changed" {
		t.Error("a caller can change the catalog")
	}
}
