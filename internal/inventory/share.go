package inventory

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// share does once what several callers want at the same time. A caller that is
// cancelled leaves; the others still get the answer.
func share[T any](ctx context.Context, i *Inventory, name string, do func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	done := i.inFlight.DoChan(name, func() (any, error) {
		return recovered(i, func() (T, error) { return do(context.WithoutCancel(ctx)) })
	})
	select {
	case r := <-done:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// recovered turns a panic of do into an error. On a goroutine that the inventory
// starts, nothing else could: the panic would end the process and print its
// value, which may hold a key.
func recovered[T any](i *Inventory, do func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the client panicked, which is a bug in the provider; please report it: " + i.Redact(fmt.Sprint(p)))
		}
	}()
	return do()
}

// detachedTime is how long work that must not be left half done may still take
// in a run that is being cancelled.
const detachedTime = 2 * time.Minute

// Detached returns a context for finishing what was begun: the cancellation of
// ctx does not end it, two minutes do.
func Detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), detachedTime)
}
