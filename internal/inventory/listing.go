package inventory

import (
	"context"
	"errors"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// errTooLong says that a listing has more pages than it may cost.
var errTooLong = errors.New("the listing is too long to be worth it")

// accountListing is a listing of an account, read as far as somebody needed it:
// later readers go on where it stopped.
type accountListing[T any] struct {
	acc    *account
	pager  *clarifai.Pager[T]
	record func([]T)

	lock     sync.Mutex // held by who reads it; it is taken by goroutines that nobody cancels
	pages    int
	entries  int
	repeated bool // items came again, so others may have been passed over
	broken   bool // a page could not be read

	started bool // guarded by the account's lock
}

// read reads pages while the listing has some and more says so.
func (l *accountListing[T]) read(ctx context.Context, more func() bool) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	for !l.pager.Done() && more() {
		l.acc.mu.Lock()
		l.started = true
		l.acc.mu.Unlock()
		page, err := l.pager.Next(ctx)
		if l.broken = err != nil; err != nil {
			return err
		}
		l.pages++
		l.entries += len(page.Items)
		l.repeated = l.repeated || page.Repeated
		l.record(page.Items)
	}
	return nil
}

// readAll reads the listing to its end, up to that many pages in total. Repeated
// reports whether it may have passed over items.
func (l *accountListing[T]) readAll(ctx context.Context, most int) (repeated bool, err error) {
	err = l.read(ctx, func() bool { return l.pages < most })
	l.lock.Lock()
	defer l.lock.Unlock()
	if err == nil && !l.pager.Done() {
		err = errTooLong
	}
	return l.repeated, err
}

// few is how many different items are read by themselves; more are read from a
// listing of the account. A small configuration in a huge account must not page
// through it.
const few = 2

// source is what has answered a read.
type source int

const (
	fromItself  source = iota // the item was asked for by itself
	fromListing               // the account's listing has it
	notListed                 // the account's listing lacks it
)

// asking is how far an item was asked for: an app, or the listing of its keys.
type asking struct {
	answer   *future
	listed   bool // the account's listing shows it
	outdated bool // the account's listing may be older than what this run did
}

// future is an answer that may still be on its way. What it says is in the records.
type future struct {
	done chan struct{}
	err  error
	from source
}

func newFuture() *future { return &future{done: make(chan struct{})} }

func (f *future) await(ctx context.Context) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *future) isDone() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
