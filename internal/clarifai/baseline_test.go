package clarifai

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// dated tells the time in each answer, as servers do.
func dated(h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}
}

// alikeIn is a key to make for each app.
func alikeIn(app string) NewKey {
	n := wanted
	n.AppID = app
	return n
}

// TestKeysOfManyAppsTakeOneListing makes keys in apps that hold some already.
func TestKeysOfManyAppsTakeOneListing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(40)
		s := newStore(names...)
		for _, app := range names {
			s.add(app, "d", wanted.Scopes...)
		}
		c, j := s.inBubble(t)
		together(t, names, func(app string) error { return second(c.CreateKey(t.Context(), alikeIn(app))) })
		if n := len(j.all()); n != 41 || j.count("GET", "/acme/keys") != 1 || len(s.live()) != 80 {
			t.Errorf("%d requests, %d keys", n, len(s.live()))
		}
	})
}

// TestUnlistedKeysAreNotAdopted loses the answer to one of several creates. Its
// app held a key of the same words, which the account's listing may not show.
func TestUnlistedKeysAreNotAdopted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		age      time.Duration // of the key that was there; negative: it does not tell
		listed   bool          // the account's listing shows that key
		hides    bool          // it does not show the new one
		frozen   bool          // new keys are all said to be of the year 2000
		timeless bool          // answers have no Date
		lose     http.HandlerFunc
		done     bool // the lost one was carried out
		posts    int  // in this app
		says     string
	}{
		"listed, done":                   {age: time.Hour, listed: true, lose: cut, done: true, posts: 1},
		"listed, not done":               {age: time.Hour, listed: true, lose: cut, posts: 2},
		"old, done":                      {age: time.Hour, lose: cut, done: true, posts: 1},
		"old, not done":                  {age: time.Hour, lose: cut, posts: 2},
		"old, done, and hidden too":      {age: time.Hour, hides: true, lose: reply(502, htmlPage), done: true, posts: 1},
		"no times, done":                 {age: -1, listed: true, timeless: true, lose: cut, done: true, posts: 1},
		"frozen clock, done":             {age: time.Hour, listed: true, frozen: true, lose: cut, done: true, posts: 1},
		"young":                          {age: time.Second, lose: cut, posts: 1, says: "a key that matches it"},
		"young, done":                    {age: time.Second, lose: cut, done: true, posts: 1, says: "2 keys that were not there before match it"},
		"no times":                       {age: -1, timeless: true, lose: cut, posts: 1, says: "a key that matches it"},
		"no times of the one that there": {age: -1, lose: cut, posts: 1, says: "a key that matches it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				names := appNames(4)
				s := newStore(names...)
				old := s.add("app-00", "d", wanted.Scopes...)
				s.keys[0].unlisted = !tt.listed
				if tt.age >= 0 {
					s.keys[0].created = time.Now().Add(-tt.age)
				}
				s.now = time.Now
				if tt.frozen {
					s.now = func() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }
				} else if tt.timeless {
					s.now = nil
				}
				h := http.Handler(s.handler())
				if !tt.timeless {
					h = dated(h)
				}
				c, j := inBubble(t, h.ServeHTTP, func(cfg *Config) { cfg.GatherWindow = 100 * time.Millisecond })
				together(t, names[1:], func(app string) error { return second(c.CreateKey(t.Context(), alikeIn(app))) })
				s.hides = tt.hides
				s.faults = []fault{before(tt.lose)}
				if tt.done {
					s.faults = []fault{after(tt.lose)}
				}
				made, err := c.CreateKey(t.Context(), alikeIn("app-00"))
				if n := j.count("POST", "/keys") - 3; n != tt.posts {
					t.Errorf("%d POSTs", n)
				}
				if tt.says != "" {
					var a *AmbiguousError
					if !errors.As(err, &a) || !slices.Contains(a.Fingerprints, old.Fingerprint()) || !strings.Contains(err.Error(), tt.says) {
						t.Errorf("%v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				live := s.live()
				if len(live) != 5 || made.Value == old || live[4].id != made.Value.Reveal() || len(made.Surplus) != 0 {
					t.Errorf("%d keys, made %s, surplus %v", len(live), made.ID(), made.Surplus)
				}
			})
		})
	}
}

// TestOverlappingPagesAreNoBaseline: a key that came twice means that another
// was passed over, so each app is asked for what it holds.
func TestOverlappingPagesAreNoBaseline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		names := appNames(4)
		s := newStore(names...)
		s.add("app-00", "d", wanted.Scopes...)
		s.keys = slices.Repeat(s.keys, 2)
		c, j := s.inBubble(t)
		together(t, names, func(app string) error { return second(c.CreateKey(t.Context(), alikeIn(app))) })
		for _, app := range names[1:] {
			if n := j.count("GET", "/"+app+"/keys"); n != 1 {
				t.Errorf("%s was listed %d times", app, n)
			}
		}
	})
}
