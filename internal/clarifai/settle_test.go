package clarifai

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// late answers after a while; the work is done before or after it.
func late(wait time.Duration, workFirst bool) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		if workFirst {
			inner := w
			w = discard{}
			defer func() { reply(200, okOnly)(inner, r) }()
			work(w, r)
		}
		<-time.After(wait)
		if !workFirst {
			work(w, r)
		}
	}
}

func TestSlowPostsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault fault
		posts int
		most  time.Duration
	}{
		"done at once, answered after 3 s":   {late(3*time.Second, true), 1, 2 * time.Second},
		"done at once, answered after hours": {late(5*time.Hour, true), 1, 2 * time.Second},
		"done and answered after 3 s":        {late(3*time.Second, false), 1, 4 * time.Second},
		"done and answered after 50 s":       {late(50*time.Second, false), 1, 51 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStore("shop")
			s.faults = []fault{tt.fault}
			c, j := s.inBubble(t, func(cfg *Config) { cfg.RequestTimeout = time.Second })
			if err := c.account("acme").establish(t.Context(), "shop"); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			made, err := c.CreateKey(t.Context(), wanted)
			if took := time.Since(began); err != nil || took > tt.most {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
			if live := s.live(); len(live) != 1 || live[0].id != made.Value.Reveal() || j.count("POST", "/keys") != tt.posts {
				t.Errorf("%s: %d keys by %d POSTs", name, len(live), j.count("POST", "/keys"))
			}
			if k, err := c.CreateKey(t.Context(), wanted); err != nil || k.Value == made.Value || len(s.live()) != 2 {
				t.Errorf("%s: a second create: %d keys, %v", name, len(s.live()), err)
			}
			<-time.After(6 * time.Hour) // lets the handler end
		})
	}
}

// Without an answer for long, and nothing to be found, it is sent again.
func TestSilentPostIsRepeatedInTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		stop := make(chan struct{})
		s.faults = []fault{before(func(http.ResponseWriter, *http.Request) { <-stop })}
		c, j := s.inBubble(t, func(cfg *Config) { cfg.RequestTimeout = time.Second })
		began := time.Now()
		_, err := c.CreateKey(t.Context(), wanted)
		close(stop)
		if took := time.Since(began); err != nil || took < time.Minute || took > 2*time.Minute || len(s.live()) != 1 || j.count("POST", "/keys") != 2 {
			t.Errorf("after %s: %d keys, %v", took, len(s.live()), err)
		}
	})
}

// A second send is not taken for done because of what the first one made late:
// its own result would be an orphan.
func TestLateFirstDoesNotHideTheSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		s.faults = []fault{before(cut), func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			s.add("shop", "d", wanted.Scopes...) // what the first one made
			<-time.After(10 * time.Second)
			work(w, r)
		}}
		c, _ := s.inBubble(t, func(cfg *Config) { cfg.RequestTimeout = time.Second })
		made, err := c.CreateKey(t.Context(), wanted)
		live := s.live()
		if err != nil || len(live) != 2 || made.Value.Reveal() != live[1].id || len(made.Surplus) != 1 {
			t.Errorf("%d keys, surplus %v, %v", len(live), made.Surplus, err)
		}
	})
}

// A key that is stored, but not yet told to the create that asked for it, is
// not there to be adopted by another one whose words it happens to match.
func TestKeysUnderWayAreNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			work(w, r)
			<-time.After(10 * time.Second)
		}, before(cut)}
		c, _ := s.inBubble(t, func(cfg *Config) { cfg.SameScopes = func([]string, []string) bool { return true } })
		more := wanted
		more.Scopes = append(more.Scopes, "Apps:Get")
		made := make(chan MadeKey, 2)
		for _, n := range []NewKey{more, wanted} {
			go func() {
				k, err := c.CreateKey(t.Context(), n)
				if err != nil {
					t.Error(err)
				}
				made <- k
			}()
			<-time.After(5 * time.Second)
		}
		if a, b := <-made, <-made; a.Value == b.Value || len(s.live()) != 2 {
			t.Errorf("%s and %s, %d keys", a.Fingerprint, b.Fingerprint, len(s.live()))
		}
	})
}

// Cancelling does not stop what is carried out over there only after a while.
func TestCancelledPostIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		ctx, cancel := context.WithCancel(t.Context())
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			cancel()
			<-time.After(5 * time.Second)
			work(w, r)
		}}
		c, j := s.inBubble(t)
		made, err := c.CreateKey(ctx, wanted)
		if live := s.live(); err != nil || len(live) != 1 || live[0].id != made.Value.Reveal() || j.count("POST", "/keys") != 1 {
			t.Errorf("%d keys, %v", len(live), err)
		}
		<-time.After(time.Minute)
	})
}

// Lost, then throttled until patience ends: what was lost may be there by then.
func TestLastLookBeforeGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		var once sync.Once
		s.faults = []fault{before(cut)}
		for range 40 {
			s.faults = append(s.faults, before(func(w http.ResponseWriter, r *http.Request) {
				once.Do(func() { s.add("shop", "d", wanted.Scopes...) })
				reply(429, throttling, "Retry-After", "30")(w, r)
			}))
		}
		c, j := s.inBubble(t)
		made, err := c.CreateKey(t.Context(), wanted)
		if live := s.live(); err != nil || len(live) != 1 || live[0].id != made.Value.Reveal() {
			t.Errorf("%d keys by %d POSTs: %v", len(live), j.count("POST", "/keys"), err)
		}
	})
}

func TestPostWaitsForThrottlingLikeTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore("shop")
		for range 40 {
			s.faults = append(s.faults, before(reply(429, throttling, "Retry-After", "30")))
		}
		ctx, cancel := context.WithCancel(t.Context())
		c, _ := s.inBubble(t)
		time.AfterFunc(45*time.Second, cancel)
		began := time.Now()
		_, err := c.CreateKey(ctx, wanted)
		if took := time.Since(began); took != 45*time.Second || !hasCode(err, CodeThrottled) || IsUnsettled(err) {
			t.Errorf("after %s: %v", took, err)
		}
		_, err = c.CreateKey(t.Context(), wanted)
		if took := time.Since(began); took < 5*time.Minute || took > 7*time.Minute || !hasCode(err, CodeThrottled) {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

func TestNamedLocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newKeyedMutex()
		unlock, err := m.lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if free, err := m.lock(t.Context(), "b"); err != nil {
			t.Error(err)
		} else {
			free()
		}
		ctx, cancel := context.WithCancel(t.Context())
		refused := make(chan error, 1)
		go func() {
			_, err := m.lock(ctx, "a")
			refused <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-refused; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		unlock()
		again, err := m.lock(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		again()
		if len(m.locks) != 0 {
			t.Errorf("%d locks are kept", len(m.locks))
		}
	})
}

func TestCreateApp(t *testing.T) {
	t.Parallel()
	invalid := reply(400, `{"status":{"code":11102,"description":"Invalid request","details":"bad id"}}`)
	race := func(s *store, answer http.HandlerFunc) fault {
		return before(func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			s.apps["new"] = "acme"
			s.mu.Unlock()
			answer(w, r)
		})
	}
	for name, tt := range map[string]struct {
		faults func(*store) []fault
		posts  int
		want   string // part of the error
	}{
		"no fault":                   {posts: 1},
		"cut after":                  {func(*store) []fault { return []fault{after(cut)} }, 1, ""},
		"502 after":                  {func(*store) []fault { return []fault{after(reply(502, htmlPage))} }, 1, ""},
		"cut before":                 {func(*store) []fault { return []fault{before(cut)} }, 2, ""},
		"lost again and again":       {func(*store) []fault { return []fault{before(cut), before(reply(500, "")), after(cut)} }, 3, ""},
		"throttled":                  {func(*store) []fault { return []fault{before(reply(429, throttling))} }, 2, ""},
		"taken before":               {func(s *store) []fault { s.apps["new"] = "acme"; return nil }, 0, ErrAppExists.Error()},
		"renamed away before":        {func(s *store) []fault { s.moved["new"] = "elsewhere"; return nil }, 1, ""},
		"taken meanwhile, 40010":     {func(s *store) []fault { return []fault{race(s, s.makeApp)} }, 1, ErrAppExists.Error()},
		"taken meanwhile, 11102":     {func(s *store) []fault { return []fault{race(s, invalid)} }, 1, ErrAppExists.Error()},
		"refused":                    {func(*store) []fault { return []fault{before(invalid)} }, 1, "bad id"},
		"not known whether it is":    {func(s *store) []fault { s.refuse["/apps/new"] = 500; return nil }, 0, "98009"},
		"the PAT may not":            {func(s *store) []fault { s.refuse["/apps/new"] = 403; return nil }, 0, "11007"},
		"answer without the new app": {func(*store) []fault { return []fault{after(reply(200, okStatus+`,"apps":[]}`))} }, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore()
			if tt.faults != nil {
				s.faults = tt.faults(s)
			}
			c, j := s.serve(t, func(cfg *Config) { cfg.MaxRetries = 3 })
			app, err := c.CreateApp(t.Context(), "acme", App{ID: "new"})
			if tt.want == "" && (err != nil || app.ID != "new" || app.UserID != "acme" || s.apps["new"] != "acme") {
				t.Errorf("%+v, %v", app, err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Error(err)
			}
			if n := j.count("POST", "/apps"); n != tt.posts {
				t.Errorf("%d POSTs", n)
			}
		})
	}
}

func TestAppForAnotherOwnerIsTakenBack(t *testing.T) {
	t.Parallel()
	stray := reply(200, okStatus+`,"apps":[{"id":"new","user_id":"alice"}]}`)
	s := newStore()
	s.faults = []fault{before(stray)}
	c, j := s.serve(t)
	_, err := c.CreateApp(t.Context(), "acme", App{ID: "new"})
	var owner *OwnerError
	if !errors.As(err, &owner) || owner.Asked != "acme" || owner.Got != "alice" || owner.Left != nil {
		t.Fatal(err)
	}
	if j.count("DELETE", "/v2/users/alice/apps/new") != 1 || !strings.Contains(err.Error(), "deleted again") {
		t.Error(err)
	}

	c, _ = serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case "GET":
			reply(404, notFound)(w, r)
		case "POST":
			stray(w, r)
		default:
			reply(403, `{"status":{"code":11007,"description":"insufficient scopes"}}`)(w, r)
		}
	})
	_, err = c.CreateApp(t.Context(), "acme", App{ID: "new"})
	if !errors.As(err, &owner) || !IsInsufficientScopes(owner.Left) || !strings.Contains(err.Error(), "could not be deleted") {
		t.Error(err)
	}

	// me is whoever the answer names.
	c, j = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			reply(404, notFound)(w, r)
			return
		}
		stray(w, r)
	})
	if app, err := c.CreateApp(t.Context(), "me", App{ID: "new"}); err != nil || app.UserID != "alice" || j.count("DELETE", "") != 0 {
		t.Errorf("%+v, %v", app, err)
	}
}
