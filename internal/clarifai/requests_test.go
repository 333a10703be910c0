package clarifai

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	var pat string
	c, j := serve(t, apitest.Reply(200, apitest.OKStatus+`,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`), func(cfg *Config) { pat, cfg.PAT = cfg.PAT, cfg.PAT+"\n" })
	apitest.Must(t, apitest.Err(c.GetApp(t.Context(), "acme", "shop")))
	apitest.Must(t, apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{})))
	for i, r := range j.All() {
		for name, want := range map[string]string{
			"Authorization":                "Key " + pat,
			"User-Agent":                   "terraform-provider-clarifai/1.2.3",
			"X-Clarifai-Request-Id-Prefix": "terraform-provider-clarifai-1.2.3",
			"Accept":                       "application/json",
			"Content-Type":                 []string{"", "application/json"}[i],
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", r.Verb, r.Path, name, strings.ReplaceAll(got, pat, "PAT"))
			}
		}
	}
}

// The test compares what is sent as text, so that a wrong or surplus field shows.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	key := Key{Value: Secret(apitest.NewSecret()), UserID: "acme", AppID: "shop", Description: "new words", Scopes: []string{"Inputs_Get"},
		ExpiresAt: Time{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}}
	tests := map[string]struct {
		do                 func(*Client) error
		answer             string
		verb, path, expect string
	}{
		"PostApps": {
			do: func(c *Client) error {
				_, err := c.PostApp(t.Context(), "acme", App{
					ID: "shop", Name: new("Shop"), Description: new("<d>"), SampleMS: new(int64(500)), IsTemplate: new(false),
					DefaultWorkflow: &WorkflowRef{ID: "Universal", AppID: "main", UserID: "clarifai"},
					Metadata:        json.RawMessage(`{"a":[1]}`), Visibility: &Visibility{Private},
				})
				return err
			},
			answer: `,"apps":[{"id":"shop"}]}`, verb: "POST", path: "/v2/users/acme/apps",
			expect: `{"apps":[{"id":"shop","name":"Shop","default_workflow":{"id":"Universal","app_id":"main","user_id":"clarifai"},` +
				`"metadata":{"a":[1]},"description":"\u003cd\u003e","sample_ms":500,"visibility":{"gettable":"PRIVATE"},"is_template":false}]}`,
		},
		"PatchApp": {
			do: func(c *Client) error {
				return apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{App: App{Description: new(""), DefaultLanguage: new("fr")}}))
			},
			answer: `,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`, verb: "PATCH", path: "/v2/users/acme/apps/shop",
			expect: `{"action":"overwrite","app":{"id":"shop","default_language":"fr","description":""}}`,
		},
		"PatchApp with metadata and reindex": {
			do: func(c *Client) error {
				return apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{App: App{Metadata: json.RawMessage(`{}`)}, Reindex: true}))
			},
			answer: `,"app":{"id":"shop","created_at":"2026-01-01T00:00:00Z"}}`, verb: "PATCH", path: "/v2/users/acme/apps/shop",
			expect: `{"action":"overwrite","app":{"id":"shop","metadata":{}},"metadata_action":{"op":"overwrite"},"reindex":true}`,
		},
		"PatchAppsIds": {
			do:     func(c *Client) error { return apitest.Err(c.PatchAppID(t.Context(), "acme", "shop", "store")) },
			answer: `,"apps":[{"id":"store","created_at":"2026-01-01T00:00:00Z"}]}`, verb: "PATCH", path: "/v2/users/acme/apps/ids",
			expect: `{"action":"overwrite","ids":[{"id":"shop","new_id":"store"}]}`,
		},
		"PostKeys": {
			do: func(c *Client) error {
				return apitest.Err(c.PostKey(t.Context(), Key{UserID: "acme", AppID: "shop", Description: "d", Scopes: []string{"All"}, Endpoints: []string{"/clarifai.api.V2/GetApp"}, ExpiresAt: key.ExpiresAt}))
			},
			answer: `,"keys":[{"id":"k"}]}`, verb: "POST", path: "/v2/users/acme/keys",
			expect: `{"keys":[{"description":"d","scopes":["All"],"endpoints":["/clarifai.api.V2/GetApp"],"apps":[{"id":"shop","user_id":"acme"}],"expires_at":"2030-01-02T03:04:05Z"}]}`,
		},
		"PostKeys bare": {
			do: func(c *Client) error {
				return apitest.Err(c.PostKey(t.Context(), Key{UserID: "acme", AppID: "shop", Scopes: []string{"All"}}))
			},
			answer: `,"keys":[{"id":"k"}]}`, verb: "POST", path: "/v2/users/acme/keys",
			expect: `{"keys":[{"scopes":["All"],"apps":[{"id":"shop","user_id":"acme"}]}]}`,
		},
		"PatchKeys": {
			do:     func(c *Client) error { return apitest.Err(c.PatchKey(t.Context(), key)) },
			answer: `,"keys":[{"id":"` + key.Value.Reveal() + `","created_at":"2026-01-01T00:00:00Z"}]}`, verb: "PATCH", path: "/v2/users/acme/keys",
			expect: `{"action":"overwrite","keys":[{"id":"` + key.Value.Reveal() + `","description":"new words",` +
				`"scopes":["Inputs_Get"],"expires_at":"2030-01-02T03:04:05Z"}]}`,
		},
		"DeleteKey": {
			do:   func(c *Client) error { return c.DeleteKey(t.Context(), "acme", key.Value) },
			verb: "DELETE", path: "/v2/users/acme/keys/" + key.Value.Reveal(), answer: "}",
		},
		"DeleteApp": {
			do:   func(c *Client) error { return apitest.Err(c.DeleteApp(t.Context(), "acme", "shop")) },
			verb: "DELETE", path: "/v2/users/acme/apps/shop", answer: "}",
		},
		"MyScopes": {
			do: func(c *Client) error {
				scopes, endpoints, err := c.MyScopes(t.Context(), "acme")
				apitest.Equal(t, strings.Join(scopes, "")+strings.Join(endpoints, ""), "All/e", "scopes and endpoints")
				return err
			},
			verb: "GET", path: "/v2/users/acme/myscopes", answer: `,"scopes":["All"],"endpoints":["/e"]}`,
		},
	}
	for name, tt := range tests {
		c, j := serve(t, apitest.Reply(200, apitest.OKStatus+tt.answer))
		apitest.Must(t, tt.do(c))
		got := j.All()
		if len(got) != 1 || got[0].Verb != tt.verb || got[0].Path != tt.path || got[0].Body != tt.expect || got[0].Query != "" {
			t.Errorf("%s: sent %+v", name, got)
		}
	}
}

