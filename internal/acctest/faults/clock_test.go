package faults_test

import (
	"context"
	"slices"
	"sync"
	"time"
)

// hurried is a clock on which time flies, so that a test need not sit out what
// a server asks for. It remembers the waits.
type hurried struct {
	speed   int
	started time.Time

	mu    sync.Mutex
	waits []time.Duration
}

func newHurried(speed int) *hurried { return &hurried{speed: speed, started: time.Now()} }

func (h *hurried) Now() time.Time {
	return h.started.Add(time.Since(h.started) * time.Duration(h.speed))
}

func (h *hurried) Sleep(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	h.waits = append(h.waits, d)
	h.mu.Unlock()
	t := time.NewTimer(d / time.Duration(h.speed))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// longest is the longest wait that was asked for.
func (h *hurried) longest() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Max(append(h.waits, 0))
}
