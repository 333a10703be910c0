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
