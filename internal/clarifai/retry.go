package clarifai

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const maxBackoff = 8 * time.Second

// MaxThrottleWait is how long a call waits, in total, for throttling to end.
const MaxThrottleWait = 5 * time.Minute

// RetryState decides how often one API call is attempted. The client uses it for
// calls that are safe to repeat; a caller that repeats a POST uses its own.
type RetryState struct {
	c         *Client
	method    string
	started   time.Time
	attempts  int
	failures  int
	throttles int
	throttled time.Duration // spent waiting for throttling to end
	succeeded int64         // calls of the client before this one
}

// NewRetryState returns the state of a call that has not been attempted.
func (c *Client) NewRetryState(method string) *RetryState {
	return &RetryState{c: c, method: method, started: c.cfg.Clock.Now(), succeeded: c.succeeded.Load()}
}

type singleAttemptKey struct{}

// WithSingleAttempt returns a context whose calls are attempted once, for no longer than
// wait.
func WithSingleAttempt(ctx context.Context, wait time.Duration) context.Context {
	return context.WithValue(ctx, singleAttemptKey{}, wait)
}

// IsSingleAttempt reports whether calls with this context are attempted once.
func IsSingleAttempt(ctx context.Context) bool { return ctx.Value(singleAttemptKey{}) != nil }

// attemptTimeout returns how long an attempt may take.
func (c *Client) attemptTimeout(ctx context.Context) time.Duration {
	if wait, single := ctx.Value(singleAttemptKey{}).(time.Duration); single {
		return min(wait, c.cfg.RequestTimeout)
	}
	return c.cfg.RequestTimeout
}

// WaitForTurn waits until the rate limit allows the next attempt. It fails only
// if ctx ends.
func (r *RetryState) WaitForTurn(ctx context.Context) error {
	waited, err := r.c.limiter.wait(ctx)
	if waited > time.Second {
		r.c.debug(ctx, "held back by the rate limit", map[string]any{"method": r.method, "waited_ms": waited.Milliseconds()})
	}
	if err != nil {
		return &Error{Method: r.method, Cause: "canceled before it was sent", unsent: true, err: err}
	}
	return nil
}

// Failed notes in e how many attempts there were and how long they took. A caller
// that does not ask [RetryState.Again] calls it once per failed attempt.
func (r *RetryState) Failed(e *Error) {
	r.attempts++
	e.Attempts = r.attempts
	e.Elapsed = r.c.cfg.Clock.Now().Sub(r.started)
	if IsUnauthorized(e) {
		e.outage = &r.c.refused
	}
}

// Again reports whether the call, whose last attempt failed with e, may be
// attempted again; if so, it has waited. Throttling does not count as a failure:
// it may last up to five minutes in total. An API that cannot be reached at all is
// one event: once a call has given up, others are attempted once each, until an
// answer comes. So is a limit that is used up, until a call succeeds. Again calls
// [RetryState.Failed].
func (r *RetryState) Again(ctx context.Context, e *Error) bool {
	clock := r.c.cfg.Clock
	r.Failed(e)
	if ctx.Err() != nil || !IsTransient(e) || IsSingleAttempt(ctx) {
		return false
	}
	if IsThrottled(e) {
		if e.outage = r.c.usedUp.Load(); e.outage != nil {
			return false
		}
		pause := e.RetryAfter
		if pause == 0 {
			pause = r.c.backoff(r.throttles)
		}
		r.throttles++
		if r.throttled += pause; r.throttled > MaxThrottleWait {
			if r.succeeded == r.c.succeeded.Load() { // else others do get through
				r.c.usedUp.CompareAndSwap(nil, new(outage))
				e.outage = r.c.usedUp.Load()
			}
			return false
		}
		r.c.debug(ctx, "throttled by Clarifai; all requests pause", map[string]any{"method": e.Method, "pause_ms": pause.Milliseconds()})
		r.c.limiter.throttled(pause)
		return clock.Sleep(ctx, pause) == nil
	}
	if e.unanswered() {
		if e.outage = r.c.unreachable.Load(); e.outage != nil {
			return false
		}
	}
	if r.failures >= r.c.cfg.MaxRetries {
		e.outage = r.c.noteOutage(e.unanswered())
		return false
	}
	pause := max(r.c.backoff(r.failures), e.RetryAfter)
	r.failures++
	if pause > MaxThrottleWait {
		return false
	}
	r.c.debug(ctx, "request failed; trying again", map[string]any{"method": e.Method,
		"code": e.Code, "http_status": e.HTTPStatus, "pause_ms": pause.Milliseconds()})
	return clock.Sleep(ctx, pause) == nil
}

// outage is a time in which the API cannot be reached, from the call that gives
// up to the next answer.
type outage struct {
	reported atomic.Bool
}

// noteOutage records that a call was given up, with or without an answer. It returns
// the outage that there is then. An answer is one for those who share the call, such as
// the readers of a listing.
func (c *Client) noteOutage(unanswered bool) *outage {
	if !unanswered {
		c.unreachable.Store(nil)
		return new(outage)
	}
	c.unreachable.CompareAndSwap(nil, new(outage))
	return c.unreachable.Load()
}

// backoff returns the wait before retry n (from 0): full jitter under a bound
// that doubles.
func (c *Client) backoff(n int) time.Duration {
	bound := maxBackoff
	if n < 16 {
		bound = min(bound, c.cfg.RetryBase<<n)
	}
	return time.Duration(rand.Int64N(int64(bound))) + time.Millisecond // #nosec G404 -- jitter, not a secret
}
