package clarifai

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// An API that cannot be reached is one event: after one call has given up, others
// are attempted once, until an answer comes.
func TestUnreachableIsOneEvent(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	c, j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			apitest.Cut(w, r)
			return
		}
		apitest.Reply(500, "")(w, r)
	}, func(cfg *Config) { cfg.MaxRetries = 3 })
	attempts := func() int {
		before := len(j.All())
		if _, err := c.PatchApp(t.Context(), "acme", "shop", AppPatch{}); err == nil {
			t.Error("no error")
		}
		return len(j.All()) - before
	}
	for i, tt := range []struct {
		down bool
		want int
	}{{false, 4}, {false, 4}, {true, 4}, {true, 1}, {true, 1}, {false, 4}, {true, 4}, {true, 1}} {
		down.Store(tt.down)
		if n := attempts(); n != tt.want {
			t.Errorf("call %d, down %t: %d attempts, want %d", i, tt.down, n, tt.want)
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
	unhurried, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Hour))
	defer cancel()
	if took, err := r.wait(unhurried); took != time.Minute || err != nil {
		t.Errorf("waited %s, %v", took, err)
	}
}
