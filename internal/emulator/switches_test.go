package emulator

import (
	"cmp"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// That each value of each switch acts, TestProbe of acctest/live shows, which finds out the
// value in force. This file has what no question there asks.

func withSwitch(t *testing.T, name, value string) *fixture {
	t.Helper()
	var s Switches
	apitest.Must(t, s.Set(name, value))
	return newFixture(t, Options{Switches: s})
}

func TestVariants(t *testing.T) {
	t.Parallel()
	all := Variants()
	value := func(variant, name string) string {
		s, exists := all[variant]
		values, err := s.Values()
		if !exists || err != nil || len(values) != reflect.TypeFor[Switches]().NumField() {
			t.Errorf("%s: %v, %v", variant, values, err)
		}
		return values[name]
	}
	for _, sw := range settings {
		names := strings.Fields(sw.values)
		apitest.Equal(t, value("default", sw.name), names[0], sw.name)
		apitest.Equal(t, value("all-odd", sw.name), cmp.Or(sw.odd, names[0]), sw.name)
		for _, name := range names[1:] {
			if name != "..." {
				apitest.Equal(t, value(sw.name+"="+name, sw.name), name, sw.name)
			}
		}
	}
	var s Switches
	apitest.Must(t, s.Set("clear_strings", "honoured"))
	apitest.Equal(t, s, Switches{ClearStrings: "honored"}, "the spelling of earlier versions")
	apitest.Fails(t, s.Set("rename_lag", "-1s"), "any other duration from 0")
}

// TestRenamedApp sends requests with the old ID of an app.
func TestRenamedApp(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "rename_old", "moved")
	b.app("old")
	b.ok("PATCH", "/v2/users/me/apps/ids", renaming("old", "new"))
	moved := refusal{http.StatusTemporaryRedirect, codeMoved}
	g := b.fails("GET", "/v2/users/me/apps/old?additional_fields=counts", nil, moved)
	apitest.Equal(t, g.header.Get("Location"), "/v2/users/me/apps/new?additional_fields=counts", "Location")
	info := g.object("status")["redirect_info"].(object)
	apitest.Equal(t, [2]any{info["old_resource_id"], info["new_resource_id"]}, [2]any{"old", "new"}, "redirect_info")
	b.fails("GET", "/v2/users/me/apps/old/keys", nil, moved)
	b.app("old")
	b.ok("GET", "/v2/users/me/apps/old", nil)
}

func TestRenameLag(t *testing.T) {
	t.Parallel()
	c := apitest.NewClock()
	b := newFixture(t, Options{Switches: Switches{RenameLag: 3 * time.Second}, Now: c.Now})
	rename := func(from, to string) {
		t.Helper()
		b.ok("PATCH", "/v2/users/u/apps/ids", renaming(from, to))
	}
	shows := func(appKeys string, accountApps ...string) {
		t.Helper()
		apitest.Equal(t, ids(b.ok("GET", "/v2/users/u/apps/"+b.e.Apps("u")[0].ID+"/keys", nil).list("keys")), appKeys, "keys that the app lists")
		var apps []string
		for _, k := range b.ok("GET", "/v2/users/u/keys?per_page=1000", nil).list("keys")[1:] { // the first is the PAT
			apps = append(apps, k["apps"].([]any)[0].(object)["id"].(string))
		}
		apitest.Equal(t, apps, accountApps, "apps whose keys the account lists")
	}
	b.app("old")
	before := b.key("old")["id"].(string)
	rename("old", "new")
	shows("", "old")
	k := b.ok("GET", "/v2/users/u/keys/"+before, nil).object("key")
	apitest.Equal(t, k["apps"].([]any)[0].(object)["id"], "new", "GetKey")
	after := b.key("new")["id"].(string)
	c.Advance(3*time.Second - 1)
	shows(after, "old", "new")
	rename("new", "newer")
	shows("", "old", "new")
	c.Advance(3*time.Second - 1)
	shows("", "old", "new")
	c.Advance(1)
	shows(before+" "+after, "newer", "newer")
	rename("newer", "last")
	b.ok("DELETE", "/v2/users/u/keys/"+before, nil)
	shows("", "newer")
}

// TestSwitchDetails looks at an app, and a key of it that has endpoints.
func TestSwitchDetails(t *testing.T) {
	t.Parallel()
	var b *fixture
	var id string
	const listings = "/v2/users/u/apps"
	patched := func(change object) object {
		change["id"] = id
		return b.ok("PATCH", "/v2/users/u/keys", object{"action": "overwrite", "keys": []any{change}}).list("keys")[0]
	}
	emptied := func() any {
		k := patched(object{"description": "", "scopes": []any{}})
		return [2]any{k["description"], k["scopes"]}
	}
	keys := func(path string) string { return ids(b.ok("GET", "/v2/users/u/"+path, nil).list("keys")) }
	for setting, c := range map[string]struct {
		see  func() any
		want any
	}{
		"clear_strings=ignored":  {emptied, [2]any{"d", []any{"All"}}},
		"clear_strings=honored":  {emptied, [2]any{nil, nil}},
		"key_overwrite=by_field": {func() any { return len(patched(object{})["endpoints"].([]any)) }, 1},
		"key_overwrite=whole":    {func() any { return patched(object{})["endpoints"] }, nil},
		"enums=names":            {func() any { return b.do("GET", listings+"/none", nil).object("status")["code"] }, "CONN_DOES_NOT_EXIST"},
		"write_answers=bare": {func() any { return b.ok("PATCH", listings+"/a", patching(object{"notes": "n"})).object("app") },
			object{"id": "a", "user_id": "u"}},
		"default_key=true": {func() any { return b.e.Keys("u", "a")[0].Scopes }, []string{"All"}},
		"create_lag=1s":    {func() any { return keys("keys") }, ""}, // nor the PAT, which is as young
		"foreign_apps=public": {func() any {
			b.e.AddUser("other")
			apitest.Must(t, b.e.PutApp(App{ID: "public", UserID: "other", Visibility: visibilityPublic}))
			apitest.Must(t, b.e.PutApp(App{ID: "private", UserID: "other"}))
			for _, path := range []string{"apps/private", "apps/public/keys", "keys", "myscopes"} {
				b.fails("GET", "/v2/users/other/"+path, nil, refusal{404, codeDoesNotExist})
			}
			return ids(b.ok("GET", "/v2/users/other/apps", nil).list("apps"))
		}, "public"},
		"delete_lag=2": {func() any {
			b.ok("DELETE", listings+"/a", nil)
			b.fails("GET", listings+"/a", nil, refusal{404, codeDoesNotExist})
			seen := []string{strings.ReplaceAll(keys("keys"), b.pat, "PAT")}
			for range 2 {
				seen = append(seen, ids(b.ok("GET", listings, nil).list("apps")))
			}
			return append(seen, strings.ReplaceAll(keys("keys"), b.pat, "PAT"))
		}, []string{"PAT KEY", "a", "", "PAT"}},
	} {
		name, value, _ := strings.Cut(setting, "=")
		b = withSwitch(t, name, value)
		b.do("POST", listings, object{"apps": []any{object{"id": "a"}}}) // whose code may be a name
		body := keyBody("a", "All")
		body["keys"].([]any)[0].(object)["endpoints"] = []any{methodPrefix + "GetApp"}
		id = b.do("POST", "/v2/users/u/keys", body).list("keys")[0]["id"].(string)
		got := c.see()
		if seen, all := got.([]string); all {
			seen[0] = strings.ReplaceAll(seen[0], id, "KEY")
		}
		apitest.Equal(t, got, c.want, setting)
	}
}
