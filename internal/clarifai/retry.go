package clarifai

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	maxBackoff      = 8 * time.Second
	maxThrottleWait = 5 * time.Minute
)

// backoff is the wait before repeat n (from 0): full jitter under a doubling bound.
func (c *Client) backoff(n int) time.Duration {
	bound := maxBackoff
	if n < 16 {
		bound = min(bound, c.cfg.RetryBase<<n)
	}
	return time.Duration(rand.Int64N(int64(bound))) + time.Millisecond // #nosec G404 -- jitter, not a secret
}

// turn waits until a request may be sent.
func (c *Client) turn(ctx context.Context, method string) error {
	waited, err := c.pace.wait(ctx)
	if waited > time.Second {
		c.debug(ctx, "held back by the rate limit", map[string]any{"method": method, "waited_ms": waited.Milliseconds()})
	}
	if err != nil {
		return &Error{Method: method, Cause: "cancelled before it was sent", unsent: true, err: err}
	}
	return nil
}

// patience keeps count of what one call has been through.
type patience struct {
	started   time.Time
	attempts  int
	failures  int
	throttles int
	throttled time.Duration // spent waiting for throttling to end
}

// again decides whether a call that failed with e may be sent again, and waits
// for that moment. Throttling does not count as a failure; it may last up to
// maxThrottleWait in all.
func (c *Client) again(ctx context.Context, p *patience, e *Error) bool {
	p.attempts++
	e.Attempts = p.attempts
	e.Elapsed = c.cfg.Clock.Now().Sub(p.started)
	if ctx.Err() != nil || !isTransient(e) {
		return false
	}
	if isThrottle(e) {
		pause := e.RetryAfter
		if pause == 0 {
			pause = c.backoff(p.throttles)
		}
		p.throttles++
		if p.throttled += pause; p.throttled > maxThrottleWait {
			return false
		}
		c.debug(ctx, "throttled by Clarifai; all requests pause", map[string]any{"method": e.Method, "pause_ms": pause.Milliseconds()})
		c.pace.throttled(pause)
		return c.cfg.Clock.Sleep(ctx, pause) == nil
	}
	if p.failures >= c.cfg.MaxRetries {
		return false
	}
	pause := max(c.backoff(p.failures), e.RetryAfter)
	p.failures++
	if pause > maxThrottleWait {
		return false
	}
	c.debug(ctx, "request failed; trying again", map[string]any{"method": e.Method, "code": e.Code, "http_status": e.HTTPStatus, "pause_ms": pause.Milliseconds()})
	return c.cfg.Clock.Sleep(ctx, pause) == nil
}

// do sends a call that may be repeated without harm until it succeeds, fails
// for good, or retries are spent.
func (c *Client) do(ctx context.Context, k call) error {
	p := patience{started: c.cfg.Clock.Now()}
	for {
		if err := c.turn(ctx, k.method); err != nil {
			return err
		}
		until := ctx
		if k.finish {
			until = context.WithoutCancel(ctx)
		}
		attempt, cancel := context.WithTimeout(until, c.cfg.RequestTimeout)
		e := c.once(attempt, k)
		cancel()
		if e.Code == CodeSuccess {
			c.pace.succeeded()
			return nil
		}
		if !c.again(ctx, &p, e) {
			if ctx.Err() != nil && !errors.Is(e.err, context.Canceled) {
				e.err = ctx.Err()
			}
			return e
		}
	}
}
