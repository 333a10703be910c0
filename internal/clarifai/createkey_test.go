package clarifai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

var wanted = NewKey{UserID: "acme", AppID: "shop", Description: "d", Scopes: []string{"Inputs:Get", "Inputs:Add"}}

const halfKey = okStatus + `,"keys":[{"id":"abcdef`

// workTimes does the work so often, and answers with the last.
func workTimes(n int, answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		body, _ := io.ReadAll(r.Body)
		for i := range n {
			r.Body = io.NopCloser(bytes.NewReader(body))
			if i == n-1 && answer == nil {
				work(w, r)
				return
			}
			work(discard{}, r)
		}
		answer(w, r)
	}
}

func TestCreateKeyMakesExactlyOne(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []fault
		posts  int
	}{
		"no fault":                       {nil, 1},
		"cut after":                      {[]fault{after(cut)}, 1},
		"502 after":                      {[]fault{after(reply(502, htmlPage, "Content-Type", "text/html"))}, 1},
		"500 after":                      {[]fault{after(reply(500, `{"status":{"code":98009,"description":"timeout"}}`))}, 1},
		"truncated JSON after":           {[]fault{after(reply(200, halfKey))}, 1},
		"short body after":               {[]fault{after(short(halfKey))}, 1},
		"empty answer after":             {[]fault{after(reply(200, ""))}, 1},
		"no key in the answer":           {[]fault{after(reply(200, okStatus+`,"keys":[]}`))}, 1},
		"accepted":                       {[]fault{after(reply(202, `{"status":{"code":10070,"description":"Accepted"}}`))}, 1},
		"gateway timeout after":          {[]fault{after(reply(504, ""))}, 1},
		"try again after":                {[]fault{after(reply(200, `{"status":{"code":10030,"description":"Try the request again"}}`))}, 1},
		"cut before":                     {[]fault{before(cut)}, 2},
		"502 before":                     {[]fault{before(reply(502, htmlPage))}, 2},
		"truncated JSON before":          {[]fault{before(reply(200, halfKey))}, 2},
		"lost three times, then done":    {[]fault{before(cut), before(reply(502, htmlPage)), before(short("{"))}, 4},
		"lost three times, the last did": {[]fault{before(cut), before(reply(503, "")), after(cut)}, 3},
		"lost, then refused, yet done":   {[]fault{before(cut), after(reply(400, `{"status":{"code":11102,"description":"Invalid request"}}`))}, 2},
		"throttled":                      {[]fault{before(reply(429, throttling)), before(reply(200, throttling))}, 3},
		"lost, throttled":                {[]fault{before(cut), before(reply(429, throttling))}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore("shop")
			old := s.add("shop", "d", "Inputs:Add", "Inputs:Get") // alike, but there before
			s.faults = tt.faults
			c, j := s.serve(t)
			made, err := c.CreateKey(t.Context(), wanted)
			if err != nil {
				t.Fatal(err)
			}
			live := s.live()
			if len(live) != 2 || made.Value == old || live[1].id != made.Value.Reveal() || len(made.Surplus) != 0 {
				t.Errorf("%d keys, made %s, surplus %v", len(live), made.ID(), made.Surplus)
			}
			if made.AppID != "shop" || made.UserID != "acme" || made.Description != "d" {
				t.Errorf("%+v", made)
			}
			if n := j.count("POST", "/keys"); n != tt.posts {
				t.Errorf("%d POSTs", n)
			}
			if k, err := c.FindKey(t.Context(), "acme", "shop", made.Fingerprint); err != nil || k.Value != made.Value {
				t.Errorf("the key is not found afterwards: %v", err)
			}
		})
	}
}

