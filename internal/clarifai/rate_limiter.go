package clarifai

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rateLimiter holds all requests of a client to one rate, and slows all of them
// down when the server says that they come too fast.
type rateLimiter struct {
	clock Clock
	full  rate.Limit
	burst int // when nothing was refused

	mu     sync.Mutex
	lim    *rate.Limiter
	sent   []time.Time   // when the last requests left; as many as a span allows
	oldest int           // index into sent, which is overwritten in turn
	span   time.Duration // the time in which that many are allowed: a second, for whole rates
	margin time.Duration // added to the span
	paused time.Time     // nothing is sent before
	slowed time.Time     // when the rate was last lowered, or the burst last raised
}

const (
	// Requests do not arrive at the intervals at which they leave. The margin is
	// small at first, and grows with each refusal.
	minMargin = 5 * time.Millisecond
	maxMargin = 50 * time.Millisecond
	// The first requests arrive later, because connections have to be opened.
	coldStart = 30 * time.Millisecond
	// recoveryTime without a refusal lets burst and margin recover by a step.
	recoveryTime = time.Minute
	// Beyond maxCountedRate requests per second, requests are not counted.
	maxCountedRate = 1000
)

func newRateLimiter(perSecond float64, clock Clock) *rateLimiter {
	r := &rateLimiter{clock: clock, full: rate.Limit(perSecond), margin: minMargin}
	if perSecond <= maxCountedRate {
		n := max(1, int(perSecond))
		r.sent = make([]time.Time, n)
		r.span = time.Duration(float64(n) / perSecond * float64(time.Second))
	}
	// A third of a second makes up for a pause of the machine. With more, the two
	// processes of one run, plan and apply, would exceed the limit together.
	r.burst = max(1, len(r.sent)/3)
	r.lim = rate.NewLimiter(r.full, r.burst)
	return r
}

// wait returns once the caller may send, with how long that took. A caller whose
// context ends before its turn may send at once: it has no later chance.
func (r *rateLimiter) wait(ctx context.Context) (time.Duration, error) {
	started := r.clock.Now()
	reserved := false // with the limiter
	for {
		var delay time.Duration
		r.mu.Lock()
		now := r.clock.Now()
		if delay = r.paused.Sub(now); delay > 0 {
			reserved = false
		} else if !reserved {
			reserved = true
			delay = r.lim.ReserveN(now, 1).DelayFrom(now)
		}
		if delay <= 0 {
			delay = r.depart(now)
		}
		r.mu.Unlock()
		if deadline, ok := ctx.Deadline(); ok && now.Add(delay).After(deadline) {
			delay = 0 // a request that may be refused is better than one that is never sent
		}
		if delay <= 0 {
			return now.Sub(started), nil
		}
		if err := r.clock.Sleep(ctx, delay); err != nil {
			return r.clock.Now().Sub(started), err
		}
	}
}

// depart notes a request that leaves now, or returns how long it has to wait. The
// limiter spaces requests evenly, but on a busy machine they leave late and in
// bunches, so what counts is when they really left.
func (r *rateLimiter) depart(now time.Time) time.Duration {
	if len(r.sent) == 0 {
		return 0
	}
	if wait := r.sent[r.oldest].Add(r.span + r.margin).Sub(now); wait > 0 {
		return wait
	}
	if r.sent[r.oldest].IsZero() {
		now = now.Add(coldStart)
	}
	r.sent[r.oldest] = now
	r.oldest = (r.oldest + 1) % len(r.sent)
	return 0
}

// throttled makes all requests pause, and slower and more even afterwards.
func (r *rateLimiter) throttled(pause time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	if until := now.Add(pause); until.After(r.paused) {
		r.paused = until
	}
	// One burst of refusals is one event, however many requests it hit.
	if now.Sub(r.slowed) < time.Second {
		return
	}
	r.slowed = now
	r.margin = min(2*r.margin, maxMargin)
	r.lim.SetBurstAt(now, max(1, r.lim.Burst()/2))
	r.lim.SetLimitAt(now, max(r.lim.Limit()*0.9, r.full/8))
}

// succeeded lets the rate recover and, after a while, burst and margin as well.
func (r *rateLimiter) succeeded() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.lim.Limit(); l < r.full {
		r.lim.SetLimitAt(r.clock.Now(), min(l+r.full/40, r.full))
		return
	}
	if r.margin == minMargin && r.lim.Burst() == r.burst {
		return
	}
	if now := r.clock.Now(); now.Sub(r.slowed) >= recoveryTime {
		r.slowed = now
		r.margin = max(r.margin/2, minMargin)
		r.lim.SetBurstAt(now, min(2*r.lim.Burst(), r.burst))
	}
}
