package emulator

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestMethodsByName(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	app := b.as(b.key("a", methods["ListInputs"].Scopes...)["id"].(string))
	for _, c := range []struct {
		caller *fixture
		path   string
		want   refusal
	}{
		{app, "ListInputs", refusal{501, codeNotImplemented}},
		{b, "ListInputs", refusal{501, codeNotImplemented}},
		{app, "GetStatusCode", refusal{501, codeNotImplemented}},
		{b.as(""), "GetStatusCode", refusal{501, codeNotImplemented}},
		{b.as(""), "ListInputs", refusal{401, codeInvalidRequest}},
		{app, "PostInputs", refusal{403, codeInsufficientScopes}},
		{app, "PostKeys", refusal{401, codeKeyInvalid}},
		{b, "PostKeys", refusal{501, codeNotImplemented}},
		{b, "ListScopes", refusal{401, codeKeyInvalid}},
		{b, "GetNothing", refusal{404, codeDoesNotExist}},
	} {
		c.caller.fails("POST", methodPrefix+c.path, nil, c.want)
	}
	b.fails("GET", methodPrefix+"ListInputs", nil, refusal{404, codeDoesNotExist})
	apitest.Equal(t, b.e.Count("ListInputs"), 3, "requests of ListInputs")
	for name, m := range methods {
		for _, s := range m.Scopes {
			if _, ok := canonicalScope(s); !ok {
				t.Errorf("%s needs the unknown scope %s", name, s)
			}
		}
	}
}
