package clarifai

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// A listing of keys includes personal access tokens; they are dropped. A key of several
// apps is one of the app that is asked about.
func TestOnlyAppKeysAreKept(t *testing.T) {
	t.Parallel()
	pat := apitest.NewSecret()
	body := apitest.OKStatus + `,"keys":[
		{"id":"` + pat + `","type":"personal_access_token","scopes":["All"]},
		{"id":"bare"},
		{"id":"two","apps":[{"id":"a"},{"id":"b"}]},
		{"id":"","apps":[{"id":"a"}]},
		{"id":"noid","apps":[{}]},
		{"id":"old","type":"api_key","scopes":["All"],"apps":[{"id":"a","user_id":"acme"}]},
		{"id":"new","type":"app_specific_key","apps":[{"id":"a"}],"authorized_idp_ids":["x"],"expires_at":"1970-01-01T00:00:00Z"}]}`
	c, _ := serve(t, apitest.Reply(200, body))
	keys, _, err := readAll(t, c.ListKeys("acme"))
	if err != nil || len(keys) != 3 || keys[1].Value != "old" || len(keys[1].Scopes) != 1 || keys[2].Value != "new" || keys[2].UserID != "acme" || !keys[2].ExpiresAt.IsZero() {
		t.Errorf("%+v, %v", keys, err)
	}
	if two := keys[0]; two.Value != "two" || two.AppID != "a" || !slices.Equal(two.AlsoIn, []AppRef{{"acme", "b"}}) || keys[1].AlsoIn != nil {
		t.Errorf("%+v", two)
	}
	// An app's own listing may omit the app.
	keys, _, err = readAll(t, c.ListAppKeys("acme", "a"))
	if err != nil || len(keys) != 4 || keys[0].Value != "bare" || keys[0].AppID != "a" {
		t.Errorf("%+v, %v", keys, err)
	}
	if others, _, err := readAll(t, c.ListAppKeys("acme", "b")); err != nil || others[1].AppID != "b" || !slices.Equal(others[1].AlsoIn, []AppRef{{"acme", "a"}}) {
		t.Errorf("%+v, %v", others, err)
	}
	if mine, _, err := readAll(t, c.ListKeys("me")); err != nil || mine[1].UserID != "me" {
		t.Errorf("%+v, %v", mine, err)
	}
	for _, k := range keys {
		if k.Value.Reveal() == pat {
			t.Error("a PAT is taken for an app's key")
		}
	}
}

// A listing that never ends is given up.
func TestPager_endless(t *testing.T) {
	t.Parallel()
	pages := 0
	send := func(context.Context, call) error { pages++; return nil }
	p := &Pager[int]{send: send, seen: map[string]struct{}{}, items: func() []listed[int] { return []listed[int]{{strconv.Itoa(pages), pages, true}} }}
	for _, err := range p.Pages(t.Context()) {
		if err != nil && !strings.Contains(err.Error(), "has not ended after 20000 pages") {
			t.Error(err)
		}
		if pages > 20_000 {
			t.Fatal("it is read on and on")
		}
	}
	if p.Done() {
		t.Error("it counts as read to its end")
	}
}

// A listing whose items repeat is read until a reading brings nothing new, but not
// for ever.
func TestReadUntilStable(t *testing.T) {
	t.Parallel()
	page := func(ids ...string) string {
		var keys []string
		for _, id := range ids {
			keys = append(keys, `{"id":"`+id+`","apps":[{"id":"shop","user_id":"acme"}]}`)
		}
		return strings.Join(keys, ",")
	}
	for name, tt := range map[string]struct {
		readings           []http.HandlerFunc
		requests, distinct int
	}{
		"no repetition":          {[]http.HandlerFunc{apitest.Pages("keys", page("a", "b"), page("c"))}, 3, 3},
		"repeated, nothing new":  {[]http.HandlerFunc{apitest.Pages("keys", page("a", "b"), page("b", "c"))}, 6, 3},
		"repeated, more to come": {[]http.HandlerFunc{apitest.Pages("keys", page("a"), page("a", "b")), apitest.Pages("keys", page("a"), page("a", "c")), apitest.Pages("keys", page("a", "b"), page("c"))}, 9, 3},
	} {
		var reading int
		c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "1" {
				reading++
			}
			tt.readings[min(reading, len(tt.readings))-1](w, r)
		})
		keys, err := readItems(t, c.ListKeys("acme"))
		if err != nil || len(keys) != tt.distinct || len(j.All()) != tt.requests {
			t.Errorf("%s: %d keys in %d requests, %v", name, len(keys), len(j.All()), err)
		}
	}
	var n int
	c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		apitest.Pages("keys", page("a"), page("a", fmt.Sprint("new", n)))(w, r)
	})
	if _, err := readItems(t, c.ListKeys("acme")); err != nil || len(j.All()) > 3*maxReadings {
		t.Errorf("%d requests, %v", len(j.All()), err)
	}
}
