package inventory

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Creating keys in many apps that already hold some takes one listing.
func TestKeysOfManyAppsTakeOneListing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(40)
		s := newWorld(names...)
		for _, app := range names {
			s.add(app, "d", wanted.Scopes...)
		}
		inv, j := s.inBubble(t)
		together(t, names, func(app string) error { return apitest.Err(inv.CreateKey(t.Context(), wantedIn(app))) })
		if n := len(j.All()); n != 42 || j.Count("GET", "/acme/keys") != 2 || len(s.live()) != 80 {
			t.Errorf("%d requests, %d keys", n, len(s.live()))
		}
	})
}

// The answer to one of several creates is lost. Its app already held a key with
// the same words, which the account's listing may not show.
func TestUnlistedKeysAreNotAdopted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		age      time.Duration // of the existing key; negative: not shown
		listed   bool          // the account's listing shows the existing key
		hides    bool          // it does not show the new key
		frozen   bool          // the server dates all new keys 2000
		timeless bool          // answers have no Date
		lose     http.HandlerFunc
		done     bool // the lost request was carried out
		posts    int  // in this app
		says     string
	}{
		"listed, done":                {age: time.Hour, listed: true, lose: apitest.Cut, done: true, posts: 1},
		"listed, not done":            {age: time.Hour, listed: true, lose: apitest.Cut, posts: 2},
		"old, done":                   {age: time.Hour, lose: apitest.Cut, done: true, posts: 1},
		"old, not done":               {age: time.Hour, lose: apitest.Cut, posts: 2},
		"old, done, and hidden too":   {age: time.Hour, hides: true, lose: apitest.Reply(502, apitest.HTMLPage), done: true, posts: 1},
		"no times, done":              {age: -1, listed: true, timeless: true, lose: apitest.Cut, done: true, posts: 1},
		"frozen clock, done":          {age: time.Hour, listed: true, frozen: true, lose: apitest.Cut, done: true, posts: 1},
		"young":                       {age: time.Second, lose: apitest.Cut, posts: 1, says: "a key that matches it"},
		"young, done":                 {age: time.Second, lose: apitest.Cut, done: true, posts: 1, says: "2 keys that were not there before match it"},
		"no times":                    {age: -1, timeless: true, lose: apitest.Cut, posts: 1, says: "a key that matches it"},
		"no time of the existing one": {age: -1, lose: apitest.Cut, posts: 1, says: "a key that matches it"},
	} {
		synctest.Test(t, func(t *testing.T) {
			names := appNames(4)
			var o emulator.Options
			if tt.frozen {
				o.Now = func() time.Time { return time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }
			}
			s := newWorldWith(o, names...)
			old := s.add("app-00", "d", wanted.Scopes...)
			must(s.EditKey(old.Reveal(), func(k *emulator.Key) { k.CreatedAt = time.Now().Add(-tt.age) }))
			known := len(names)
			s.listed = func(path string, k map[string]any) bool {
				if tt.timeless || k["id"] == old.Reveal() && tt.age < 0 {
					delete(k, "created_at")
				}
				isOld := k["id"] == old.Reveal()
				isNew := slices.IndexFunc(s.live(), func(l emulator.Key) bool { return l.ID == k["id"] }) >= known
				return path != "/v2/users/acme/keys" || !(isOld && !tt.listed || isNew && tt.hides)
			}
			h := http.Handler(http.HandlerFunc(s.handle))
			if !tt.timeless {
				h = dated(h)
			}
			inv, j := inBubble(t, h.ServeHTTP, s.authorize, func(cfg *setup) { cfg.inventory.GatherWindow = 100 * time.Millisecond })
			together(t, names[1:], func(app string) error { return apitest.Err(inv.CreateKey(t.Context(), wantedIn(app))) })
			s.faults = []fault{before(tt.lose)}
			if tt.done {
				s.faults = []fault{after(tt.lose)}
			}
			made, err := inv.CreateKey(t.Context(), wantedIn("app-00"))
			apitest.Equal(t, j.Count("POST", "/keys")-3, tt.posts, "POSTs", name)
			if tt.says != "" {
				var a *AmbiguousError
				if !errors.As(err, &a) || !slices.Contains(a.Fingerprints, old.Fingerprint()) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%s: %v", name, err)
				}
				return
			}
			apitest.Must(t, err)
			live := s.live()
			if len(live) != 5 || made.Value == old || live[4].ID != made.Value.Reveal() || len(made.Surplus) != 0 {
				t.Errorf("%s: %d keys, made %s, surplus %v", name, len(live), made.ID(), made.Surplus)
			}
		})
	}
}

// A key that came twice means that another was passed over, so each app is asked
// what it holds.
func TestRepeatedItemsAskEachApp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(4)
		s := newWorldWith(emulator.Options{Switches: emulator.Switches{ShiftingPages: true, PageCap: 1}}, names...)
		s.add("app-00", "d", wanted.Scopes...)
		inv, j := s.inBubble(t)
		together(t, names, func(app string) error { return apitest.Err(inv.CreateKey(t.Context(), wantedIn(app))) })
		for _, app := range names[1:] {
			apitest.Equal(t, j.Count("GET", "/"+app+"/keys"), 1, "listings of", app)
		}
	})
}
