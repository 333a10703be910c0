package guard

import (
	"context"
	"sync/atomic"
	"time"
)

// callContext is the context of one call, which it releases when the call is
// over. The framework's server keeps a cancel function of every call until the
// process ends, and with it the call's context, loggers included: about 32 kB
// each, of which a plan over a large fleet creates tens of thousands.
type callContext struct {
	held atomic.Pointer[context.Context]
}

var _ context.Context = (*callContext)(nil)

// newCallContext returns a context to pass on, and the function that releases ctx.
func newCallContext(ctx context.Context) (context.Context, func()) {
	c := &callContext{}
	c.held.Store(&ctx)
	return c, func() {
		over := context.Background()
		c.held.Store(&over)
	}
}

func (c *callContext) context() context.Context { return *c.held.Load() }

func (c *callContext) Deadline() (time.Time, bool) { return c.context().Deadline() }

func (c *callContext) Done() <-chan struct{} { return c.context().Done() }

func (c *callContext) Err() error { return c.context().Err() }

func (c *callContext) Value(key any) any { return c.context().Value(key) }
