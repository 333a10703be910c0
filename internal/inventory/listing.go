package inventory

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// few is how many different items are read directly; more are read from a
// listing of the account. A small configuration in a huge account must not page
// through it.
const few = 2

// listing answers reads of the items of an account, by ID. It gathers those that
// are wanted at about the same time, reads a few directly, and for more reads one
// listing of the account, once.
type listing[T any] struct {
	window   time.Duration
	fetchOne func(ctx context.Context, id string) (T, error)
	// fetchAll reads the listing, up to that many pages in total: [errTooLong] says
	// that there are more. Repeated reports whether it may have passed over items.
	fetchAll func(ctx context.Context, pages int) (all map[string]T, repeated bool, err error)

	mu         sync.Mutex
	asked      map[string]*future[T] // by ID
	gathered   []gatheredRead[T]     // not fetched yet
	gathering  bool                  // the window is open
	all        *future[map[string]T] // nil: not listed, or given up
	started    bool                  // the listing was read, at least in part
	incomplete bool                  // the listing was seen to lack something
	outdated   map[string]bool       // IDs about which the listing is out of date
}

// gatheredRead is a read that waits to be fetched together with others.
type gatheredRead[T any] struct {
	id     string
	answer *future[T]
}

// source is what has answered a read.
type source int

const (
	fromItself  source = iota // the item was asked for by itself
	fromListing               // the listing has it
	notListed                 // the listing lacks it
)

func newListing[T any](window time.Duration, one func(context.Context, string) (T, error), all func(context.Context, int) (map[string]T, bool, error)) *listing[T] {
	return &listing[T]{
		window: window, fetchOne: one, fetchAll: all,
		asked: map[string]*future[T]{}, outdated: map[string]bool{},
	}
}

// find reads an item, directly if the listing lacks it: a listing may lag behind,
// or shift while it is read.
func (l *listing[T]) find(ctx context.Context, id string) (T, error) {
	v, from, err := l.listed(ctx, id)
	if from == notListed && err == nil {
		return l.direct(ctx, id)
	}
	return v, err
}

// listedOrIncomplete reads an item and believes that it does not exist if the
// listing lacks it, unless the listing was seen to be incomplete.
func (l *listing[T]) listedOrIncomplete(ctx context.Context, id string) (v T, from source, err error) {
	v, from, err = l.listed(ctx, id)
	if from == fromItself || err != nil {
		return v, from, err
	}
	l.mu.Lock()
	incomplete := l.incomplete
	l.mu.Unlock()
	if incomplete {
		v, err = l.direct(ctx, id)
		return v, fromItself, err
	}
	return v, from, nil
}

// listed reads an item and may answer that the listing lacks it.
func (l *listing[T]) listed(ctx context.Context, id string) (v T, from source, err error) {
	if err := ctx.Err(); err != nil {
		return v, fromItself, err
	}
	l.mu.Lock()
	answer, asked := l.asked[id]
	switch {
	case asked:
		l.mu.Unlock()
	case l.outdated[id]:
		l.mu.Unlock()
		v, err = l.direct(ctx, id)
		return v, fromItself, err
	case l.all != nil:
		all := l.all
		l.mu.Unlock()
		return l.lookUp(ctx, all, id)
	default:
		answer = l.gather(ctx, id)
		l.mu.Unlock()
	}
	if err := answer.await(ctx); err != nil {
		return v, fromItself, err
	}
	return answer.value, answer.from, answer.err
}

// lookUp finds an item in the listing, or directly where the listing is refused or
// too long.
func (l *listing[T]) lookUp(ctx context.Context, all *future[map[string]T], id string) (v T, from source, err error) {
	if err := all.await(ctx); err != nil {
		return v, fromListing, err
	}
	if isUnusable(all.err) {
		v, err = l.direct(ctx, id)
		return v, fromItself, err
	}
	v, ok := all.value[id]
	if !ok && all.err == nil {
		return v, notListed, nil
	}
	return v, fromListing, all.err
}