// Listings ask for full pages, in a stable order, and an app for its additional fields.
func TestQueries(t *testing.T) {
	t.Parallel()
	c, j := serve(t, apitest.Reply(200, apitest.OKStatus+`,"apps":[],"keys":[]}`))
	err1 := listErr(t, c.ListApps("acme", ""))
	err2 := listErr(t, c.ListApps("acme", "a&b"))
	err3 := listErr(t, c.ListKeys("acme"))
	err4 := listErr(t, c.ListAppKeys("acme", "shop"))
	_, _ = c.GetApp(t.Context(), "acme", "shop")
	_, _ = c.GetApp(t.Context(), "acme", "shop", "counts", "stars")
	apitest.Must(t, errors.Join(err1, err2, err3, err4))
	for i, want := range []string{
		"/v2/users/acme/apps?page=1&per_page=1000&sort_ascending=true&sort_by_id=true",
		"/v2/users/acme/apps?page=1&per_page=1000&search=a%26b&sort_ascending=true&sort_by_id=true",
		"/v2/users/acme/keys?page=1&per_page=1000",
		"/v2/users/acme/apps/shop/keys?page=1&per_page=1000",
		"/v2/users/acme/apps/shop?",
		"/v2/users/acme/apps/shop?additional_fields=counts&additional_fields=stars",
	} {
		apitest.Equal(t, j.All()[i].Path+"?"+j.All()[i].Query, want, "asked")
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
			apitest.Err(c.GetApp(t.Context(), "acme", "shop")),
			apitest.Err(c.PostKey(t.Context(), Key{UserID: "acme", AppID: "shop"})),
			apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{})),
			c.DeleteKey(t.Context(), "acme", Secret(apitest.NewSecret())),
		} {
			apitest.Fails(t, err, "is a redirect, which is not followed")
		}
		apitest.Equal(t, len(j.All()), 4, "requests", status)
	}
	apitest.Equal(t, visits.Load(), 0, "redirects followed")
}

