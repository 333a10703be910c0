package emulator

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	for retryAfter, want := range map[string]string{"": "", "seconds": "1", "date": "Sun, 01 Mar 2026 12:00:02 GMT"} {
		c := fractional()
		b := newFixture(t, Options{RequestsPerSecond: 2, RetryAfter: retryAfter, Now: c.Now})
		b.ok("GET", "/v2/users/me", nil)
		b.ok("GET", "/v2/users/me", nil)
		g := b.fails("GET", "/v2/users/me/keys", nil, refusal{429, codeThrottled})
		if g.details() != "exceeded limit of 2 requests per second" || g.header.Get("Retry-After") != want {
			t.Errorf("%q: %s, Retry-After %q", retryAfter, g.raw, g.header.Get("Retry-After"))
		}
		c.Advance(time.Second)
		b.ok("GET", "/v2/users/me", nil)
		if s := b.e.Stats(); s.Throttled != 1 || s.Requests != 4 {
			t.Errorf("stats: %+v", s)
		}
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	c := apitest.NewClock()
	b := newFixture(t, Options{Now: c.Now})
	b.app("a")
	id := b.key("a")["id"].(string)
	b.do("GET", "/v2/users/u/keys/"+id+"?frob=1", nil)
	b.do("GET", "/v2/nowhere", nil)
	want := []Request{
		{"PostApps", "POST", "/v2/users/me/apps", 200, codeSuccess, c.Now()},
		{"PostKeys", "POST", "/v2/users/me/keys", 200, codeSuccess, c.Now()},
		{"GetKey", "GET", "/v2/users/u/keys/" + id + "?frob=1", 400, codeInvalidRequest, c.Now()},
		{"", "GET", "/v2/nowhere", 404, codeDoesNotExist, c.Now()},
	}
	apitest.Equal(t, b.e.Requests(), want, "requests")
	if b.e.Count("") != 4 || b.e.Count("GetKey") != 1 || b.e.Count("DeleteKey") != 0 {
		t.Errorf("counts: %d, %d, %d", b.e.Count(""), b.e.Count("GetKey"), b.e.Count("DeleteKey"))
	}
	b.do("DELETE", "/v2/users/u/keys/"+id, nil)
	apitest.Equal(t, b.e.Stats().KeysInURL, 1, "keys in URLs")
	if !slices.Contains(b.e.Secrets(), id) || !slices.Contains(b.e.Secrets(), b.pat) {
		t.Error("Secrets lacks a key or token")
	}
	b.e.Reset()
	if len(b.e.Requests()) != 0 || b.e.Count("") != 0 || b.e.Stats().KeysInURL != 0 {
		t.Error("reset did not clear the counters")
	}
}

// TestEditsOfNothing: a test that means something else than there is fails.
func TestEditsOfNothing(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a")
	b.app("b")
	none := NewSecret()
	for what, err := range map[string]error{
		"an app of nobody":   b.e.PutApp(App{ID: "c", UserID: "nobody"}),
		"a key of no app":    b.e.PutKey(Key{AppID: "c", UserID: "u"}),
		"a key to edit":      b.e.EditKey(none, func(*Key) {}),
		"a key to delete":    b.e.DeleteKey(none),
		"an app to edit":     b.e.EditApp("u", "c", func(*App) {}),
		"an app with counts": b.e.SetCounts("u", "c", Counts{}),
		"an app to rename":   b.e.RenameApp("u", "c", "d"),
		"an ID that is free": b.e.RenameApp("u", "a", "b"),
		"an app to delete":   b.e.DeleteApp("u", "c"),
	} {
		if err == nil || strings.Contains(err.Error(), none) {
			t.Errorf("%s: no error, or one with the key", what)
		}
	}
	apitest.Must(t, b.e.EditApp("u", "a", func(a *App) { a.ID = "c" }))
	apitest.Equal(t, ids(b.ok("GET", "/v2/users/u/apps?search=a", nil).list("apps")), "a", "the app after a change of its ID")
}

// TestControlRefuses: the rest shows with the commands of clarifai-emulator.
func TestControlRefuses(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{}).as("")
	for _, c := range [][3]string{
		{"POST", "seed", `{"frobs":1}`}, {"PUT", "switches", `{"scopes":"sideways"}`}, {"POST", "faults", `{"kind":"latency","latency":"soon"}`},
	} {
		if g := b.do(c[0], "/_emulator/"+c[1], c[2]); g.http != 400 || g.body["error"] == "" {
			t.Errorf("%v: HTTP %d: %s", c, g.http, g.raw)
		}
	}
	apitest.Equal(t, b.do("GET", "/_emulator/frob", nil).http, 404, "HTTP status")
}

