package fastpath

import (
	"context"
	"sync/atomic"
	"time"
)

// leash is a call's context that is let go when the call is over. The
// framework's server keeps a cancel function of every call until the process
// ends, and with it the call's context, loggers and all: about 32 kB each, of
// which a plan over a large fleet makes tens of thousands.
type leash struct {
	held atomic.Pointer[context.Context]
}

var _ context.Context = (*leash)(nil)

// leashed gives a context to hand to the framework, and what ends it.
func leashed(ctx context.Context) (context.Context, func()) {
	l := &leash{}
	l.held.Store(&ctx)
	return l, func() {
		over := context.Background()
		l.held.Store(&over)
	}
}

func (l *leash) context() context.Context { return *l.held.Load() }

// Deadline is the held context's.
func (l *leash) Deadline() (time.Time, bool) { return l.context().Deadline() }

// Done is the held context's.
func (l *leash) Done() <-chan struct{} { return l.context().Done() }

// Err is the held context's.
func (l *leash) Err() error { return l.context().Err() }

// Value is the held context's.
func (l *leash) Value(key any) any { return l.context().Value(key) }