func TestMovedTellsTheNewID(t *testing.T) {
	t.Parallel()
	const moved = `{"status":{"code":10050,"description":"Resource moved"`
	for name, tt := range map[string]struct {
		answer       http.HandlerFunc
		newID, owner string
	}{
		"in the status": {apitest.Reply(307, moved+`,"redirect_info":{"old_resource_id":"shop","new_resource_id":"store"}}}`), "store", ""},
		"in the header": {apitest.Reply(307, moved+`}}`, "Location", "/v2/users/acme/apps/a%2Fb"), "a/b", "acme"},
		"absolute":      {apitest.Reply(307, moved+`}}`, "Location", "https://x/p/v2/users/acme/apps/store?q=1"), "store", "acme"},
		"to itself":     {apitest.Reply(307, moved+`}}`, "Location", "/v2/users/acme/apps/shop"), "", ""},
		"to no app":     {apitest.Reply(307, moved+`}}`, "Location", "/v2/users/acme/apps"), "", ""},
		"nowhere":       {apitest.Reply(307, moved+`}}`), "", ""},
		"another code":  {apitest.Reply(307, `{"status":{"code":10020,"redirect_info":{"new_resource_id":"store"}}}`), "store", ""},
		"of nobody":     {apitest.Reply(307, moved+`}}`, "Location", "/apps/store"), "store", ""},
		"of no user":    {apitest.Reply(307, moved+`}}`, "Location", "/v2/apps/store"), "store", ""},
	} {
		c, _ := serve(t, tt.answer)
		_, err := c.GetApp(t.Context(), "acme", "shop")
		if id, is := IsMoved(err); !is || id != tt.newID || AsError(err).MovedOwner != tt.owner {
			t.Errorf("%s: %q, %t, %v", name, id, is, err)
		}
	}
}

func TestPagesAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	rows := func(from, to int) (list []int) {
		for ; from < to; from++ {
			list = append(list, from)
		}
		return list
	}
	for name, tt := range map[string]struct {
		page     func(page int) []int
		requests int
		total    int
		repeated bool
	}{
		"nothing":         {func(int) []int { return nil }, 1, 0, false},
		"one short page":  {func(p int) []int { return rows((p-1)*1000, min(p*1000, 999)) }, 2, 999, false},
		"exactly 1000":    {func(p int) []int { return rows((p-1)*1000, min(p*1000, 1000)) }, 2, 1000, false},
		"exactly 3000":    {func(p int) []int { return rows((p-1)*1000, min(p*1000, 3000)) }, 4, 3000, false},
		"2001":            {func(p int) []int { return rows((p-1)*1000, min(p*1000, 2001)) }, 4, 2001, false},
		"pages of two":    {func(p int) []int { return rows((p-1)*2, min(p*2, 7)) }, 5, 7, false},
		"ignores page":    {func(int) []int { return rows(0, 1000) }, 2, 1000, true},
		"shifts by three": {func(p int) []int { return rows(max((p-1)*1000-3*(p-1), 0), min(p*1000-3*(p-1), 2500)) }, 4, 2500, true},
	} {
		requests := 0
		var page []int
		pager := &Pager[int]{
			call: call{query: url.Values{"a": {"b"}}},
			send: func(_ context.Context, k call) error {
				requests++
				if k.query.Get("a") != "b" || k.query.Get("per_page") != "1000" || k.query.Get("page") != strconv.Itoa(requests) {
					t.Errorf("%s: %s", name, k.query.Encode())
				}
				page = tt.page(requests)
				return nil
			},
			items: func() (items []listed[int]) {
				for _, n := range page {
					items = append(items, listed[int]{id: strconv.Itoa(n), item: n, wanted: true})
				}
				return items
			},
			seen: map[string]struct{}{},
		}
		got, repeated, err := readAll(t, pager)
		if err != nil || requests != tt.requests || len(got) != tt.total || repeated != tt.repeated {
			t.Errorf("%s: %d rows in %d requests, repeated: %t, %v", name, len(got), requests, repeated, err)
		}
	}
}
