package emulator

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func TestCreateLagSwitch(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := newFixture(t, Options{Switches: Switches{CreateLag: time.Second}, Now: c.Now})
	b.app("a")
	shows := func(path, noun string, want int) {
		t.Helper()
		equal(t, len(b.ok("GET", "/v2/users/u/"+path, nil).list(noun)), want, "listed", path)
	}
	b.fails("GET", "/v2/users/u/apps/a", nil, refusal{404, codeDoesNotExist})
	b.fails("GET", "/v2/users/u/apps/a/resource_counts", nil, refusal{404, codeDoesNotExist})
	b.fails("GET", "/v2/users/u/apps/a/keys", nil, refusal{404, codeDoesNotExist})
	shows("apps", "apps", 0)
	c.now = c.now.Add(time.Second)
	id := b.key("a")["id"].(string)
	shows("apps", "apps", 1)
	shows("apps/a/keys", "keys", 0)
	shows("keys", "keys", 1) // the PAT
	b.fails("GET", "/v2/users/u/keys/"+id, nil, refusal{404, codeDoesNotExist})
	b.ok("PATCH", "/v2/users/u/keys", object{"action": "overwrite", "keys": []any{object{"id": id, "description": "e"}}})
	c.now = c.now.Add(time.Second)
	shows("apps/a/keys", "keys", 1)
	shows("keys", "keys", 2)
}

func TestDeleteMissesSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "delete_misses", "1")
	b.app("a")
	id := b.key("a")["id"].(string)
	b.fails("DELETE", "/v2/users/u/keys/"+id, nil, refusal{404, codeDoesNotExist})
	b.ok("GET", "/v2/users/u/keys/"+id, nil)
	b.ok("DELETE", "/v2/users/u/keys/"+id, nil)
	b.fails("DELETE", "/v2/users/u/apps/a", nil, refusal{404, codeDoesNotExist})
	b.ok("GET", "/v2/users/u/apps/a", nil)
	b.ok("DELETE", "/v2/users/u/apps/a", nil)
	equal(t, b.e.LiveApps()+b.e.LiveKeys(), 0, "things left")
}

func TestForeignAppsSwitch(t *testing.T) {
	t.Parallel()
	b := withSwitch(t, "foreign_apps", "public")
	b.e.AddUser("other")
	for id, visibility := range map[string]int{"public": visibilityPublic, "private": visibilityPrivate} {
		must(t, b.e.PutApp(App{ID: id, UserID: "other", Visibility: visibility}))
	}
	equal(t, ids(b.ok("GET", "/v2/users/other/apps", nil).list("apps")), "public", "listed")
	b.ok("GET", "/v2/users/other/apps/public", nil)
	for _, path := range []string{"apps/private", "apps/public/keys", "keys", "myscopes"} {
		b.fails("GET", "/v2/users/other/"+path, nil, refusal{404, codeDoesNotExist})
	}
	b.fails("DELETE", "/v2/users/other/apps/public", nil, refusal{404, codeDoesNotExist})
	b.e.SetSwitches(Switches{})
	b.fails("GET", "/v2/users/other/apps", nil, refusal{404, codeDoesNotExist})
	b.e.SetSwitches(Switches{ForeignAccount: "refused"})
	b.fails("GET", "/v2/users/other/apps", nil, refusal{403, codeInsufficientScopes})
}

// TestRenameOldLeadsElsewhere covers old IDs that lead to what is not the renamed app.
func TestRenameOldLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][3]string{
		"moved":       {"/v2/users/u/apps/new", "u", "2031-05-06T07:08:09.123456Z"},
		"moved_owner": {"/v2/users/another-owner/apps/new", "another-owner", "2031-05-06T07:08:09.123456Z"},
		"moved_app":   {"/v2/users/u/apps/new", "u", "2031-05-06T08:08:09.123456Z"},
	} {
		b := withSwitch(t, "rename_old", value)
		b.app("old")
		must(t, b.e.RenameApp("u", "old", "new"))
		g := b.fails("GET", "/v2/users/u/apps/old", nil, refusal{http.StatusTemporaryRedirect, codeMoved})
		a := b.ok("GET", "/v2/users/u/apps/new", nil).body["app"].(object)
		equal(t, [3]string{g.header.Get("Location"), a["user_id"].(string), a["created_at"].(string)}, want, value)
	}
}

func TestExpirySwitches(t *testing.T) {
	t.Parallel()
	body := func() object {
		in := keyBody("a", "All")
		in["keys"].([]any)[0].(object)["expires_at"] = "2031-05-06T07:08:10Z"
		return in
	}
	for value, want := range map[string]any{"stored": "2031-05-06T07:08:10.000000Z", "ignored": nil} {
		b := withSwitch(t, "expires_at", value)
		b.app("a")
		k := b.ok("POST", "/v2/users/u/keys", body()).list("keys")[0]
		equal(t, k["expires_at"], want, value)
	}
	b := withSwitch(t, "expires_at", "refused")
	b.app("a")
	b.fails("POST", "/v2/users/u/keys", body(), refusal{400, codeInvalidRequest})
	b.key("a")

	for value, want := range map[string]struct {
		refusal
		listed int
	}{"refused": {refusal{401, codeKeyInvalid}, 1}, "unlisted": {refusal{401, codeKeyInvalid}, 0}, "served": {refusal{200, codeSuccess}, 1}} {
		c := newClock()
		b := newFixture(t, Options{Switches: Switches{ExpiredKeys: value}, Now: c.Now})
		b.app("a")
		key := b.as(b.ok("POST", "/v2/users/u/keys", body()).list("keys")[0]["id"].(string))
		key.ok("GET", "/v2/users/u/apps/a/myscopes", nil)
		c.now = c.now.Add(time.Second)
		key.fails("GET", "/v2/users/u/apps/a/myscopes", nil, want.refusal)
		equal(t, len(b.ok("GET", "/v2/users/u/apps/a/keys", nil).list("keys")), want.listed, "keys listed", value)
	}
}

// TestLateDeletion covers a DELETE whose work follows its answer, and one that finds
// nothing where something lives.
func TestLateDeletion(t *testing.T) {
	t.Parallel()
	wake := make(chan struct{})
	b := newFixture(t, Options{Sleep: func(context.Context, time.Duration) { <-wake }})
	b.app("a")
	id := b.key("a")["id"].(string)
	for _, path := range []string{"keys/" + id, "apps/a"} {
		b.e.Inject(Fault{Verb: "DELETE", Kind: "status_then_work", Latency: time.Second})
		b.fails("DELETE", "/v2/users/u/"+path, nil, refusal{504, codeInternal})
		b.e.Inject(Fault{Verb: "DELETE", Kind: "status", HTTPStatus: 404, Times: 2})
		for range 2 {
			b.fails("DELETE", "/v2/users/u/"+path, nil, refusal{404, codeDoesNotExist})
		}
	}
	equal(t, b.e.LiveApps(), 1, "living apps")
	equal(t, b.e.LiveKeys(), 1, "living keys")
	close(wake)
	b.e.WaitForLateWork()
	equal(t, b.e.LiveApps()+b.e.LiveKeys(), 0, "things left after the work")
}