func TestCreateKeyGivesUp(t *testing.T) {
	t.Parallel()
	invalid := reply(400, `{"status":{"code":11102,"description":"Invalid request","details":"unknown scope"}}`)
	for name, tt := range map[string]struct {
		faults []fault
		posts  int
		want   string
	}{
		"refused":            {[]fault{before(invalid)}, 1, "unknown scope"},
		"no scopes":          {[]fault{before(reply(403, `{"status":{"code":11007,"description":"insufficient"}}`))}, 1, "11007"},
		"lost, then refused": {[]fault{before(cut), before(invalid)}, 2, "unknown scope"},
		"always lost":        {[]fault{before(cut), before(cut), before(cut), before(cut)}, 3, "gave up after 3 attempts"},
		"redirected":         {[]fault{before(reply(307, "", "Location", "/"))}, 1, "is a redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore("shop")
			s.faults = tt.faults
			c, j := s.serve(t, func(cfg *Config) { cfg.MaxRetries = 2 })
			_, err := c.CreateKey(t.Context(), wanted)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Error(err)
			}
			if n := j.count("POST", "/keys"); n != tt.posts || len(s.live()) != 0 {
				t.Errorf("%d POSTs, %d keys", n, len(s.live()))
			}
		})
	}
}

// Alike creates at once, all with their answers lost: each has a key of its own.
func TestAlikeCreatesDoNotAdoptEachOthersKeys(t *testing.T) {
	t.Parallel()
	more := wanted
	more.Scopes = append(slices.Clone(wanted.Scopes), "Apps:Get")
	other := wanted
	other.Endpoints = []string{"/clarifai.api.V2/GetApp"}
	for name, news := range map[string][]NewKey{
		"the same":                 {wanted, wanted, wanted, wanted},
		"one a subset of another":  {wanted, more, wanted, more},
		"endpoints beside no such": {wanted, other, other, wanted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore("shop")
			s.faults = []fault{after(cut), before(cut), after(reply(502, htmlPage)), after(cut), before(cut), after(short(halfKey)), after(cut)}
			c, _ := s.serve(t, func(cfg *Config) {
				// As a server may: what was asked for, and what that depends on.
				cfg.SameScopes = func(want, got []string) bool {
					return !slices.ContainsFunc(want, func(s string) bool { return !slices.Contains(got, s) })
				}
			})
			var mu sync.Mutex
			made := map[Secret]bool{}
			var wg sync.WaitGroup
			for _, n := range news {
				wg.Go(func() {
					k, err := c.CreateKey(t.Context(), n)
					if err != nil || len(k.Surplus) != 0 || !slices.Equal(k.Scopes, n.Scopes) || len(k.Endpoints) != len(n.Endpoints) {
						t.Errorf("%+v, %v", k, err)
					}
					mu.Lock()
					made[k.Value] = true
					mu.Unlock()
				})
			}
			wg.Wait()
			if len(made) != len(news) || len(s.live()) != len(news) {
				t.Errorf("%d creates gave %d keys, of %d at the server", len(news), len(made), len(s.live()))
			}
		})
	}
}

func TestAmbiguousKeys(t *testing.T) {
	t.Parallel()
	s := newStore("shop")
	s.add("shop", "d", wanted.Scopes...)
	s.faults = []fault{workTimes(2, cut)}
	c, j := s.serve(t)
	_, err := c.CreateKey(t.Context(), wanted)
	var a *AmbiguousError
	if !errors.As(err, &a) {
		t.Fatal(err)
	}
	prints := []string{Secret(s.live()[1].id).Fingerprint(), Secret(s.live()[2].id).Fingerprint()}
	slices.Sort(prints)
	if !slices.Equal(a.Fingerprints, prints) || a.AppID != "shop" || !strings.Contains(err.Error(), prints[0]+", "+prints[1]) {
		t.Error(err)
	}
	if n := j.count("POST", "/keys"); n != 1 {
		t.Errorf("%d POSTs", n)
	}
}

