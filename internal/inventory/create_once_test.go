package inventory

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// late answers after a while, with the work done before or after it.
func late(wait time.Duration, workFirst bool) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		if workFirst {
			inner := w
			w = discard{}
			defer func() { apitest.Reply(200, apitest.OK)(inner, r) }()
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
			s := newWorld("shop")
			s.faults = []fault{tt.fault}
			inv, j := s.inBubble(t, func(cfg *setup) { cfg.RequestTimeout = time.Second })
			apitest.Must(t, inv.account("acme").noteExisting(t.Context(), "shop"))
			began := time.Now()
			made, err := inv.CreateKey(t.Context(), wanted)
			if took := time.Since(began); err != nil || took > tt.most {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
			if live := s.live(); len(live) != 1 || live[0].ID != made.Value.Reveal() || j.Count("POST", "/keys") != tt.posts {
				t.Errorf("%s: %d keys by %d POSTs", name, len(live), j.Count("POST", "/keys"))
			}
			if k, err := inv.CreateKey(t.Context(), wanted); err != nil || k.Value == made.Value || len(s.live()) != 2 {
				t.Errorf("%s: a second create: %d keys, %v", name, len(s.live()), err)
			}
			<-time.After(6 * time.Hour) // until the handler ends
		})
	}
}

// Whatever becomes of a POST and of those before it, the key that was created last is the
// result, and what else appeared is named.
func TestPostsThatAreLate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults  func(s *world, cancel func()) []fault
		timeout time.Duration
		posts   int
		surplus int
		least   time.Duration // that it takes
		appear  int           // how many others may
	}{
		// Without an answer for a long time and with nothing found, it is sent again.
		"the first is silent": {timeout: 30 * time.Second, posts: 2, least: 2 * time.Minute, appear: 1, faults: func(*world, func()) []fault {
			return []fault{before(func(http.ResponseWriter, *http.Request) { <-time.After(time.Hour) })}
		}},
		// What the first created late is not taken for the result of the second, which would
		// become an orphan.
		"the first is done during the second": {timeout: time.Second, posts: 2, surplus: 1, faults: func(s *world, _ func()) []fault {
			return []fault{before(apitest.Cut), func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
				s.add("shop", "d", wanted.Scopes...)
				late(10*time.Second, false)(w, r, work)
			}}
		}},
		"the first is done after all waiting": {posts: 2, surplus: 1, faults: func(*world, func()) []fault {
			return []fault{workLater(apitest.Cut, 30*time.Second), late(15*time.Second, false)}
		}},
		"the first is done with the second": {posts: 2, surplus: 1, faults: func(*world, func()) []fault {
			return []fault{before(apitest.Cut), workTimes(2, nil)}
		}},
		"the first may be done after the second, whose answer cannot be read": {posts: 2, appear: 1, faults: func(*world, func()) []fault {
			return []fault{workLater(apitest.Reply(504, ""), time.Minute), after(apitest.Reply(200, "{"))}
		}},
		"the first two may be done after the third": {posts: 3, appear: 2, faults: func(*world, func()) []fault {
			return []fault{workLater(apitest.Cut, time.Hour), workLater(apitest.Reply(504, ""), time.Hour)}
		}},
		"the run is canceled under way": {posts: 1, faults: func(_ *world, cancel func()) []fault {
			return []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
				cancel()
				late(5*time.Second, false)(w, r, work)
			}}
		}},
		"the run is canceled, and the answer lost": {posts: 1, faults: func(_ *world, cancel func()) []fault {
			return []fault{after(func(w http.ResponseWriter, r *http.Request) {
				cancel()
				apitest.Cut(w, r)
			})}
		}},
		// Lost, then throttled until the retries end: what was lost may exist by then.
		"the first is done while others are throttled": {posts: 12, faults: func(s *world, _ func()) []fault {
			done := sync.OnceFunc(func() { s.add("shop", "d", wanted.Scopes...) })
			throttled := before(func(w http.ResponseWriter, r *http.Request) {
				done()
				apitest.Reply(429, apitest.Throttled, "Retry-After", "30")(w, r)
			})
			return append([]fault{before(apitest.Cut)}, slices.Repeat([]fault{throttled}, 40)...)
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newWorld("shop")
			ctx, cancel := context.WithCancel(t.Context())
			s.faults = tt.faults(s, cancel)
			inv, j := s.inBubble(t, func(cfg *setup) { cfg.RequestTimeout = tt.timeout })
			began := time.Now()
			made, err := inv.CreateKey(ctx, wanted)
			live := s.live()
			if err != nil || len(live) != 1+tt.surplus || made.Value.Reveal() != live[tt.surplus].ID || len(made.Surplus) != tt.surplus {
				t.Errorf("%s: %d keys, surplus %v, %v", name, len(live), made.Surplus, err)
			}
			apitest.Equal(t, made.MayAppear, tt.appear, "keys that may appear:", name)
			if took, posts := time.Since(began), j.Count("POST", "/keys"); posts != tt.posts || took < tt.least || tt.least > 0 && took > 2*tt.least {
				t.Errorf("%s: %d POSTs in %s", name, posts, took)
			}
			cancel()
			<-time.After(2 * time.Hour) // until the handlers end
		})
	}
}

