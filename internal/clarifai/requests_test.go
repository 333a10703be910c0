package clarifai

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	var pat string
	c, j := serve(t, reply(200, okStatus+`,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`), func(cfg *Config) { pat, cfg.PAT = cfg.PAT, cfg.PAT+"\n" })
	if _, err := c.GetApp(t.Context(), "acme", "shop"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PatchApp(t.Context(), "acme", "shop", AppPatch{}); err != nil {
		t.Fatal(err)
	}
	for i, r := range j.all() {
		for name, want := range map[string]string{
			"Authorization":                "Key " + pat,
			"User-Agent":                   "terraform-provider-clarifai/1.2.3",
			"X-Clarifai-Request-Id-Prefix": "terraform-provider-clarifai-1.2.3",
			"Accept":                       "application/json",
			"Content-Type":                 []string{"", "application/json"}[i],
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", r.verb, r.path, name, strings.ReplaceAll(got, pat, "PAT"))
			}
		}
	}
}

// What is sent is compared as text: a wrong name or a stray field must show.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	key := Key{Value: Secret(newSecret()), UserID: "acme", AppID: "shop", Description: "new words", Scopes: []string{"Inputs_Get"},
		ExpiresAt: Time{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}}
	tests := map[string]struct {
		do                 func(*Client) error
		answer             string
		verb, path, expect string
	}{
		"PostApps": {
			do: func(c *Client) error {
				_, e := c.postApp(t.Context(), "acme", App{
					ID: "shop", Name: new("Shop"), Description: new("<d>"), SampleMS: new(int64(500)), IsTemplate: new(false),
					DefaultWorkflow: &WorkflowRef{ID: "Universal", AppID: "main", UserID: "clarifai"},
					Metadata:        json.RawMessage(`{"a":[1]}`), Visibility: &Visibility{Private},
				})
				return orNil(e)
			},
			answer: `,"apps":[{"id":"shop"}]}`, verb: "POST", path: "/v2/users/acme/apps",
			expect: `{"apps":[{"id":"shop","name":"Shop","default_workflow":{"id":"Universal","app_id":"main","user_id":"clarifai"},` +
				`"metadata":{"a":[1]},"description":"\u003cd\u003e","sample_ms":500,"visibility":{"gettable":"PRIVATE"},"is_template":false}]}`,
		},
		"PatchApp": {
			do: func(c *Client) error {
				_, err := c.PatchApp(t.Context(), "acme", "shop", AppPatch{App: App{Description: new(""), DefaultLanguage: new("fr")}})
				return err
			},
			answer: `,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`, verb: "PATCH", path: "/v2/users/acme/apps/shop",
			expect: `{"app":{"id":"shop","default_language":"fr","description":""},"action":"overwrite"}`,
		},
		"PatchApp with metadata and reindex": {
			do: func(c *Client) error {
				_, err := c.PatchApp(t.Context(), "acme", "shop", AppPatch{App: App{Metadata: json.RawMessage(`{}`)}, Reindex: true})
				return err
			},
			answer: `,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`, verb: "PATCH", path: "/v2/users/acme/apps/shop",
			expect: `{"app":{"id":"shop","metadata":{}},"action":"overwrite","metadata_action":{"op":"overwrite"},"reindex":true}`,
		},
		"PatchAppsIds": {
			do:     func(c *Client) error { _, err := c.RenameApp(t.Context(), "acme", "shop", "store"); return err },
			answer: `,"apps":[{"id":"store","created_at":"2026-01-01T00:00:00Z"}]}`, verb: "PATCH", path: "/v2/users/acme/apps/ids",
			expect: `{"ids":[{"id":"shop","new_id":"store"}],"action":"overwrite"}`,
		},
		"PostKeys": {
			do: func(c *Client) error {
				_, e := c.postKey(t.Context(), NewKey{UserID: "acme", AppID: "shop", Description: "d", Scopes: []string{"All"}, Endpoints: []string{"/clarifai.api.V2/GetApp"}})
				return orNil(e)
			},
			answer: `,"keys":[{"id":"k"}]}`, verb: "POST", path: "/v2/users/acme/keys",
			expect: `{"keys":[{"description":"d","scopes":["All"],"endpoints":["/clarifai.api.V2/GetApp"],"apps":[{"id":"shop","user_id":"acme"}]}]}`,
		},
		"PostKeys bare": {
			do: func(c *Client) error {
				_, e := c.postKey(t.Context(), NewKey{UserID: "acme", AppID: "shop", Scopes: []string{"All"}})
				return orNil(e)
			},
			answer: `,"keys":[{"id":"k"}]}`, verb: "POST", path: "/v2/users/acme/keys",
			expect: `{"keys":[{"scopes":["All"],"apps":[{"id":"shop","user_id":"acme"}]}]}`,
		},
		"PatchKeys": {
			do:     func(c *Client) error { _, err := c.PatchKey(t.Context(), key); return err },
			answer: `,"keys":[{"id":"` + key.Value.Reveal() + `","created_at":"2026-01-01T00:00:00Z"}]}`, verb: "PATCH", path: "/v2/users/acme/keys",
			expect: `{"keys":[{"id":"` + key.Value.Reveal() + `","description":"new words","scopes":["Inputs_Get"],"expires_at":"2030-01-02T03:04:05Z"}],"action":"overwrite"}`,
		},
		"DeleteKey": {
			do:   func(c *Client) error { return c.DeleteKey(t.Context(), "acme", key.Value) },
			verb: "DELETE", path: "/v2/users/acme/keys/" + key.Value.Reveal(), answer: "}",
		},
		"DeleteApp": {
			do:   func(c *Client) error { return c.DeleteApp(t.Context(), "acme", "shop") },
			verb: "DELETE", path: "/v2/users/acme/apps/shop", answer: "}",
		},
		"MyScopes": {
			do: func(c *Client) error {
				scopes, endpoints, err := c.MyScopes(t.Context(), "acme")
				if strings.Join(scopes, "")+strings.Join(endpoints, "") != "All/e" {
					t.Error(scopes, endpoints)
				}
				return err
			},
			verb: "GET", path: "/v2/users/acme/myscopes", answer: `,"scopes":["All"],"endpoints":["/e"]}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, j := serve(t, reply(200, okStatus+tt.answer))
			if err := tt.do(c); err != nil {
				t.Fatal(err)
			}
			got := j.all()
			if len(got) != 1 || got[0].verb != tt.verb || got[0].path != tt.path || got[0].body != tt.expect || got[0].query != "" {
				t.Errorf("sent %+v", got)
			}
		})
	}
}

func orNil(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

func TestListingsAskForFullPagesInAStableOrder(t *testing.T) {
	t.Parallel()
	c, j := serve(t, reply(200, okStatus+`,"apps":[],"keys":[]}`))
	_, err1 := c.ListApps(t.Context(), "acme", "")
	_, err2 := c.ListApps(t.Context(), "acme", "a&b")
	_, err3 := c.ListKeys(t.Context(), "acme")
	_, err4 := c.ListAppKeys(t.Context(), "acme", "shop")
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{
		"/v2/users/acme/apps?page=1&per_page=1000&sort_ascending=true&sort_by_id=true",
		"/v2/users/acme/apps?page=1&per_page=1000&search=a%26b&sort_ascending=true&sort_by_id=true",
		"/v2/users/acme/keys?page=1&per_page=1000",
		"/v2/users/acme/apps/shop/keys?page=1&per_page=1000",
	} {
		if r := j.all()[i]; r.path+"?"+r.query != want {
			t.Errorf("asked %s?%s", r.path, r.query)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		})
		for _, err := range []error{
			second(c.GetApp(t.Context(), "acme", "shop")),
			second(c.CreateKey(t.Context(), NewKey{UserID: "acme", AppID: "shop"})),
			c.DeleteKey(t.Context(), "acme", Secret(newSecret())),
		} {
			if err == nil || !strings.Contains(err.Error(), "is a redirect, which is not followed") {
				t.Errorf("%d: %v", status, err)
			}
		}
		if n := len(j.all()); n != 3 {
			t.Errorf("%d: %d requests", status, n)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func second[T any](_ T, err error) error { return err }

func TestMovedTellsTheNewID(t *testing.T) {
	t.Parallel()
	const moved = `{"status":{"code":10050,"description":"Resource moved"`
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		newID  string
	}{
		"in the status": {reply(307, moved+`,"redirect_info":{"old_resource_id":"shop","new_resource_id":"store"}}}`), "store"},
		"in the header": {reply(307, moved+`}}`, "Location", "/v2/users/acme/apps/a%2Fb"), "a/b"},
		"absolute":      {reply(307, moved+`}}`, "Location", "https://x/p/v2/users/acme/apps/store?q=1"), "store"},
		"to itself":     {reply(307, moved+`}}`, "Location", "/v2/users/acme/apps/shop"), ""},
		"to no app":     {reply(307, moved+`}}`, "Location", "/v2/users/acme/apps"), ""},
		"nowhere":       {reply(307, moved+`}}`), ""},
	} {
		c, _ := serve(t, tt.answer)
		_, err := c.GetApp(t.Context(), "acme", "shop")
		if id, is := IsMoved(err); !is || id != tt.newID {
			t.Errorf("%s: %q, %t, %v", name, id, is, err)
		}
	}
}

func TestWhoseAccount(t *testing.T) {
	t.Parallel()
	for _, configured := range []string{"", "me"} {
		c, j := serve(t, reply(200, okStatus+`,"user":{"id":"alice","first_name":"A"}}`), func(cfg *Config) { cfg.UserID = configured })
		for range 3 {
			if id, err := c.UserID(t.Context()); err != nil || id != "alice" {
				t.Errorf("%q, %v", id, err)
			}
		}
		if n := j.count("GET", "/v2/users/me"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	}
	c, j := serve(t, reply(401, `{"status":{"code":11009,"description":"API key not found"}}`), func(cfg *Config) { cfg.UserID = "" })
	if _, err := c.UserID(t.Context()); !IsUnauthorized(err) || !strings.Contains(err.Error(), "set user_id") {
		t.Error(err)
	}
	if n := len(j.all()); n != 1 {
		t.Errorf("%d requests", n)
	}
	c, j = serve(t, cut)
	if id, err := c.UserID(t.Context()); err != nil || id != "acme" || len(j.all()) != 0 {
		t.Errorf("%q, %v", id, err)
	}
}

func TestPagesAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	type row struct{ id int }
	rows := func(from, to int) (list []row) {
		for ; from < to; from++ {
			list = append(list, row{from})
		}
		return list
	}
	for name, tt := range map[string]struct {
		page     func(page int) []row
		requests int
		total    int
	}{
		"nothing":         {func(int) []row { return nil }, 1, 0},
		"one short page":  {func(int) []row { return rows(0, 999) }, 1, 999},
		"exactly 1000":    {func(p int) []row { return rows((p-1)*1000, min(p*1000, 1000)) }, 2, 1000},
		"exactly 3000":    {func(p int) []row { return rows((p-1)*1000, min(p*1000, 3000)) }, 4, 3000},
		"2001":            {func(p int) []row { return rows((p-1)*1000, min(p*1000, 2001)) }, 3, 2001},
		"ignores page":    {func(int) []row { return rows(0, 1000) }, 2, 1000},
		"shifts by three": {func(p int) []row { return rows(max((p-1)*1000-3*(p-1), 0), min(p*1000-3*(p-1), 2500)) }, 3, 2500},
	} {
		seen := map[int]bool{}
		requests := 0
		err := pages(t.Context(), url.Values{"a": {"b"}}, false, func(_ context.Context, q url.Values) ([]row, error) {
			requests++
			if q.Get("a") != "b" || q.Get("per_page") != "1000" {
				t.Errorf("%s: %s", name, q.Encode())
			}
			return tt.page(requests), nil
		}, func(page []row) (fresh int) {
			for _, r := range page {
				if !seen[r.id] {
					seen[r.id] = true
					fresh++
				}
			}
			return fresh
		})
		if err != nil || requests != tt.requests || len(seen) != tt.total {
			t.Errorf("%s: %d rows in %d requests, %v", name, len(seen), requests, err)
		}
	}
}
