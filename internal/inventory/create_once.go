package inventory

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// onceOnly is a request that must not be carried out twice.
type onceOnly[T any] struct {
	method string
	// send sends it once. Its error is a [clarifai.Error].
	send func(context.Context) (T, error)
	// look reports whether an earlier send was carried out although its answer was lost.
	look func(context.Context) (T, bool, error)
}

// outcome is the result of a request that was carried out.
type outcome[T any] struct {
	value T
	found bool // by looking, not told by an answer
	lost  int  // how many sends got no answer
}

// createOnce sends r until it is certain that it was carried out exactly once, or
// not at all. It sends again only after an answer that says "not done", or after
// looking showed that it was not done. Once sent, it is finished even if ctx is
// canceled: a key that nobody knows of is worse than a slow exit.
func createOnce[T any](ctx context.Context, i *Inventory, r onceOnly[T]) (out outcome[T], err error) {
	retry := i.client.NewRetryState(r.method)
	late := 0 // how many sends without an answer may still be carried out
	for {
		if err := retry.WaitForTurn(ctx); err != nil {
			return out, err
		}
		// The result of a second send cannot be told from a late result of the first.
		sent, e, lookErr := sendAndWatch(ctx, i, r, out.lost == 0)
		out.value, out.found = sent.value, sent.found
		switch {
		case lookErr != nil:
			return out, lookErr
		case e == nil:
			i.fruitlessCreates.reset()
			return out, nil
		}
		if clarifai.IsOutcomeUnknown(e) {
			out.lost++
		}
		if clarifai.MayFinishLate(e) {
			late++
		}
		look := func() (done bool) {
			out.value, out.found, err = lookAfter(ctx, i, r, e)
			return err != nil || out.found
		}
		notDone := clarifai.IsThrottled(e) || clarifai.IsUnsent(e)
		if out.lost > 0 && !notDone && look() {
			return out, err
		}
		if clarifai.MayFinishLate(e) && late < maxFruitless && i.fruitlessCreates.spent() {
			retry.Failed(e)
			return out, e
		}
		if retry.Again(ctx, e) {
			continue
		}
		if out.lost > 0 && notDone && look() { // an earlier send may have been carried out since
			return out, err
		}
		return out, e
	}
}

// maxBetweenLooks bounds the time between two looks for the result of a request
// that is still on its way.
const maxBetweenLooks = 8 * time.Second

// sendAndWatch sends r and waits for the answer. When the request timeout passes
// without one, it does not give up the request, which may still be carried out:
// if watch is set, it looks for the result until there is an answer or the
// connection fails. LookErr ends the create.
func sendAndWatch[T any](ctx context.Context, i *Inventory, r onceOnly[T], watch bool) (out outcome[T], e *clarifai.Error, lookErr error) {
	type result struct {
		v   T
		err error
	}
	untilLook := i.client.RequestTimeout()
	sendContext, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(4*untilLook, time.Minute))
	answered := make(chan result, 1)
	go func() {
		defer cancel()
		res, err := recovered(i, func() (res result, _ error) { res.v, res.err = r.send(sendContext); return res, nil })
		if err != nil { // what became of the request is not known
			res.err = &clarifai.Error{Method: r.method, Attempts: 1, Cause: err.Error()}
		}
		answered <- res
	}()
	timer := time.NewTimer(untilLook)
	defer timer.Stop()
	for {
		select {
		case res := <-answered:
			return outcome[T]{value: res.v}, clarifai.AsError(res.err), nil
		case <-timer.C:
			if !watch {
				continue
			}
			if v, ok, err := r.look(sendContext); ok {
				return outcome[T]{value: v, found: true}, nil, nil
			} else if isAmbiguous(err) {
				return out, nil, err
			}
			untilLook = min(2*untilLook, maxBetweenLooks)
			timer.Reset(untilLook)
		}
	}
}

// lookAfter looks for what a send without an answer may have done, for a while: the
// answer may have come from a gateway before the work was done, and what was done may
// show late.
func lookAfter[T any](ctx context.Context, i *Inventory, r onceOnly[T], e *clarifai.Error) (done T, ok bool, err error) {
	detached, cancel := Detached(ctx)
	defer cancel()
	begun := i.Now()
	waits := growingWaits(i.cfg.CreatedWait)
	switch {
	case clarifai.MayFinishLate(e):
		waits = growingWaits(i.cfg.LateWait)
	case i.fruitlessCreates.spent():
		waits = waits[:1]
	}
	for _, wait := range append([]time.Duration{0}, waits...) {
		if err = i.sleep(detached, wait); err == nil {
			done, ok, err = r.look(detached)
		}
		switch {
		case isAmbiguous(err):
			return done, false, err
		case err != nil:
			return done, false, &LostError{Sent: e, Look: err}
		case ok:
			i.fruitlessCreates.reset()
			return done, true, nil
		}
	}
	i.fruitlessCreates.note(begun, i.Now())
	return done, false, nil
}

// growingWaits divides a time into waits between looks, which grow, because what
// is late is mostly late by little.
func growingWaits(total time.Duration) (waits []time.Duration) {
	for _, share := range []float64{0.05, 0.1, 0.15, 0.2, 0.25, 0.25} {
		waits = append(waits, time.Duration(share*float64(total)))
	}
	return waits
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