// TestRefusedRequests sends what Clarifai's published messages or its documentation do not
// allow, as the owner of the app a. Nothing comes of it.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	b := newFixture(t, Options{})
	b.app("a", "metadata", object{"anything": object{"goes": 1}})
	b.app("taken")
	b.e.AddUser("other")
	key := b.key("a", "All")["id"].(string)
	const app, rename, invalid = "PATCH apps/a", "PATCH apps/ids", codeInvalidRequest
	of := func(id string) string { return `{"apps":[{"id":"` + id + `","user_id":"u"}]` }
	keys := func(list ...string) string { return `{"keys":[` + strings.Join(list, ",") + `]}` }
	patched := func(action, more string) string {
		return `{"action":"` + action + `","keys":[{"id":"` + key + `"` + more + `}]}`
	}
	renamed := func(from, to string) string { return apitest.JSON(renaming(from, to)) }
	newApp := func(id, more string) string { return `{"apps":[{"id":"` + id + `"` + more + `}]}` }
	for _, c := range []struct {
		request, body string
		http, code    int
		says          string
	}{
		{"PUT keys", "{}", 400, codeMethodNotAllowed, ""},
		{"GET frobs", "", 404, codeDoesNotExist, ""},
		{"GET ../../v3/users/u", "", 404, codeDoesNotExist, ""},
		{"GET apps?per_page=1001", "", 400, invalid, ""},
		{"GET apps?page=-1", "", 400, invalid, ""},
		{"GET apps?sort_ascending=true", "", 400, invalid, ""},
		{"GET apps?sort_by_id=false&sort_ascending=false", "", 400, invalid, ""},
		{"GET apps?sort_by_name=true", "", 400, invalid, ""},
		{"GET apps?frob=1", "", 400, invalid, ""},
		{"GET keys?per_page=1001", "", 400, invalid, ""},
		{"GET keys?type=app_specific_key", "", 400, invalid, "'type'"},
		{"GET apps/none/keys", "", 404, codeDoesNotExist, ""},

		{"POST apps", newApp("a b", ""), 400, invalid, ""},
		{"POST apps", newApp("a.b", ""), 400, invalid, ""},
		{"POST apps", newApp("ä", ""), 400, invalid, ""},
		{"POST apps", newApp(strings.Repeat("x", 49), ""), 400, invalid, ""},
		{"POST apps", newApp("z", `,"default_workflow_id":"Nonsense"`), 400, codeWorkflowNotFound, ""},
		{app, `{"action":"merge","app":{}}`, 400, invalid, ""},
		{app, `{"action":"overwrite","app":{},"metadata_action":{"op":"merge"}}`, 400, codeMetadataArguments, ""},
		{app, `{"action":"overwrite","app":{"notes":"` + strings.Repeat("n", maxNotes+1) + `"}}`, 400, invalid, ""},
		{app, `{"action":"overwrite","app":{"default_workflow_id":"mine"}}`, 400, codeWorkflowNotFound, ""},
		{"PATCH apps/none", `{"action":"overwrite","app":{}}`, 404, codeDoesNotExist, ""},
		{rename, renamed("none", "x"), 404, codeDoesNotExist, ""},
		{rename, renamed("a", "taken"), 400, 40010, "already exists"},
		{rename, renamed("a", "a b"), 400, invalid, ""},
		{rename, `{"action":"merge","ids":[]}`, 400, invalid, ""},

		{"POST keys", keys("{}"), 400, invalid, ""},
		{"POST keys", keys(of("a")+"}", "{}"), 400, invalid, ""}, // one invalid key fails the whole request
		{"POST keys", keys(`{"apps":[{"id":"a","user_id":"u"},{"id":"a","user_id":"u"}]}`), 400, invalid, ""},
		{"POST keys", keys(`{"apps":[{"id":"a"}]}`), 400, invalid, ""},
		{"POST keys", keys(of("none") + "}"), 404, codeDoesNotExist, ""},
		{"POST keys", keys(`{"apps":[{"id":"a","user_id":"other"}]}`), 404, codeDoesNotExist, ""},
		{"POST keys", keys(of("a") + `,"scopes":["Frobs:Get"]}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"endpoints":["GetKey"]}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"type":"door_key"}`), 400, invalid, ""},
		{"POST keys", keys(`{"type":"personal_access_token"}`), 400, invalid, ""},
		{"POST keys", keys(of("a") + `,"id":"` + NewSecret() + `"}`), 400, invalid, ""},
		{"PATCH keys", patched("merge", ""), 400, invalid, ""},
		{"PATCH keys", patched("overwrite", `,"apps":[{"id":"b"}]`), 400, invalid, ""},
		{"PATCH keys", strings.Replace(patched("overwrite", ""), key, NewSecret(), 1), 404, codeDoesNotExist, ""},

		{"POST keys", keys(`{"frob":1}`), 400, codeBadFormat, `unknown field "keys[0].frob"`},
		{"POST keys", `{"Keys":[]}`, 400, codeBadFormat, `unknown field "Keys"`},
		{"POST keys", keys(`{"apps":[{"id":"a","userId":""}]}`), 400, codeBadFormat, `unknown field "keys[0].apps[0].userId"`},
		{"POST keys", `{"keys":[]} {}`, 400, codeBadFormat, "more than one"},
		{"POST keys", `{"keys":`, 400, codeBadFormat, "unexpected EOF"},
		{"POST keys", `[]`, 400, codeBadFormat, "must be a JSON object"},
		{"POST keys", keys(`{"scopes":"All"}`), 400, codeBadFormat, "scopes"},
		{"POST keys", ``, 400, codeBadFormat, "EOF"},
	} {
		verb, path, _ := strings.Cut(c.request, " ")
		g := b.do(verb, strings.Replace("/v2/users/u/"+path, "/v2/users/u/../..", "", 1), c.body)
		if (refusal{g.http, g.code()}) != (refusal{c.http, c.code}) || !strings.Contains(g.details(), c.says) {
			t.Errorf("%s %.100s: HTTP %d: %s", c.request, c.body, g.http, g.raw)
		}
	}
	b.with("Content-Type", "text/plain").fails("POST", "/v2/users/u/keys", "{}", refusal{400, codeBadFormat})
	apitest.Equal(t, b.e.LiveKeys(), 1, "keys")
	apitest.Equal(t, b.e.LiveApps(), 2, "apps")
}
