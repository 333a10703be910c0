package scope

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

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
		apitest.Fails(t, apitest.Err(parse(tt.scopes, tt.methods)), tt.want)
	}
}
