package emulator

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

func withSwitch(t *testing.T, name, value string) *fixture {
	t.Helper()
	var s Switches
	must(t, s.Set(name, value))
	return newFixture(t, Options{Switches: s, Now: newClock().Now})
}

func TestScopeSwitches(t *testing.T) {
	t.Parallel()
	sent := []string{"Models:Train", "Inputs:Add", "Models:Get"}
	for setting, want := range map[string][]any{
		"scopes=stored":          {"Models:Train", "Inputs:Add", "Models:Get"},
		"scopes=expanded":        {"Models:Train", "Inputs:Add", "Models:Get", "Inputs:Get"},
		"scope_names=underscore": {"Models_Train", "Inputs_Add", "Models_Get"},
		"scope_order=sorted":     {"Inputs:Add", "Models:Get", "Models:Train"},
		"scope_order=reversed":   {"Models:Get", "Inputs:Add", "Models:Train"},
	} {
		name, value, _ := strings.Cut(setting, "=")
		b := withSwitch(t, name, value)
		b.app("a")
		equal(t, b.key("a", sent...)["scopes"], want, setting)
	}
	b := withSwitch(t, "scopes", "refused")
	b.app("a")
	b.fails("POST", "/v2/users/u/keys", keyBody("a", sent...), refusal{400, codeInvalidRequest}, "Inputs:Get")
	b.key("a", append(sent, "Inputs:Get")...)
	b.key("a", append(sent, "All")...)
}

func TestClearStringsSwitch(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]any{"ignored": "d", "honored": nil, "honoured": nil} {
		b := withSwitch(t, "clear_strings", value)
		b.app("a", "description", "d")
		id := b.key("a", "All")["id"]
		k := b.ok("PATCH", "/v2/users/u/keys", object{"action": "overwrite",
			"keys": []any{object{"id": id, "description": "", "scopes": []any{}}}}).list("keys")[0]
		a := b.ok("PATCH", "/v2/users/u/apps/a", patching(object{"description": ""})).body["app"].(object)
		if k["description"] != want || a["description"] != want || (k["scopes"] == nil) != (want == nil) {
			t.Errorf("%s: key %v, app %v", value, k, a["description"])
		}
	}
}

func TestCodeSwitches(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "key_not_found", "11009")
	b.fails("GET", "/v2/users/u/keys/"+NewSecret(), nil, refusal{401, codeKeyNotFound})
	b.fails("DELETE", "/v2/users/u/keys/"+NewSecret(), nil, refusal{401, codeKeyNotFound})
	for _, code := range []int{40010, codeInvalidRequest, 40003} {
		b := withSwitch(t, "duplicate_app_code", fmt.Sprint(code))
		b.app("a")
		b.fails("POST", "/v2/users/u/apps", object{"apps": []any{object{"id": "a"}}}, refusal{400, code}, "already exists")
	}
}

func TestFormSwitches(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "enums", "names")
	g := b.do("POST", "/v2/users/u/apps", object{"apps": []any{object{"id": "a"}}})
	if g.body["status"].(object)["code"] != "SUCCESS" || !strings.Contains(g.raw, `"gettable":"PRIVATE"`) {
		t.Errorf("names: %s", g.raw)
	}
	equal(t, b.do("GET", "/v2/users/u/apps/b", nil).body["status"].(object)["code"], "CONN_DOES_NOT_EXIST", "name of the code")
	equal(t, withSwitch(t, "timestamps", "nano").app("a")["created_at"], "2031-05-06T07:08:09.123456789Z", "nano")
	if w := withSwitch(t, "default_workflow", "referenced").app("a")["default_workflow"].(object); w["app_id"] != "main" || w["user_id"] != "clarifai" {
		t.Errorf("referenced: %v", w)
	}
	for value, want := range map[string]any{"app_specific_key": "app_specific_key", "api_key": "api_key", "none": nil} {
		b := withSwitch(t, "echo_type", value)
		b.app("a")
		equal(t, b.key("a")["type"], want, "echo_type", value)
	}
	if g := withSwitch(t, "success_on_failure", "true").do("GET", "/v2/users/u/apps/b", nil); g.http != 200 || g.code() != codeDoesNotExist {
		t.Errorf("success_on_failure: HTTP %d, %s", g.http, g.raw)
	}
	b = withSwitch(t, "max_app_id_length", "32")
	b.app(strings.Repeat("x", 32))
	b.fails("POST", "/v2/users/u/apps", object{"apps": []any{object{"id": strings.Repeat("x", 33)}}}, refusal{400, codeInvalidRequest})
}

