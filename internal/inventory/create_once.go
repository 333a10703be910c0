package inventory

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// creation is a POST that must not be carried out twice.
type creation[T any] struct {
	method string
	// send sends it once. Its error is a [clarifai.Error].
	send func(context.Context) (T, error)
	// look reports whether an earlier send was carried out although its answer was lost.
	look func(context.Context) (T, bool, error)
}

// createOnce sends c until it is certain that it was carried out exactly once, or
// not at all. It sends again only after an answer that says "not done", or after
// looking showed that it was not done. Once sent, it is finished even if ctx is
// cancelled: a key that nobody knows of is worse than a slow exit. Lost is how
// many sends got no answer.
func createOnce[T any](ctx context.Context, i *Inventory, c creation[T]) (created T, lost int, err error) {
	retry := i.client.NewRetryState(c.method)
	for {
		if err := retry.WaitForTurn(ctx); err != nil {
			return created, lost, err
		}
		// The result of a second send cannot be told from a late result of the first.
		v, e, lookErr := sendAndWatch(ctx, i, c, lost == 0)
		switch {
		case lookErr != nil:
			return created, lost, lookErr
		case e == nil:
			return v, lost, nil
		}
		if clarifai.IsOutcomeUnknown(e) {
			lost++
		}
		looked := lost > 0 && !clarifai.IsThrottled(e) && !clarifai.IsUnsent(e)
		if looked {
			v, ok, err := lookAfter(ctx, i, c, e)
			if err != nil || ok {
				return v, lost, err
			}
		}
		if retry.Again(ctx, e) {
			continue
		}
		if lost > 0 && !looked { // an earlier send may have been carried out since
			v, ok, err := lookAfter(ctx, i, c, e)
			if err != nil || ok {
				return v, lost, err
			}
		}
		return created, lost, e
	}
}

// maxBetweenLooks bounds the time between two looks for the result of a request
// that is still on its way.
const maxBetweenLooks = 8 * time.Second

// sendAndWatch sends c and waits for the answer. When the request timeout passes
// without one, it does not give up the request, which may still be carried out:
// if watch is set, it looks for the result until there is an answer or the
// connection fails. LookErr ends the create.
func sendAndWatch[T any](ctx context.Context, i *Inventory, c creation[T], watch bool) (created T, e *clarifai.Error, lookErr error) {
	type result struct {
		v   T
		err error
	}
	timeout := i.client.RequestTimeout()
	unhurried, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(4*timeout, time.Minute))
	answered := make(chan result, 1)
	go func() {
		defer cancel()
		r, err := recovered(i, func() (r result, _ error) { r.v, r.err = c.send(unhurried); return r, nil })
		if err != nil { // what became of the request is not known
			r.err = &clarifai.Error{Method: c.method, Attempts: 1, Cause: err.Error()}
		}
		answered <- r
	}()
	untilLook := timeout
	timer := time.NewTimer(untilLook)
	defer timer.Stop()
	for {
		select {
		case r := <-answered:
			return r.v, clarifai.AsError(r.err), nil
		case <-timer.C:
			if !watch {
				continue
			}
			if v, ok, err := c.look(unhurried); ok {
				return v, nil, nil
			} else if isAmbiguous(err) {
				return created, nil, err
			}
			untilLook = min(2*untilLook, maxBetweenLooks)
			timer.Reset(untilLook)
		}
	}
}

// lookAfter looks for what a send without an answer may have created: twice, a
// moment apart, because the server may not have finished.
func lookAfter[T any](ctx context.Context, i *Inventory, c creation[T], e *clarifai.Error) (created T, ok bool, err error) {
	detached, cancel := Detached(ctx)
	defer cancel()
	for n := range 2 {
		if n > 0 {
			if err := i.client.Clock().Sleep(detached, 4*i.client.RetryBase()); err != nil {
				return created, false, &LostError{Sent: e, Look: err}
			}
		}
		created, ok, err = c.look(detached)
		switch {
		case isAmbiguous(err):
			return created, false, err
		case err != nil:
			return created, false, &LostError{Sent: e, Look: err}
		case ok:
			return created, true, nil
		}
	}
	return created, false, nil
}

// LostError says that a POST got no answer and that looking for its result failed
// as well, so that it is not known whether it was carried out.
type LostError struct {
	Sent *clarifai.Error
	Look error
}

func (e *LostError) Error() string {
	return e.Sent.Error() + "; whether it was carried out could not be determined: " + e.Look.Error()
}

// Unwrap returns both causes.
func (e *LostError) Unwrap() []error { return []error{e.Sent, e.Look} }
