package clarifai

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// An API that cannot be reached, or that a proxy's page stands in for, is one event:
// after one call has given up, others are attempted once, until an answer comes.
func TestUnreachableIsOneEvent(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"cut": apitest.Cut, "page": apitest.Reply(502, apitest.HTMLPage), "login page": apitest.Reply(200, apitest.HTMLPage),
	} {
		var down atomic.Bool
		c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				fault(w, r)
				return
			}
			apitest.Reply(500, "")(w, r)
		}, func(cfg *Config) { cfg.MaxRetries = 3 })
		attempts := func() int {
			before := len(j.All())
			apitest.Fails(t, apitest.Err(c.PatchApp(t.Context(), "acme", "shop", AppPatch{})))
			return len(j.All()) - before
		}
		for i, tt := range []struct {
			down bool
			want int
		}{{false, 4}, {false, 4}, {true, 4}, {true, 1}, {true, 1}, {false, 4}, {true, 4}, {true, 1}} {
			down.Store(tt.down)
			apitest.Equal(t, attempts(), tt.want, "attempts of call", name, i, tt.down)
		}
	}
}

// The proxy is at fault, not the API, even where a name cannot be resolved.
func TestUnreachableProxy(t *testing.T) {
	t.Parallel()
	for _, proxy := range []string{"127.0.0.1:1", "proxy.invalid:3128"} {
		c := mustNew(t, Config{BaseURL: "https://api.test", PAT: "a-pat-for-tests", Transport: &http.Transport{
			Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy}),
		}})
		_, err := c.GetMe(WithSingleAttempt(t.Context(), time.Minute))
		if err == nil || !strings.Contains(err.Error(), "the proxy cannot be reached") || !strings.Contains(err.Error(), "HTTPS_PROXY") {
			t.Error(err)
		}
	}
}

// Close to the end of its context, a request does not wait for its turn.
func TestNoTurnAfterTheEnd(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	r := newRateLimiter(10, clock)
	r.throttled(time.Minute)
	hurried, cancel := context.WithDeadline(t.Context(), clock.Now().Add(time.Second))
	defer cancel()
	if took, err := r.wait(hurried); took != 0 || err != nil {
		t.Errorf("waited %s, %v", took, err)
	}
	longLived, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Hour))
	defer cancel()
	if took, err := r.wait(longLived); took != time.Minute || err != nil {
		t.Errorf("waited %s, %v", took, err)
	}
}