// TestKeySwitches covers the switches for default scopes and for what answers show of a key.
func TestKeySwitches(t *testing.T) {
	t.Parallel()
	create := func(name, value string) (*fixture, object) {
		b := withSwitch(t, name, value)
		b.app("a")
		in := object{"description": "d", "endpoints": []any{"/clarifai.api.V2/GetApp"}, "apps": []any{object{"id": "a", "user_id": "u"}}}
		return b, b.ok("POST", "/v2/users/u/keys", object{"keys": []any{in}}).list("keys")[0]
	}
	for value, want := range map[string]any{"none": nil, "all": []any{"All"}} {
		if _, k := create("default_scopes", value); !reflect.DeepEqual(k["scopes"], want) {
			t.Errorf("default_scopes %s: %v", value, k["scopes"])
		}
	}
	for value, want := range map[string]any{"shown": []any{"/clarifai.api.V2/GetApp"}, "hidden": nil} {
		b, k := create("key_endpoints", value)
		listed := b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")[0]
		if !reflect.DeepEqual(k["endpoints"], want) || !reflect.DeepEqual(listed["endpoints"], want) {
			t.Errorf("key_endpoints %s: %v, %v", value, k["endpoints"], listed["endpoints"])
		}
		equal(t, len(b.e.Keys("u", "a")[0].Endpoints), 1, "endpoints with key_endpoints", value)
	}
	for value, want := range map[string]int{"by_field": 1, "whole": 0} {
		b, k := create("key_overwrite", value)
		b.ok("PATCH", "/v2/users/u/keys", object{"action": "overwrite", "keys": []any{object{"id": k["id"], "description": "e"}}})
		if kept := b.e.Keys("u", "a")[0]; len(kept.Endpoints) != want || kept.Description != "e" {
			t.Errorf("key_overwrite %s: %d endpoints, %q", value, len(kept.Endpoints), kept.Description)
		}
	}
	refuses := withSwitch(t, "default_scopes", "refused")
	refuses.app("a")
	refuses.fails("POST", "/v2/users/u/keys", keyBody("a"), refusal{400, codeInvalidRequest})
	b, k := create("write_answers", "bare")
	if len(k) != 2 || k["id"] == nil || k["apps"] == nil {
		t.Errorf("bare: a key with %d fields", len(k))
	}
	equal(t, b.app("b", "description", "d"), object{"id": "b", "user_id": "u"}, "bare")
	if a := b.ok("PATCH", "/v2/users/u/apps/b", patching(object{"notes": "n"})).body["app"]; !reflect.DeepEqual(a, object{"id": "b", "user_id": "u"}) {
		t.Errorf("bare: %v", a)
	}
	if a := b.ok("GET", "/v2/users/u/apps/b", nil).body["app"].(object); a["description"] != "d" || a["notes"] != "n" {
		t.Errorf("the stored app is bare: %v", a)
	}
}

func TestDefaultKeySwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "default_key", "true")
	b.app("a")
	keys := b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")
	if len(keys) != 1 || keys[0]["description"] != "App-specific key" || !reflect.DeepEqual(keys[0]["scopes"], []any{"All"}) {
		t.Errorf("got %v", keys)
	}
}

func TestAppOwnerSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "app_owner", "caller")
	b.e.AddOrganization("org", "u")
	created := b.ok("POST", "/v2/users/org/apps", object{"apps": []any{object{"id": "a"}}}).list("apps")[0]
	if created["user_id"] != "u" || len(b.e.Apps("org")) != 0 {
		t.Errorf("got %v", created)
	}
}

