package scope

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	d, err := parse("# comment\n\nA:Get -\nA:Add o A:Get\n", "Free No\nWithKey Key A:Get\nWithPAT PAT A:Get A:Add\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(d.scopes) != 2 || len(d.methods) != 3 || d.scopes[0].Offered || !d.scopes[1].Offered {
		t.Errorf("parsed %+v and %+v", d.scopes, d.methods)
	}
	if s := d.scopes[0]; s.AppKeyMethods != 1 || s.PATOnlyMethods != 1 {
		t.Errorf("%d methods take an app key, %d only a PAT, want 1 and 1", s.AppKeyMethods, s.PATOnlyMethods)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range maxScopes {
		fmt.Fprintf(&many, "Scope%d:Get -\n", i)
	}
	if _, err := parse(many.String(), ""); err != nil {
		t.Errorf("%d scopes: %v", maxScopes, err)
	}
	for _, tt := range []struct{ name, scopes, methods, want string }{
		{"a scope without flags", "A:Get", "", "want a name and flags"},
		{"too many scopes", many.String() + "Last:Get -", "", "more than 256 scopes"},
		{"an unknown dependency", "A:Add - A:Get", "", "depends on A:Get, which is not listed"},
		{"a method without credential", "", "GetA", "want a name and a kind of credential"},
		{"an unknown scope of a method", "", "GetA Key A:Get", "needs the scope A:Get, which is not listed"},
	} {
		if _, err := parse(tt.scopes, tt.methods); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