// An attempt that was believed dead may be carried out after all.
func TestSurplusKeysAreNamed(t *testing.T) {
	t.Parallel()
	s := newStore("shop")
	s.faults = []fault{before(cut), workTimes(2, nil)}
	c, _ := s.serve(t)
	made, err := c.CreateKey(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	if live := s.live(); len(live) != 2 || live[1].id != made.Value.Reveal() || !slices.Equal(made.Surplus, []string{Secret(live[0].id).Fingerprint()}) {
		t.Errorf("made %s, surplus %v", made.Fingerprint, made.Surplus)
	}
}

// Where looking fails too, nothing is posted again.
func TestLostAndNotToBeFoundOut(t *testing.T) {
	t.Parallel()
	s := newStore("shop")
	s.faults = []fault{after(func(w http.ResponseWriter, r *http.Request) {
		s.deny("/shop/keys", 500)
		cut(w, r)
	})}
	c, j := s.serve(t, func(cfg *Config) { cfg.MaxRetries = 2 })
	_, err := c.CreateKey(t.Context(), wanted)
	var lost *LostError
	if !errors.As(err, &lost) || lost.Sent.Method != "PostKeys" || !hasCode(lost.Look, 98009) {
		t.Fatal(err)
	}
	if !strings.Contains(err.Error(), "could not be found out: ListAppKeys: ") || j.count("POST", "/keys") != 1 {
		t.Error(err)
	}
}

func TestNoPostWithoutABaseline(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403, 404, 500} {
		s := newStore("shop")
		s.deny("/shop/keys", status)
		c, j := s.serve(t, func(cfg *Config) { cfg.MaxRetries = 1 })
		if _, err := c.CreateKey(t.Context(), wanted); err == nil || j.count("POST", "/keys") != 0 {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// refusing fails the first dials of a verb before anything is sent.
type refusing struct {
	verb  string
	times atomic.Int32
}

func (f *refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == f.verb && f.times.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestConnectionRefusedNeedsNoLook(t *testing.T) {
	t.Parallel()
	s := newStore("shop")
	tr := &refusing{verb: "POST"}
	tr.times.Store(2)
	c, j := s.serve(t, func(cfg *Config) { cfg.Transport = tr })
	if _, err := c.CreateKey(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	if j.count("POST", "/keys") != 1 || j.count("GET", "/keys") != 1 || len(s.live()) != 1 {
		t.Errorf("%d requests, %d keys", len(j.all()), len(s.live()))
	}
	tr.times.Store(99)
	_, err := c.CreateKey(t.Context(), wanted)
	if err == nil || IsUnsettled(err) || !strings.Contains(err.Error(), "can not connect to 127.0.0.1") || !strings.Contains(err.Error(), "gave up after 9 attempts") {
		t.Error(err)
	}
}

func TestCancelledBeforeItIsSent(t *testing.T) {
	t.Parallel()
	s := newStore("shop", "mall")
	c, j := s.serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err1 := c.CreateKey(ctx, wanted)
	_, err2 := c.CreateApp(ctx, "acme", App{ID: "new"})
	if n := len(j.all()); n != 0 || !errors.Is(err1, context.Canceled) || !errors.Is(err2, context.Canceled) {
		t.Errorf("%d requests: %v, %v", n, err1, err2)
	}
	// Also where nothing but the POST is left to do.
	if _, err := c.CreateKey(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateKey(ctx, wanted); !errors.Is(err, context.Canceled) || len(s.live()) != 1 {
		t.Errorf("%d keys: %v", len(s.live()), err)
	}
}

func TestCancelledUnderWayIsFinished(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{"answered": nil, "lost": cut} {
		s := newStore("shop")
		ctx, cancel := context.WithCancel(t.Context())
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			cancel()
			workTimes(1, answer)(w, r, work)
		}}
		c, _ := s.serve(t)
		made, err := c.CreateKey(ctx, wanted)
		if live := s.live(); err != nil || len(live) != 1 || live[0].id != made.Value.Reveal() {
			t.Errorf("%s: %d keys, %v", name, len(live), err)
		}
	}
	// Not carried out, it is not begun again.
	s := newStore("shop")
	ctx, cancel := context.WithCancel(t.Context())
	s.faults = []fault{before(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		cut(w, r)
	})}
	c, j := s.serve(t)
	if _, err := c.CreateKey(ctx, wanted); err == nil || j.count("POST", "/keys") != 1 || len(s.live()) != 0 {
		t.Errorf("%d keys, %v", len(s.live()), err)
	}
}