// gather notes that an item is wanted. The first one opens the window in which
// more are gathered. The caller holds the lock.
func (l *listing[T]) gather(ctx context.Context, id string) *future[T] {
	answer := newFuture[T]()
	l.asked[id] = answer
	l.gathered = append(l.gathered, gatheredRead[T]{id, answer})
	if !l.gathering {
		l.gathering = true
		time.AfterFunc(l.window, func() { l.fetchGathered(context.WithoutCancel(ctx)) })
	}
	return answer
}

// isUnusable reports whether items have to be asked for by themselves.
func isUnusable(listingErr error) bool {
	return clarifai.IsRefused(listingErr) || errors.Is(listingErr, errTooLong)
}

// fetchGathered closes the window: it fetches a few items directly, more by the
// listing. The listing may cost as many pages as items were asked for, and one
// for its end; beyond that it is given up until more are. So reading never costs
// more than about twice the cheaper way, which is not known beforehand.
func (l *listing[T]) fetchGathered(ctx context.Context) {
	l.mu.Lock()
	l.gathering = false
	wants := l.gathered
	l.gathered = nil
	asked := len(l.asked)
	many := asked > few
	var all *future[map[string]T]
	if many {
		all = newFuture[map[string]T]()
		l.started = true
		l.all = all // nothing is gathered while the listing is read, or once it is
	}
	l.mu.Unlock()
	if many {
		l.readAll(ctx, all, asked+1)
	}
	for _, w := range wants {
		switch {
		case many && all.err == nil:
			w.answer.from = notListed
			if v, ok := all.value[w.id]; ok {
				w.answer.value, w.answer.from = v, fromListing
			}
			close(w.answer.done)
		case many && !isUnusable(all.err):
			w.answer.err = all.err
			close(w.answer.done)
		default:
			go l.fetch(ctx, w.id, w.answer)
		}
	}
}

// readAll reads the listing into all, up to that many pages in total.
func (l *listing[T]) readAll(ctx context.Context, all *future[map[string]T], pages int) {
	var repeated bool
	all.value, repeated, all.err = l.fetchAll(ctx, pages)
	l.mu.Lock()
	l.incomplete = l.incomplete || repeated
	if errors.Is(all.err, errTooLong) {
		l.all = nil
	}
	l.mu.Unlock()
	close(all.done)
}

// direct asks for an item by itself, once.
func (l *listing[T]) direct(ctx context.Context, id string) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	for {
		l.mu.Lock()
		answer, asked := l.asked[id]
		if !asked || answer.isDone() && answer.from != fromItself {
			answer = newFuture[T]()
			l.asked[id] = answer
			go l.fetch(context.WithoutCancel(ctx), id, answer)
		}
		l.mu.Unlock()
		if err := answer.await(ctx); err != nil {
			return none, err
		}
		if answer.from == fromItself { // the answer of a gathered read may be the listing's
			return answer.value, answer.err
		}
	}
}

func (l *listing[T]) fetch(ctx context.Context, id string, answer *future[T]) {
	answer.value, answer.err = l.fetchOne(ctx, id)
	close(answer.done)
}

// forget keeps what was read about an ID until now from answering later reads.
func (l *listing[T]) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.asked, id)
	if l.started {
		l.outdated[id] = true
	}
}

// markIncomplete notes that the listing lacks something that exists.
func (l *listing[T]) markIncomplete() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.incomplete = true
}

// complete returns everything in the listing, if it was read and nothing is known
// that it lacks or shows out of date. It waits for one that is being read.
func (l *listing[T]) complete(ctx context.Context) (map[string]T, bool) {
	l.mu.Lock()
	all := l.all
	l.mu.Unlock()
	if all == nil || all.await(ctx) != nil || all.err != nil {
		return nil, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return all.value, !l.incomplete && len(l.outdated) == 0
}

// known returns an item that was read.
func (l *listing[T]) known(id string) (v T, ok bool) {
	l.mu.Lock()
	answer, all := l.asked[id], l.all
	if l.outdated[id] {
		all = nil
	}
	l.mu.Unlock()
	if answer != nil && answer.isDone() && answer.err == nil && answer.from != notListed {
		return answer.value, true
	}
	if all == nil || !all.isDone() || all.err != nil {
		return v, false
	}
	v, ok = all.value[id]
	return v, ok
}
