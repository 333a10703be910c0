package inventory

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const halfKey = apitest.OKStatus + `,"keys":[{"id":"abcdef`

func TestCreateKeyMakesExactlyOne(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []fault
		posts  int
	}{
		"no fault":                       {nil, 1},
		"cut after":                      {[]fault{after(apitest.Cut)}, 1},
		"502 after":                      {[]fault{after(apitest.Reply(502, apitest.HTMLPage, "Content-Type", "text/html"))}, 1},
		"500 after":                      {[]fault{after(apitest.Reply(500, `{"status":{"code":98009,"description":"timeout"}}`))}, 1},
		"truncated JSON after":           {[]fault{after(apitest.Reply(200, halfKey))}, 1},
		"short body after":               {[]fault{after(apitest.Short(halfKey))}, 1},
		"empty answer after":             {[]fault{after(apitest.Reply(200, ""))}, 1},
		"no key in the answer":           {[]fault{after(apitest.Reply(200, apitest.OKStatus+`,"keys":[]}`))}, 1},
		"accepted":                       {[]fault{after(apitest.Reply(202, `{"status":{"code":10070,"description":"Accepted"}}`))}, 1},
		"gateway timeout after":          {[]fault{after(apitest.Reply(504, ""))}, 1},
		"try again after":                {[]fault{after(apitest.Reply(200, `{"status":{"code":10030,"description":"Try the request again"}}`))}, 1},
		"cut before":                     {[]fault{before(apitest.Cut)}, 2},
		"502 before":                     {[]fault{before(apitest.Reply(502, apitest.HTMLPage))}, 2},
		"truncated JSON before":          {[]fault{before(apitest.Reply(200, halfKey))}, 2},
		"lost three times, then done":    {[]fault{before(apitest.Cut), before(apitest.Reply(502, apitest.HTMLPage)), before(apitest.Short("{"))}, 4},
		"lost three times, the last did": {[]fault{before(apitest.Cut), before(apitest.Reply(503, "")), after(apitest.Cut)}, 3},
		"lost, then refused, yet done":   {[]fault{before(apitest.Cut), after(apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid request"}}`))}, 2},
		"throttled":                      {[]fault{before(apitest.Reply(429, apitest.Throttled)), before(apitest.Reply(200, apitest.Throttled))}, 3},
		"lost, throttled":                {[]fault{before(apitest.Cut), before(apitest.Reply(429, apitest.Throttled))}, 3},
	} {
		s := newWorld("shop")
		old := s.add("shop", "d", "Inputs:Add", "Inputs:Get") // looks alike, but existed before
		s.faults = tt.faults
		inv, j := s.serve(t)
		made, err := inv.CreateKey(t.Context(), wanted)
		apitest.Must(t, err)
		live := s.live()
		if len(live) != 2 || made.Value == old || live[1].ID != made.Value.Reveal() || len(made.Surplus) != 0 {
			t.Errorf("%s: %d keys, made %s, surplus %v", name, len(live), made.ID(), made.Surplus)
		}
		if made.AppID != "shop" || made.UserID != "acme" || made.Description != "d" {
			t.Errorf("%s: %+v", name, made)
		}
		apitest.Equal(t, j.Count("POST", "/keys"), tt.posts, "POSTs", name)
		if k, err := inv.Key(t.Context(), keyIn("shop", made.Fingerprint), Checked); err != nil || k.Value != made.Value {
			t.Errorf("%s: the key is not found afterwards: %v", name, err)
		}
	}
}

func TestCreateKeyGivesUp(t *testing.T) {
	t.Parallel()
	invalid := apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid request","details":"unknown scope"}}`)
	for name, tt := range map[string]struct {
		faults []fault // none: the answer is lost, and the run canceled meanwhile
		posts  int
		want   string
	}{
		"refused":            {[]fault{before(invalid)}, 1, "unknown scope"},
		"no scopes":          {[]fault{before(apitest.Reply(403, `{"status":{"code":11007,"description":"insufficient"}}`))}, 1, "11007"},
		"lost, then refused": {[]fault{before(apitest.Cut), before(invalid)}, 2, "unknown scope"},
		"always lost":        {[]fault{before(apitest.Cut), before(apitest.Cut), before(apitest.Cut), before(apitest.Cut)}, 3, "gave up after 3 attempts"},
		"redirected":         {[]fault{before(apitest.Reply(307, "", "Location", "/"))}, 1, "is a redirect"},
		"lost and canceled":  {nil, 1, "the connection was closed"},
	} {
		s := newWorld("shop")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if s.faults = tt.faults; tt.faults == nil {
			s.faults = []fault{before(func(w http.ResponseWriter, r *http.Request) { cancel(); apitest.Cut(w, r) })}
		}
		inv, j := s.serve(t, func(cfg *setup) { cfg.MaxRetries = 2 })
		_, err := inv.CreateKey(ctx, wanted)
		apitest.Fails(t, err, tt.want)
		apitest.Equal(t, j.Count("POST", "/keys"), tt.posts, "POSTs", name)
		apitest.Equal(t, len(s.live()), 0, "living keys", name)
	}
}

// Simultaneous creates that look alike, all with lost answers, each get their own key.
func TestCreatesThatLookAlikeGetTheirOwnKeys(t *testing.T) {
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
		s := newWorld("shop")
		s.faults = []fault{after(apitest.Cut), before(apitest.Cut), after(apitest.Reply(502, apitest.HTMLPage)), after(apitest.Cut), before(apitest.Cut), after(apitest.Short(halfKey)), after(apitest.Cut)}
		inv, _ := s.serve(t, func(cfg *setup) {
			// A server may store what was requested and what that depends on.
			cfg.inventory.SameScopes = func(want, got []string) bool {
				return !slices.ContainsFunc(want, func(s string) bool { return !slices.Contains(got, s) })
			}
		})
		var mu sync.Mutex
		made := map[clarifai.Secret]bool{}
		var wg sync.WaitGroup
		for _, n := range news {
			wg.Go(func() {
				k, err := inv.CreateKey(t.Context(), n)
				if err != nil || len(k.Surplus) != 0 || !slices.Equal(k.Scopes, n.Scopes) || len(k.Endpoints) != len(n.Endpoints) {
					t.Errorf("%s: %+v, %v", name, k, err)
				}
				mu.Lock()
				made[k.Value] = true
				mu.Unlock()
			})
		}
		wg.Wait()
		apitest.Equal(t, len(made), len(news), "made", name)
		apitest.Equal(t, len(s.live()), len(news), "live", name)
	}
}

func TestAmbiguousKeys(t *testing.T) {
	t.Parallel()
	s := newWorld("shop")
	s.add("shop", "d", wanted.Scopes...)
	s.faults = []fault{workTimes(2, apitest.Cut)}
	inv, j := s.serve(t)
	_, err := inv.CreateKey(t.Context(), wanted)
	var a *AmbiguousError
	if !errors.As(err, &a) {
		t.Fatal(err)
	}
	fingerprints := []string{clarifai.Secret(s.live()[1].ID).Fingerprint(), clarifai.Secret(s.live()[2].ID).Fingerprint()}
	slices.Sort(fingerprints)
	if !slices.Equal(a.Fingerprints, fingerprints) || a.AppID != "shop" || !strings.Contains(err.Error(), fingerprints[0]+", "+fingerprints[1]) {
		t.Error(err)
	}
	apitest.Equal(t, j.Count("POST", "/keys"), 1, "POSTs")
}

// If looking fails too, nothing is posted again.
func TestLostAndLookingFails(t *testing.T) {
	t.Parallel()
	s := newWorld("shop")
	s.faults = []fault{after(func(w http.ResponseWriter, r *http.Request) {
		s.deny("ListAppKeys", 500)
		apitest.Cut(w, r)
	})}
	inv, j := s.serve(t, func(cfg *setup) { cfg.MaxRetries = 2 })
	_, err := inv.CreateKey(t.Context(), wanted)
	var lost *LostError
	if !errors.As(err, &lost) || lost.Sent.Method != "PostKeys" || !hasCode(lost.Look, 99009) {
		t.Fatal(err)
	}
	if !strings.Contains(err.Error(), "could not be determined: ListAppKeys: ") || j.Count("POST", "/keys") != 1 {
		t.Error(err)
	}
}

func TestNoPostWithoutTheExistingKeys(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403, 404, 500} {
		s := newWorld("shop")
		s.deny("ListAppKeys", status)
		inv, j := s.serve(t, func(cfg *setup) { cfg.MaxRetries = 1 })
		if _, err := inv.CreateKey(t.Context(), wanted); err == nil || j.Count("POST", "/keys") != 0 {
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
	s := newWorld("shop")
	tr := &refusing{verb: "POST"}
	tr.times.Store(2)
	inv, j := s.serve(t, func(cfg *setup) { cfg.Transport = tr })
	apitest.Must(t, apitest.Err(inv.CreateKey(t.Context(), wanted)))
	if j.Count("POST", "/keys") != 1 || j.Count("GET", "/keys") != 1 || len(s.live()) != 1 {
		t.Errorf("%d requests, %d keys", len(j.All()), len(s.live()))
	}
	tr.times.Store(99)
	_, err := inv.CreateKey(t.Context(), wanted)
	if err == nil || clarifai.IsOutcomeUnknown(err) || !strings.Contains(err.Error(), "cannot connect to 127.0.0.1") || !strings.Contains(err.Error(), "gave up after 9 attempts") {
		t.Error(err)
	}
}
