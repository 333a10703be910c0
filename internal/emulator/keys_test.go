package emulator

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestCreatedKey(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{Now: fractional().Now})
	b.app("a")
	k := b.key("a", "Inputs:Add", "Inputs_Get")
	id := k["id"].(string)
	if !wellFormedSecret(id) || id != strings.ToLower(id) {
		t.Errorf("the id does not have the form of a key")
	}
	want := object{"id": id, "type": "app_specific_key", "description": "d", "scopes": []any{"Inputs:Add", "Inputs:Get"},
		"apps": []any{object{"id": "a", "user_id": "u"}}, "created_at": "2026-03-01T12:00:00.123456Z"}
	apitest.Equal(t, k, want, "the key")
	apitest.Equal(t, b.ok("GET", "/v2/users/u/keys/"+id, nil).object("key"), want, "GetKey")
	bare := b.ok("POST", "/v2/users/u/keys", object{"keys": []any{object{"apps": []any{object{"id": "a", "user_id": "me"}}}}}).list("keys")[0]
	for _, name := range []string{"scopes", "endpoints", "description", "expires_at"} {
		if _, ok := bare[name]; ok {
			t.Errorf("%s is not omitted: %v", name, bare)
		}
	}
}

func TestPatchKeys(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	k := b.ok("PATCH", "/v2/users/u/keys", object{"action": "overwrite", "keys": []any{object{"id": b.key("a", "Inputs:Get")["id"],
		"description": "new", "endpoints": []any{"/clarifai.api.V2/ListInputs"}, "expires_at": "2040-01-01T00:00:00Z"}}}).list("keys")[0]
	apitest.Equal(t, []any{k["description"], k["expires_at"], k["scopes"], k["endpoints"]},
		[]any{"new", "2040-01-01T00:00:00.000000Z", []any{"Inputs:Get"}, []any{"/clarifai.api.V2/ListInputs"}}, "fields")
}

func TestKeyListings(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.app("b")
	one := b.key("a", "Inputs:Get", "Models:Get")["id"].(string)
	two := b.key("a", "Inputs:Get")["id"].(string)
	three := b.key("b")["id"].(string)
	for path, want := range map[string][]string{
		"keys":                   {b.pat, one, two, three},
		"apps/a/keys":            {one, two},
		"apps/b/keys?page=2":     {},
		"keys?per_page=3&page=2": {three},
		"keys?per_page=0&page=0": {b.pat, one, two, three},
	} {
		apitest.Equal(t, ids(b.ok("GET", "/v2/users/u/"+path, nil).list("keys")), strings.Join(want, " "), path, want)
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("old")
	id := b.key("old")["id"].(string)
	app := b.ok("PATCH", "/v2/users/u/apps/ids", renaming("old", "new")).list("apps")[0]
	if app["id"] != "new" || app["default_workflow"].(object)["app_id"] != "new" {
		t.Errorf("got %v", app)
	}
	apitest.Equal(t, ids(b.ok("GET", "/v2/users/u/apps/new/keys", nil).list("keys")), id, "keys")
	b.fails("GET", "/v2/users/u/apps/old", nil, refusal{404, codeDoesNotExist})
	b.app("old")
}
