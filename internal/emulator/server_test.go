package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	for retryAfter, want := range map[string]string{"": "", "seconds": "1", "date": "Tue, 06 May 2031 07:08:11 GMT"} {
		c := newClock()
		b := newFixture(t, Options{RequestsPerSecond: 2, RetryAfter: retryAfter, Now: c.Now})
		b.ok("GET", "/v2/users/me", nil)
		b.ok("GET", "/v2/users/me", nil)
		g := b.fails("GET", "/v2/users/me/keys", nil, refusal{429, codeThrottled})
		if g.details() != "exceeded limit of 2 requests per second" || g.header.Get("Retry-After") != want {
			t.Errorf("%q: %s, Retry-After %q", retryAfter, g.raw, g.header.Get("Retry-After"))
		}
		c.now = c.now.Add(time.Second)
		b.ok("GET", "/v2/users/me", nil)
		if s := b.e.Stats(); s.Throttled != 1 || s.Requests != 4 {
			t.Errorf("stats: %+v", s)
		}
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := newFixture(t, Options{Now: c.Now})
	b.app("a")
	id := b.key("a")["id"].(string)
	b.do("GET", "/v2/users/u/keys/"+id+"?frob=1", nil)
	b.do("GET", "/v2/nowhere", nil)
	want := []Request{
		{"PostApps", "POST", "/v2/users/me/apps", 200, codeSuccess, c.now},
		{"PostKeys", "POST", "/v2/users/me/keys", 200, codeSuccess, c.now},
		{"GetKey", "GET", "/v2/users/u/keys/" + id + "?frob=1", 400, codeInvalidRequest, c.now},
		{"", "GET", "/v2/nowhere", 404, codeDoesNotExist, c.now},
	}
	equal(t, b.e.Requests(), want, "requests")
	if b.e.Count("") != 4 || b.e.Count("GetKey") != 1 || b.e.Count("DeleteKey") != 0 {
		t.Errorf("counts: %d, %d, %d", b.e.Count(""), b.e.Count("GetKey"), b.e.Count("DeleteKey"))
	}
	b.do("DELETE", "/v2/users/u/keys/"+id, nil)
	equal(t, b.e.Stats().KeysInURL, 1, "keys in URLs")
	if !slices.Contains(b.e.Secrets(), id) || !slices.Contains(b.e.Secrets(), b.pat) {
		t.Error("Secrets lacks a key or token")
	}
	b.e.Reset()
	if len(b.e.Requests()) != 0 || b.e.Count("") != 0 || b.e.Stats().KeysInURL != 0 {
		t.Error("reset did not clear the counters")
	}
}

func TestDirectEdits(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	check := func(what string, err error, ok bool) {
		t.Helper()
		equal(t, err == nil, ok, what, "succeeds")
	}
	none := NewSecret()
	check("PutApp", b.e.PutApp(App{ID: "a", UserID: "u", Description: "from outside"}), true)
	check("PutApp of an unknown user", b.e.PutApp(App{ID: "a", UserID: "nobody"}), false)
	check("PutKey", b.e.PutKey(Key{AppID: "a", UserID: "u", Scopes: []string{"All"}}), true)
	check("PutKey of an unknown app", b.e.PutKey(Key{AppID: "b", UserID: "u"}), false)
	id := b.e.Keys("u", "a")[0].ID
	check("PutKey again", b.e.PutKey(Key{ID: id, AppID: "a", UserID: "u", Description: "replaced"}), true)
	check("EditKey", b.e.EditKey(id, func(k *Key) { k.Scopes = []string{"Inputs:Get"} }), true)
	check("EditKey of an unknown one", b.e.EditKey(none, func(*Key) {}), false)
	check("EditApp", b.e.EditApp("u", "a", func(a *App) { a.Notes = "n"; a.ID = "stays" }), true)
	check("EditApp of an unknown one", b.e.EditApp("u", "b", func(*App) {}), false)
	check("SetCounts of an unknown one", b.e.SetCounts("u", "b", Counts{}), false)
	check("RenameApp", b.e.RenameApp("u", "a", "b"), true)
	check("RenameApp of an unknown one", b.e.RenameApp("u", "a", "c"), false)
	if k := b.e.Keys("u", "b"); len(k) != 1 || k[0].ID != id || k[0].Description != "replaced" || len(k[0].Scopes) != 1 {
		t.Errorf("keys: %d", len(k))
	}
	if a := b.e.Apps("u"); len(a) != 1 || a[0].ID != "b" || a[0].Description != "from outside" || a[0].Notes != "n" {
		t.Errorf("apps: %+v", a)
	}
	check("DeleteKey", b.e.DeleteKey(id), true)
	check("DeleteKey again", b.e.DeleteKey(id), false)
	check("DeleteApp", b.e.DeleteApp("u", "b"), true)
	check("DeleteApp again", b.e.DeleteApp("u", "b"), false)
	if err := b.e.DeleteKey(none); strings.Contains(err.Error(), none) {
		t.Error("the error contains the key")
	}
}