func TestListingOrderSwitch(t *testing.T) {
	t.Parallel()
	orders := map[string]string{}
	b := newFixture(t, Options{})
	b.app("a")
	for range 12 {
		b.key("a")
	}
	for _, order := range []string{"created", "reverse", "shuffle"} {
		b.e.SetSwitches(Switches{ListingOrder: order})
		orders[order] = ids(b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys"))
		equal(t, ids(b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")), orders[order], "the order again", order)
	}
	if orders["created"] == orders["reverse"] || orders["created"] == orders["shuffle"] || len(orders["shuffle"]) != len(orders["created"]) {
		t.Errorf("two orders are the same")
	}
}

func TestRenameSwitches(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "rename_old", "moved")
	b.app("old")
	b.ok("PATCH", "/v2/users/me/apps/ids", renaming("old", "new"))
	g := b.fails("GET", "/v2/users/me/apps/old?additional_fields=counts", nil, refusal{http.StatusTemporaryRedirect, codeMoved})
	equal(t, g.header.Get("Location"), "/v2/users/me/apps/new?additional_fields=counts", "Location")
	info := g.body["status"].(object)["redirect_info"].(object)
	equal(t, info["old_resource_id"], "old", "old_resource_id")
	equal(t, info["new_resource_id"], "new", "new_resource_id")
	b.fails("GET", "/v2/users/me/apps/old/keys", nil, refusal{http.StatusTemporaryRedirect, codeMoved})
	b.app("old")
	b.ok("GET", "/v2/users/me/apps/old", nil)

	b = withSwitch(t, "rename_keys", "dropped")
	b.app("old")
	b.key("old")
	b.ok("PATCH", "/v2/users/me/apps/ids", renaming("old", "new"))
	equal(t, b.e.LiveKeys(), 0, "living keys")
	equal(t, b.e.LiveApps(), 1, "living apps")
}

func TestDeleteLagSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "delete_lag", "2")
	b.app("a")
	id := b.key("a")["id"].(string)
	b.ok("DELETE", "/v2/users/u/keys/"+id, nil)
	b.fails("GET", "/v2/users/u/keys/"+id, nil, refusal{404, codeDoesNotExist})
	for i, want := range []string{id, id, ""} {
		equal(t, ids(b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")), want, "listing", i)
	}
	b.ok("DELETE", "/v2/users/u/apps/a", nil)
	for i, want := range []string{"a", "a", ""} {
		equal(t, ids(b.ok("GET", "/v2/users/u/apps", nil).list("apps")), want, "listing", i)
	}
	equal(t, b.e.LiveApps(), 0, "living apps")
}

func TestShiftingPagesSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "shifting_pages", "true")
	b.app("a")
	times := map[string]int{}
	for range 6 {
		times[b.key("a")["id"].(string)] = 0
	}
	for _, page := range []string{"1", "2", "3"} {
		for _, k := range b.ok("GET", "/v2/users/u/apps/a/keys?per_page=2&page="+page, nil).list("keys") {
			times[k["id"].(string)]++
		}
	}
	var missed, repeated int
	for _, n := range times {
		if n == 0 {
			missed++
		} else if n > 1 {
			repeated++
		}
	}
	if missed == 0 || repeated == 0 || len(times) != 6 {
		t.Errorf("%d missed, %d returned twice, %d in total", missed, repeated, len(times))
	}
}

func TestAccountListingSwitch(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	for range 8 {
		b.key("a")
	}
	b.e.SetSwitches(Switches{AccountListing: "incomplete"})
	if n := len(b.ok("GET", "/v2/users/u/keys", nil).list("keys")); n != 8 { // 7 and the PAT
		t.Errorf("%d keys listed", n)
	}
	b.e.SetSwitches(Switches{AccountListing: "refused"})
	b.fails("GET", "/v2/users/u/keys", nil, refusal{403, codeInsufficientScopes})
	equal(t, len(b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")), 8, "keys of the app")
}

func TestVariants(t *testing.T) {
	t.Parallel()
	all := Variants()
	for _, name := range []string{"default", "all-odd", "scopes=refused", "default_key=true", "key_not_found=11009", "delete_lag=2",
		"rename_lag=3s", "my_scopes_user=ignored", "outside_models=refused", "outside_models=not_found", "page_cap=2", "page_cap=37"} {
		if _, ok := all[name]; !ok {
			t.Errorf("no variant %s", name)
		}
	}
	equal(t, len(settings), reflect.TypeFor[Switches]().NumField(), "settings")
	for name, s := range all {
		if _, err := s.normalize(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "default" && s == (Switches{}) {
			t.Errorf("%s equals the default", name)
		}
	}
	if s := mustNormalize(Switches{}); s.Scopes != "stored" || s.KeyNotFound != codeDoesNotExist || s.MaxAppIDLength != 48 {
		t.Errorf("defaults: %+v", s)
	}
}

func TestPageCapSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "page_cap", "2")
	var apps, keys []string
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		b.app(id)
		apps = append(apps, id)
		keys = append(keys, b.key("a")["id"].(string))
	}
	for path, want := range map[string][]string{
		"apps?sort_by_id=true&sort_ascending=true&": apps,
		"apps/a/keys?":               keys,
		"apps/a/keys?per_page=1000&": keys,
		"keys?":                      append([]string{b.pat}, keys...),
		"apps?sort_by_id=true&sort_ascending=true&per_page=3&": apps,
	} {
		noun := "keys"
		if strings.HasPrefix(path, "apps?") {
			noun = "apps"
		}
		for n, page := range []string{strings.Join(want[:2], " "), strings.Join(want[2:4], " "), strings.Join(want[4:], " "), ""} {
			equal(t, ids(b.ok("GET", fmt.Sprintf("/v2/users/u/%spage=%d", path, n+1), nil).list(noun)), page, "page", path, n+1)
		}
	}
	equal(t, ids(b.ok("GET", "/v2/users/u/apps/a/keys?per_page=1&page=2", nil).list("keys")), keys[1], "a page smaller than the cap")
	b.fails("GET", "/v2/users/u/apps?per_page=1001", nil, refusal{400, codeInvalidRequest})
}

func TestMyScopesUserSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "my_scopes_user", "ignored")
	b.e.AddUser("other")
	must(t, b.e.PutApp(App{ID: "a", UserID: "other"}))
	reader := b.as(b.e.AddPAT("u", "Apps:Get", "Keys:Get", "Workflows:Get"))
	for _, user := range []string{"me", "u", "other", "nobody"} {
		got := reader.ok("GET", "/v2/users/"+user+"/myscopes", nil).body["scopes"]
		equal(t, got, []any{"Apps:Get", "Keys:Get", "Workflows:Get"}, user)
	}
	for _, path := range []string{"other/apps", "other/keys", "other/apps/a", "other/apps/a/keys", "other/apps/a/myscopes", "nobody", "nobody/apps"} {
		reader.fails("GET", "/v2/users/"+path, nil, refusal{404, codeDoesNotExist})
	}
	b.app("mine")
	key := b.key("mine", "All")["id"].(string)
	b.as(key).fails("GET", "/v2/users/other/myscopes", nil, refusal{401, codeKeyInvalid})
}

func TestRenameLagSwitch(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := newFixture(t, Options{Switches: Switches{RenameLag: 3 * time.Second}, Now: c.Now})
	rename := func(from, to string) {
		t.Helper()
		b.ok("PATCH", "/v2/users/u/apps/ids", renaming(from, to))
	}
	shows := func(appKeys string, accountApps ...string) {
		t.Helper()
		equal(t, ids(b.ok("GET", "/v2/users/u/apps/"+b.e.Apps("u")[0].ID+"/keys", nil).list("keys")), appKeys, "keys that the app lists")
		var apps []string
		for _, k := range b.ok("GET", "/v2/users/u/keys?per_page=1000", nil).list("keys")[1:] { // the first is the PAT
			apps = append(apps, k["apps"].([]any)[0].(object)["id"].(string))
		}
		equal(t, apps, accountApps, "apps whose keys the account lists")
	}
	b.app("old")
	before := b.key("old")["id"].(string)
	rename("old", "new")
	shows("", "old")
	k := b.ok("GET", "/v2/users/u/keys/"+before, nil).body["key"].(object)
	equal(t, k["apps"].([]any)[0].(object)["id"], "new", "GetKey")
	after := b.key("new")["id"].(string)
	c.now = c.now.Add(3*time.Second - 1)
	shows(after, "old", "new")
	rename("new", "newer")
	shows("", "old", "new")
	c.now = c.now.Add(3*time.Second - 1)
	shows("", "old", "new")
	c.now = c.now.Add(1)
	shows(before+" "+after, "newer", "newer")
	rename("newer", "last")
	shows("", "newer", "newer")
	b.ok("DELETE", "/v2/users/u/keys/"+before, nil)
	shows("", "newer")
	b.e.SetSwitches(Switches{})
	c.now = c.now.Add(3 * time.Second)
	rename("last", "old")
	shows(after, "old")
	if err := (&Switches{}).Set("rename_lag", "-1s"); err == nil || !strings.Contains(err.Error(), "any other duration from 0") {
		t.Errorf("a negative lag: %v", err)
	}
}

func TestSwitchValues(t *testing.T) {
	t.Parallel()
	got, err := Switches{ScopeNames: "underscore", DeleteLag: 2, DefaultKey: true}.Values()
	must(t, err)
	equal(t, len(got), len(settings), "values")
	for _, sw := range settings {
		want := map[string]string{"scope_names": "underscore", "delete_lag": "2", "default_key": "true"}[sw.name]
		if want == "" {
			want, _, _ = strings.Cut(sw.values, " ")
		}
		equal(t, got[sw.name], want, sw.name)
	}
}
