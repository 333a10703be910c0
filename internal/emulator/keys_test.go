package emulator

import (
	"reflect"
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

func TestInvalidKeysAreRefused(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.e.AddUser("other")
	good := object{"id": "a", "user_id": "u"}
	for i, c := range []struct {
		key        object
		http, code int
	}{
		{object{}, 400, codeInvalidRequest},
		{object{"apps": []any{good, good}}, 400, codeInvalidRequest},
		{object{"apps": []any{object{"id": "a"}}}, 400, codeInvalidRequest},
		{object{"apps": []any{object{"id": "none", "user_id": "u"}}}, 404, codeDoesNotExist},
		{object{"apps": []any{object{"id": "a", "user_id": "other"}}}, 404, codeDoesNotExist},
		{object{"apps": []any{good}, "scopes": []any{"Frobs:Get"}}, 400, codeInvalidRequest},
		{object{"apps": []any{good}, "endpoints": []any{"GetKey"}}, 400, codeInvalidRequest},
		{object{"apps": []any{good}, "type": "door_key"}, 400, codeInvalidRequest},
		{object{"type": "personal_access_token"}, 400, codeInvalidRequest},
		{object{"apps": []any{good}, "id": NewSecret()}, 400, codeInvalidRequest},
	} {
		g := b.do("POST", "/v2/users/u/keys", object{"keys": []any{c.key}})
		apitest.Equal(t, g.http, c.http, "http of key", i, g.raw)
		apitest.Equal(t, g.code(), c.code, "code of key", i)
	}
	// One invalid key fails the whole request.
	b.fails("POST", "/v2/users/u/keys", object{"keys": []any{object{"apps": []any{good}}, object{}}}, refusal{400, codeInvalidRequest})
	apitest.Equal(t, b.e.LiveKeys(), 0, "keys created")
}

func TestPatchKeys(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	id := b.key("a", "Inputs:Get")["id"].(string)
	patch := func(action string, key object) object {
		key["id"] = id
		return object{"action": action, "keys": []any{key}}
	}
	k := b.ok("PATCH", "/v2/users/u/keys", patch("overwrite", object{"description": "new",
		"endpoints": []any{"/clarifai.api.V2/ListInputs"}, "expires_at": "2040-01-01T00:00:00Z"})).list("keys")[0]
	if k["description"] != "new" || k["expires_at"] != "2040-01-01T00:00:00.000000Z" ||
		!reflect.DeepEqual(k["scopes"], []any{"Inputs:Get"}) || k["endpoints"] == nil {
		t.Errorf("got %v", k)
	}
	b.fails("PATCH", "/v2/users/u/keys", patch("merge", object{}), refusal{400, codeInvalidRequest})
	b.fails("PATCH", "/v2/users/u/keys", patch("overwrite", object{"apps": []any{object{"id": "b"}}}), refusal{400, codeInvalidRequest})
	id = NewSecret()
	b.fails("PATCH", "/v2/users/u/keys", patch("overwrite", object{}), refusal{404, codeDoesNotExist})
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
	b.fails("GET", "/v2/users/u/apps/c/keys", nil, refusal{404, codeDoesNotExist})
	b.fails("GET", "/v2/users/u/keys?per_page=1001", nil, refusal{400, codeInvalidRequest})
	b.fails("GET", "/v2/users/u/keys?type=app_specific_key", nil, refusal{400, codeInvalidRequest})
}

func TestRename(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("old")
	b.app("taken")
	id := b.key("old")["id"].(string)
	b.fails("PATCH", "/v2/users/u/apps/ids", renaming("none", "x"), refusal{404, codeDoesNotExist})
	b.fails("PATCH", "/v2/users/u/apps/ids", renaming("old", "taken"), refusal{400, 40010})
	b.fails("PATCH", "/v2/users/u/apps/ids", renaming("old", "a b"), refusal{400, codeInvalidRequest})
	b.fails("PATCH", "/v2/users/u/apps/ids", object{"action": "merge", "ids": []any{}}, refusal{400, codeInvalidRequest})
	app := b.ok("PATCH", "/v2/users/u/apps/ids", renaming("old", "new")).list("apps")[0]
	if app["id"] != "new" || app["default_workflow"].(object)["app_id"] != "new" {
		t.Errorf("got %v", app)
	}
	apitest.Equal(t, ids(b.ok("GET", "/v2/users/u/apps/new/keys", nil).list("keys")), id, "keys")
	b.fails("GET", "/v2/users/u/apps/old", nil, refusal{404, codeDoesNotExist})
	b.app("old")
}
