package clarifai

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer holds all requests of a client to one rate and slows all of them when
// the server says that they come too fast.
type pacer struct {
	clock Clock
	full  rate.Limit
	burst int // when nothing was refused

	mu       sync.Mutex
	lim      *rate.Limiter
	sent     []time.Time // a ring of when the last requests left, as many as a span allows
	oldest   int
	span     time.Duration // in which so many are allowed: a second, for whole rates
	margin   time.Duration // added to the span
	paused   time.Time     // nobody sends before
	lessened time.Time     // when the rate was last cut, or the burst last restored
}

const (
	// Requests do not arrive in the rhythm in which they leave. The margin is
	// small at first, and grows with each refusal.
	minMargin = 5 * time.Millisecond
	maxMargin = 50 * time.Millisecond
	// The first requests arrive late by what it takes to open connections.
	coldStart = 30 * time.Millisecond
	// calmSpell is how long no refusal must come before bursts and margin recover a step.
	calmSpell = time.Minute
	// ringLimit is the rate beyond which no second is counted out.
	ringLimit = 1000
)

func newPacer(perSecond float64, clock Clock) *pacer {
	p := &pacer{clock: clock, full: rate.Limit(perSecond), margin: minMargin}
	if perSecond <= ringLimit {
		n := max(1, int(perSecond))
		p.sent = make([]time.Time, n)
		p.span = time.Duration(float64(n) / perSecond * float64(time.Second))
	}
	// A third of a second makes up for a pause of the machine. More would bring
	// two processes of one run, plan and apply, over the limit together.
	p.burst = max(1, len(p.sent)/3)
	p.lim = rate.NewLimiter(p.full, p.burst)
	return p
}

// wait returns when the caller may send, and how long that took.
func (p *pacer) wait(ctx context.Context) (time.Duration, error) {
	started := p.clock.Now()
	turned := false // has had its turn of the limiter
	for {
		var delay time.Duration
		p.mu.Lock()
		now := p.clock.Now()
		if delay = p.paused.Sub(now); delay > 0 {
			turned = false
		} else if !turned {
			turned = true
			delay = p.lim.ReserveN(now, 1).DelayFrom(now)
		}
		if delay <= 0 {
			delay = p.leave(now)
		}
		p.mu.Unlock()
		if delay <= 0 {
			return now.Sub(started), nil
		}
		if err := p.clock.Sleep(ctx, delay); err != nil {
			return p.clock.Now().Sub(started), err
		}
	}
}

// leave notes a request that leaves now, or tells how long it has to wait. The
// limiter hands out turns evenly, but on a busy machine they are taken late and
// in bunches, so what counts is when requests really left.
func (p *pacer) leave(now time.Time) time.Duration {
	if len(p.sent) == 0 {
		return 0
	}
	if wait := p.sent[p.oldest].Add(p.span + p.margin).Sub(now); wait > 0 {
		return wait
	}
	if p.sent[p.oldest].IsZero() {
		now = now.Add(coldStart)
	}
	p.sent[p.oldest] = now
	p.oldest = (p.oldest + 1) % len(p.sent)
	return 0
}

// throttled makes everybody pause, and go slower and more evenly afterwards.
func (p *pacer) throttled(pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if until := now.Add(pause); until.After(p.paused) {
		p.paused = until
	}
	// One burst of refusals is one event, however many requests it hit.
	if now.Sub(p.lessened) < time.Second {
		return
	}
	p.lessened = now
	p.margin = min(2*p.margin, maxMargin)
	p.lim.SetBurstAt(now, max(1, p.lim.Burst()/2))
	p.lim.SetLimitAt(now, max(p.lim.Limit()*0.9, p.full/8))
}

// succeeded lets the rate recover, and after a while the rhythm as well.
func (p *pacer) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.lim.Limit(); l < p.full {
		p.lim.SetLimitAt(p.clock.Now(), min(l+p.full/40, p.full))
		return
	}
	if p.margin == minMargin && p.lim.Burst() == p.burst {
		return
	}
	if now := p.clock.Now(); now.Sub(p.lessened) >= calmSpell {
		p.lessened = now
		p.margin = max(p.margin/2, minMargin)
		p.lim.SetBurstAt(now, min(2*p.lim.Burst(), p.burst))
	}
}