func TestControl(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{}).as("")
	control := func(verb, path, body string, want int) got {
		t.Helper()
		g := b.do(verb, "/_emulator/"+path, body)
		equal(t, g.http, want, "HTTP", verb, path, body, g.raw)
		return g
	}
	control("POST", "seed", `{"apps":3,"keys_per_app":4,"scopes":5}`, 200)
	control("POST", "seed", `{"apps":1,"keys_per_app":1}`, 200)
	control("PUT", "switches", `{"scope_names":"underscore"}`, 200)
	control("POST", "faults", `{"method":"GetUser","kind":"status","code":11005,"latency":"1ms"}`, 200)
	for _, c := range [][3]string{
		{"POST", "seed", `{"apps":-1}`}, {"POST", "seed", `{"frobs":1}`}, {"PUT", "switches", `{"scopes":"sideways"}`},
		{"POST", "faults", `{"kind":"sulk"}`}, {"POST", "faults", `{"kind":"latency","latency":"soon"}`},
		{"POST", "faults", `{"kind":"status_then_work","latency":"-1s"}`},
	} {
		if g := control(c[0], c[1], c[2], 400); g.body["error"] == "" {
			t.Errorf("%v: no error", c)
		}
	}
	caller := b.as(b.e.PAT())
	caller.fails("GET", "/v2/users/me", nil, refusal{429, codeThrottled})
	keys := caller.ok("GET", "/v2/users/me/apps/seed-00001/keys", nil).list("keys")
	if len(keys) != 5 || len(keys[0]["scopes"].([]any)) != 5 || strings.Contains(fmt.Sprint(keys[0]["scopes"]), ":") {
		t.Errorf("%d keys of %v", len(keys), keys[0]["scopes"])
	}
	var s Stats
	must(t, json.Unmarshal([]byte(control("GET", "stats", "", 200).raw), &s))
	want := Stats{Requests: 2, ByMethod: map[string]int{"GetUser": 1, "ListAppKeys": 1}, Throttled: 1, Apps: 3, Keys: 13}
	equal(t, s, want, "stats")
	control("POST", "reset", "", 200)
	equal(t, b.e.Count(""), 0, "requests after a reset")
	control("GET", "frob", "", 404)
}

func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{Switches: Switches{ListingOrder: "shuffle", DeleteLag: 1}})
	b.app("a")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				g, err := b.send("POST", "/v2/users/u/keys", keyBody("a", "All"))
				if err != nil || g.code() != codeSuccess {
					t.Errorf("%v, %s", err, g.raw)
					return
				}
				_, _ = b.send("GET", "/v2/users/u/keys", nil)
				b.e.Requests()
				_, _ = b.send("DELETE", "/v2/users/u/keys/"+g.list("keys")[0]["id"].(string), nil)
			}
		})
	}
	all.Wait()
	equal(t, b.e.LiveKeys(), 0, "living keys")
	equal(t, b.e.Count("PostKeys"), 80, "requests: PostKeys")
}
