package faults_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// fastClock is a clock on which time passes faster, so that a test does not wait as
// long as a server asks for. It records the waits.
type fastClock struct {
	speed   int
	started time.Time

	mu    sync.Mutex
	waits []time.Duration
}

// speedUp makes time pass faster for the provider, and returns the clock.
func speedUp(w *acctest.World, speed int) *fastClock {
	clock := &fastClock{speed: speed, started: time.Now()}
	w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
	return clock
}

// Now returns the time on the clock.
func (c *fastClock) Now() time.Time {
	return c.started.Add(time.Since(c.started) * time.Duration(c.speed))
}

// Sleep waits until the time has passed on the clock.
func (c *fastClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.waits = append(c.waits, d)
	c.mu.Unlock()
	t := time.NewTimer(d / time.Duration(c.speed))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// longest returns the longest wait.
func (c *fastClock) longest() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Max(append(c.waits, 0))
}
