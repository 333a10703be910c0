package clarifai

import (
	"context"
	"sync"
	"time"
)

// post is one POST that must not be carried out twice.
type post[T any] struct {
	method string
	// send does it once.
	send func(context.Context) (T, *Error)
	// look tells whether an earlier send was carried out though its answer was lost.
	look func(context.Context) (T, bool, error)
}

// settle sends p until it is certain that it was carried out exactly once, or
// not at all. It is repeated only after an answer that says "not done", or
// after a look shows that it was not done. Once sent, it is finished even when
// ctx is cancelled: a key that nobody knows of is worse than a slow exit.
// Lost reports how many sends were left without an answer.
func settle[T any](ctx context.Context, c *Client, p post[T]) (made T, lost int, err error) {
	pat := patience{started: c.cfg.Clock.Now()}
	for {
		if err := c.turn(ctx, p.method); err != nil {
			return made, lost, err
		}
		// A second send's result can not be told from the first one's coming late.
		v, e, found := sendOnce(ctx, c, p, lost == 0)
		if e == nil {
			c.pace.succeeded()
			return v, lost, nil
		}
		if found != nil {
			return made, lost, found
		}
		if IsUnsettled(e) {
			lost++
		}
		looked := lost > 0 && !isThrottle(e) && !e.unsent
		if looked {
			v, ok, err := lookAfter(ctx, c, p, e)
			if err != nil || ok {
				return v, lost, err
			}
		}
		if c.again(ctx, &pat, e) {
			continue
		}
		if lost > 0 && !looked { // what was lost before may have been carried out since
			v, ok, err := lookAfter(ctx, c, p, e)
			if err != nil || ok {
				return v, lost, err
			}
		}
		return made, lost, e
	}
}

// sendOnce sends and waits. When request_timeout passes without an answer it
// does not give up the request, which may still be carried out: with peek, it
// looks for the result meanwhile, until there is an answer or the connection
// has failed.
func sendOnce[T any](ctx context.Context, c *Client, p post[T], peek bool) (made T, e *Error, lookErr error) {
	type result struct {
		v T
		e *Error
	}
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(4*c.cfg.RequestTimeout, time.Minute))
	answered := make(chan result, 1)
	go func() {
		defer cancel()
		r, err := guarded(c, func() (r result, _ error) { r.v, r.e = p.send(patient); return r, nil })
		if err != nil { // what became of the request is not known
			r.e = &Error{Method: p.method, Attempts: 1, Cause: err.Error()}
		}
		answered <- r
	}()
	wait := c.cfg.RequestTimeout
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case r := <-answered:
			return r.v, r.e, nil
		case <-timer.C:
			if !peek {
				continue
			}
			if v, ok, err := p.look(patient); ok {
				return v, nil, nil
			} else if isAmbiguous(err) {
				return made, &Error{Method: p.method}, err
			}
			wait = min(2*wait, maxBackoff)
			timer.Reset(wait)
		}
	}
}

// calmTime is how long what must not be left half done may still take in a run
// that is being cancelled.
const calmTime = 2 * time.Minute

// Calm is a context for finishing what was begun: that ctx is cancelled does not
// end it, two minutes do.
func Calm(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), calmTime)
}

// lookAfter looks for what a send without an answer may have made: twice, a
// moment apart, because the server may still have been at it.
func lookAfter[T any](ctx context.Context, c *Client, p post[T], e *Error) (made T, ok bool, err error) {
	calm, cancel := Calm(ctx)
	defer cancel()
	for n := range 2 {
		if n > 0 {
			if err := c.cfg.Clock.Sleep(calm, 4*c.cfg.RetryBase); err != nil {
				return made, false, &LostError{Sent: e, Look: err}
			}
		}
		made, ok, err = p.look(calm)
		switch {
		case isAmbiguous(err):
			return made, false, err
		case err != nil:
			return made, false, &LostError{Sent: e, Look: err}
		case ok:
			return made, true, nil
		}
	}
	return made, false, nil
}

// LostError says that a POST got no answer and that looking for its result
// failed as well, so that nobody knows whether it was carried out.
type LostError struct {
	Sent *Error
	Look error
}

func (e *LostError) Error() string {
	return e.Sent.Error() + "; whether it was carried out all the same could not be found out: " + e.Look.Error()
}

// Unwrap gives both causes.
func (e *LostError) Unwrap() []error { return []error{e.Sent, e.Look} }

// keyedMutex is one lock for each name in use.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[string]*namedLock
}

type namedLock struct {
	users int
	ch    chan struct{}
}

func newKeyedMutex() *keyedMutex { return &keyedMutex{locks: map[string]*namedLock{}} }

// lock waits for the name and returns its unlock.
func (m *keyedMutex) lock(ctx context.Context, name string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	l := m.locks[name]
	if l == nil {
		l = &namedLock{ch: make(chan struct{}, 1)}
		m.locks[name] = l
	}
	l.users++
	m.mu.Unlock()
	leave := func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(m.locks, name)
		}
	}
	select {
	case l.ch <- struct{}{}:
		return func() { <-l.ch; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
