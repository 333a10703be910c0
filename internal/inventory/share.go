package inventory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// share does once what several callers want at the same time. A caller that is
// canceled leaves; the others still get the answer.
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

// join is [share] for what callers want to be done. What it brings is in the records.
func (i *Inventory) join(ctx context.Context, name string, do func(context.Context) error) error {
	_, err := share(ctx, i, name, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}

// turn waits until nobody else has the turn of that name, and takes it.
func (i *Inventory) turn(ctx context.Context, name string) (release func(), err error) {
	free, _ := i.turns.LoadOrStore(name, semaphore.NewWeighted(1))
	turn := free.(*semaphore.Weighted)
	return func() { turn.Release(1) }, turn.Acquire(ctx, 1)
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

// Detached returns a context for finishing what must not be left half done: the
// cancellation of ctx does not end it, two minutes do.
func Detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
}

// maxFruitless is after how many waits in a row that brought no result the others of
// the run no longer wait as long.
const maxFruitless = 3

// fruitless counts waits of a run that brought no result, in a row.
type fruitless struct {
	mu    sync.Mutex
	count int
	until time.Time // the end of the last one
}

// reset notes that a wait brought a result.
func (f *fruitless) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count = 0
}

// note notes a wait that brought none. Waits at the same time are one: they have the
// same cause.
func (f *fruitless) note(begun, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !begun.Before(f.until) {
		f.count, f.until = f.count+1, now
	}
}

// spent reports whether there is no point in waiting as long as the first did.
func (f *fruitless) spent() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count >= maxFruitless
}
