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
