package emulator

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestAuthenticationFailures(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	unknown := NewSecret()
	for _, c := range []struct {
		caller  *fixture
		code    int
		details string
	}{
		{b.as(""), codeInvalidRequest, ""},
		{b.as("None"), codeKeyInvalid, "Invalid format of key."},
		{b.with("Authorization", "Bearer "+b.pat), codeKeyInvalid, "Invalid format of key."},
		{b.as(unknown), codeKeyNotFound, "invalid key(" + unknown + ")"},
	} {
		g := c.caller.fails("GET", "/v2/users/me/keys", nil, refusal{401, c.code})
		if !strings.HasPrefix(g.details(), c.details) || len(g.list("keys")) != 0 || !strings.Contains(g.raw, `"keys":[]`) {
			t.Errorf("%q, or no empty list: %s", c.details, g.raw)
		}
	}
}

func TestScopesAndEndpointsAreEnforced(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	reader := b.as(b.e.AddPAT("u", "Apps:Get", "Keys_Get"))
	reader.ok("GET", "/v2/users/u/apps/a/keys", nil)
	reader.ok("GET", "/v2/users/u/myscopes", nil)
	g := reader.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{403, codeInsufficientScopes})
	apitest.Equal(t, g.details(), "missing scopes: Keys:Add", "details")
	bound := b.e.AddPAT("u", "All")
	err := b.e.EditKey(bound, func(k *Key) { k.Endpoints = []string{"/clarifai.api.V2/ListKeys"} })
	apitest.Must(t, err)
	b.as(bound).ok("GET", "/v2/users/me/keys", nil)
	g = b.as(bound).fails("GET", "/v2/users/me", nil, refusal{403, codeInsufficientScopes})
	apitest.Equal(t, g.details(), "missing endpoints: /clarifai.api.V2/GetUser", "details")
	b.as(bound).ok("GET", "/v2/users/me/myscopes", nil)
}

func TestAppKeyReachesOnlyItsApp(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.app("b")
	secret := b.key("a", "Apps:Get", "Workflows:Get")["id"].(string)
	app := b.as(secret)
	app.ok("GET", "/v2/users/u/apps/a", nil)
	app.fails("GET", "/v2/users/u/apps/b", nil, refusal{401, codeKeyInvalid})
	app.fails("GET", "/v2/users/u/keys", nil, refusal{401, codeKeyInvalid})
	app.fails("GET", "/v2/users/me", nil, refusal{401, codeKeyInvalid})
	if got := app.ok("GET", "/v2/users/u/apps/a/myscopes", nil).object("app"); got["id"] != "a" || got["user_id"] != "u" {
		t.Errorf("myscopes: %v", got)
	}
}

func TestUsersAndOrganizations(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	other := b.as(b.e.AddUser("other"))
	b.e.AddOrganization("org", "u")
	b.ok("GET", "/v2/users/other", nil) // a public profile, which does not grant access
	for _, path := range []string{"/v2/users/other/apps", "/v2/users/other/keys", "/v2/users/other/myscopes", "/v2/users/nobody"} {
		b.fails("GET", path, nil, refusal{404, codeDoesNotExist})
	}
	apitest.Equal(t, other.ok("GET", "/v2/users/me", nil).object("user")["id"], "other", "user")

	b.ok("POST", "/v2/users/org/apps", object{"apps": []any{object{"id": "a"}}})
	created := b.ok("POST", "/v2/users/org/keys", object{"keys": []any{object{"apps": []any{object{"id": "a", "user_id": "org"}}}}})
	apitest.Equal(t, created.list("keys")[0]["apps"].([]any)[0].(object)["user_id"], "org", "owner of the key's app")
	other.fails("GET", "/v2/users/org/apps", nil, refusal{404, codeDoesNotExist})
	b.fails("GET", "/v2/users/u/apps/a", nil, refusal{404, codeDoesNotExist})
	if len(b.e.Apps("org")) != 1 || len(b.e.Keys("org", "a")) != 1 {
		t.Errorf("apps %v", b.e.Apps("org"))
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	g := newFixture(t, Options{}).with("X-Clarifai-Request-ID-Prefix", "tool-1.0").ok("GET", "/v2/users/me/", nil)
	id := g.object("status")["req_id"].(string)
	if !strings.HasPrefix(id, "tool-1.0-") || len(id) != len("tool-1.0-")+32 || g.header.Get("X-Clarifai-Request-Id") != id {
		t.Errorf("request id %q, header %q", id, g.header.Get("X-Clarifai-Request-Id"))
	}
}
