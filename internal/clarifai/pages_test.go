package clarifai

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// A key made while the account is listed moves the others on by one, so the
// last one of a page comes again.
func TestShiftingListingHoldsEachKeyOnce(t *testing.T) {
	t.Parallel()
	c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var keys []string
		for n := (page - 1) * 1000; n < min(page*1000, 2400); n++ {
			keys = append(keys, fmt.Sprintf(`{"id":"key%d","apps":[{"id":"shop","user_id":"acme"}]}`, n-(page-1)))
		}
		reply(200, okStatus+`,"keys":[`+strings.Join(keys, ",")+`]}`)(w, r)
	})
	keys, overlapped, err := c.readKeys(t.Context(), "ListKeys", "acme", "", accountKeys("acme"), false)
	if err != nil || len(keys) != 2398 || !overlapped {
		t.Errorf("%d keys, overlapping: %v, %v", len(keys), overlapped, err)
	}
	if n := len(j.all()); n != 3 {
		t.Errorf("%d requests", n)
	}
	seen := map[Secret]bool{}
	for _, k := range keys {
		if seen[k.Value] {
			t.Errorf("%s twice", k.Fingerprint)
		}
		seen[k.Value] = true
	}
}

// A server may serve pages of its own size whatever is asked for; then a page
// that is not as long as asked for is not the last.
func TestServersOwnPageSizeIsNoEnd(t *testing.T) {
	t.Parallel()
	for total, requests := range map[int]int{10: 1, 101: 1, 127: 1, 128: 2, 300: 3} {
		c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			var keys []string
			for n := (page - 1) * 128; n < min(page*128, total); n++ {
				keys = append(keys, fmt.Sprintf(`{"id":"key%d","apps":[{"id":"shop","user_id":"acme"}]}`, n))
			}
			reply(200, okStatus+`,"keys":[`+strings.Join(keys, ",")+`]}`)(w, r)
		})
		keys, err := c.ListAppKeys(t.Context(), "acme", "shop")
		if err != nil || len(keys) != total || len(j.all()) != requests {
			t.Errorf("%d of %d keys in %d requests, %v", len(keys), total, len(j.all()), err)
		}
	}
}

// TestNoKeyIsGoneBeforeTheEnd: whatever the size of the server's pages, a key is
// looked for until one is empty.
func TestNoKeyIsGoneBeforeTheEnd(t *testing.T) {
	t.Parallel()
	const total, size = 60, 7
	c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var keys []string
		for n := (page - 1) * size; n < min(page*size, total); n++ {
			keys = append(keys, fmt.Sprintf(`{"id":"key%d","apps":[{"id":"shop","user_id":"acme"}]}`, n))
		}
		reply(200, okStatus+`,"scopes":["All"],"keys":[`+strings.Join(keys, ",")+`]}`)(w, r)
	})
	for n := range total {
		if _, err := c.FindKey(t.Context(), "acme", "shop", Secret(fmt.Sprint("key", n)).Fingerprint()); err != nil {
			t.Fatalf("key %d: %v", n, err)
		}
	}
	if _, err := c.FindKey(t.Context(), "acme", "shop", "no such print"); !errors.Is(err, ErrGone) {
		t.Error(err)
	}
	if n := len(j.all()); n != 1+10+1 { // short, to the end, and the account
		t.Errorf("%d requests", n)
	}
}

func TestListingOfAppsStopsWhereThePageIsIgnored(t *testing.T) {
	t.Parallel()
	var apps []string
	for n := range 1000 {
		apps = append(apps, fmt.Sprintf(`{"id":"app%d","user_id":"acme"}`, n))
	}
	c, j := serve(t, reply(200, okStatus+`,"apps":[`+strings.Join(apps, ",")+`]}`))
	got, err := c.ListApps(t.Context(), "acme", "")
	if err != nil || len(got) != 1000 || len(j.all()) != 2 {
		t.Errorf("%d apps in %d requests, %v", len(got), len(j.all()), err)
	}
}

// A listing of keys holds personal access tokens as well; they are dropped.
func TestOnlyAppKeysAreKept(t *testing.T) {
	t.Parallel()
	pat := newSecret()
	body := okStatus + `,"keys":[
		{"id":"` + pat + `","type":"personal_access_token","scopes":["All"]},
		{"id":"bare"},
		{"id":"two","apps":[{"id":"a"},{"id":"b"}]},
		{"id":"","apps":[{"id":"a"}]},
		{"id":"noid","apps":[{}]},
		{"id":"old","type":"api_key","apps":[{"id":"a","user_id":"acme"}]},
		{"id":"new","type":"app_specific_key","apps":[{"id":"a"}],"authorized_idp_ids":["x"],"expires_at":"1970-01-01T00:00:00Z"}]}`
	c, _ := serve(t, reply(200, body))
	keys, err := c.ListKeys(t.Context(), "acme")
	if err != nil || len(keys) != 2 || keys[0].Value != "old" || keys[1].Value != "new" || keys[1].UserID != "acme" || !keys[1].ExpiresAt.IsZero() {
		t.Errorf("%+v, %v", keys, err)
	}
	// An app's own listing may leave out what is plain from the question.
	keys, err = c.ListAppKeys(t.Context(), "acme", "a")
	if err != nil || len(keys) != 3 || keys[0].Value != "bare" || keys[0].AppID != "a" {
		t.Errorf("%+v, %v", keys, err)
	}
	for _, k := range keys {
		if k.Value.Reveal() == pat {
			t.Error("a PAT is taken for an app's key")
		}
	}
}
