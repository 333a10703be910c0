package inventory

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
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
			if err := inv.account("acme").noteExisting(t.Context(), "shop"); err != nil {
				t.Fatal(err)
			}
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

// Without an answer for a long time and with nothing found, it is sent again.
func TestSilentPostIsRepeatedInTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		stop := make(chan struct{})
		s.faults = []fault{before(func(http.ResponseWriter, *http.Request) { <-stop })}
		inv, j := s.inBubble(t, func(cfg *setup) { cfg.RequestTimeout = time.Second })
		began := time.Now()
		_, err := inv.CreateKey(t.Context(), wanted)
		close(stop)
		if took := time.Since(began); err != nil || took < time.Minute || took > 2*time.Minute || len(s.live()) != 1 || j.Count("POST", "/keys") != 2 {
			t.Errorf("after %s: %d keys, %v", took, len(s.live()), err)
		}
	})
}

// What the first send created late is not taken for the result of the second,
// which would become an orphan.
func TestLateFirstDoesNotHideTheSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		s.faults = []fault{before(apitest.Cut), func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			s.add("shop", "d", wanted.Scopes...) // what the first one created
			<-time.After(10 * time.Second)
			work(w, r)
		}}
		inv, _ := s.inBubble(t, func(cfg *setup) { cfg.RequestTimeout = time.Second })
		made, err := inv.CreateKey(t.Context(), wanted)
		live := s.live()
		if err != nil || len(live) != 2 || made.Value.Reveal() != live[1].ID || len(made.Surplus) != 1 {
			t.Errorf("%d keys, surplus %v, %v", len(live), made.Surplus, err)
		}
	})
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

// Cancelling the run does not end the wait for work that the server does later.
func TestCancelledPostIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		ctx, cancel := context.WithCancel(t.Context())
		s.faults = []fault{func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
			cancel()
			<-time.After(5 * time.Second)
			work(w, r)
		}}
		inv, j := s.inBubble(t)
		made, err := inv.CreateKey(ctx, wanted)
		if live := s.live(); err != nil || len(live) != 1 || live[0].ID != made.Value.Reveal() || j.Count("POST", "/keys") != 1 {
			t.Errorf("%d keys, %v", len(live), err)
		}
		<-time.After(time.Minute)
	})
}

// Lost, then throttled until the retries end: what was lost may exist by then.
func TestLastLookBeforeGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newWorld("shop")
		var once sync.Once
		s.faults = []fault{before(apitest.Cut)}
		for range 40 {
			s.faults = append(s.faults, before(func(w http.ResponseWriter, r *http.Request) {
				once.Do(func() { s.add("shop", "d", wanted.Scopes...) })
				apitest.Reply(429, apitest.Throttled, "Retry-After", "30")(w, r)
			}))
		}
		inv, j := s.inBubble(t)
		made, err := inv.CreateKey(t.Context(), wanted)
		if live := s.live(); err != nil || len(live) != 1 || live[0].ID != made.Value.Reveal() {
			t.Errorf("%d keys by %d POSTs: %v", len(live), j.Count("POST", "/keys"), err)
		}
	})
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