// A key whose create has no answer yet is not adopted by another create that it
// happens to match.
func TestKeysUnderWayAreNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			work(w, r)
			<-time.After(10 * time.Second)
		}, before(apitest.Cut)}
		inv, _ := s.inBubble(t, func(cfg *setup) { cfg.inventory.SameScopes = func([]string, []string) bool { return true } })
		more := wanted
		more.Scopes = append(more.Scopes, "Apps:Get")
		made := make(chan CreatedKey, 2)
		for _, n := range []NewKey{more, wanted} {
			go func() {
				k, err := inv.CreateKey(t.Context(), n)
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

// Nor is one that somebody else creates meanwhile, if anything tells the two apart.
func TestKeysOfOthersAreNotAdopted(t *testing.T) {
	t.Parallel()
	const endpoint = clarifai.EndpointPrefix + "GetApp"
	for name, other := range map[string]emulator.Key{
		"words":     {Description: "e", Scopes: wanted.Scopes, Endpoints: []string{endpoint}},
		"scopes":    {Description: "d", Scopes: wanted.Scopes[:1], Endpoints: []string{endpoint}},
		"endpoints": {Description: "d", Scopes: wanted.Scopes, Endpoints: []string{endpoint, clarifai.EndpointPrefix + "GetKey"}},
	} {
		s := newWorld("shop")
		old := s.add("shop", "d", wanted.Scopes...) // of whose endpoints nothing is known
		s.faults = []fault{before(func(w http.ResponseWriter, r *http.Request) {
			other.UserID, other.AppID = "acme", "shop"
			must(s.PutKey(other))
			apitest.Cut(w, r)
		})}
		inv, j := s.serve(t)
		n := wanted
		n.Endpoints = []string{endpoint}
		made, err := inv.CreateKey(t.Context(), n)
		if live := s.live(); err != nil || j.Count("POST", "") != 2 || len(live) != 3 || made.Value.Reveal() != live[2].ID || !slices.Equal(made.Alike, []string{old.Fingerprint()}) {
			t.Errorf("%s: %d keys, %v", name, len(live), err)
		}
	}
}

func TestPostWaitsForThrottlingLikeTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		for range 40 {
			s.faults = append(s.faults, before(apitest.Reply(429, apitest.Throttled, "Retry-After", "30")))
		}
		ctx, cancel := context.WithCancel(t.Context())
		inv, _ := s.inBubble(t)
		time.AfterFunc(45*time.Second, cancel)
		began := time.Now()
		_, err := inv.CreateKey(ctx, wanted)
		if took := time.Since(began); took != 45*time.Second || !hasCode(err, clarifai.CodeThrottled) || clarifai.IsOutcomeUnknown(err) {
			t.Errorf("after %s: %v", took, err)
		}
		_, err = inv.CreateKey(t.Context(), wanted)
		if took := time.Since(began); took < 5*time.Minute || took > 7*time.Minute || !hasCode(err, clarifai.CodeThrottled) {
			t.Errorf("after %s: %v", took, err)
		}
	})
}
