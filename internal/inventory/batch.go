package inventory

import (
	"context"
	"errors"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// batch answers reads of the items of an account, by app ID. It gathers those that
// are wanted at about the same time, asks for a few by themselves, and for more
// reads the listing of the account, once. The account's lock guards it.
type batch struct {
	acc      *account
	item     func(*appRecord) *asking
	whole    bool // a page that shows an item shows all of it
	fetchOne func(ctx context.Context, id string) error
	// fetchAll reads the listing, up to that many pages in total: [errTooLong] says
	// that there are more. Repeated reports whether it may have passed over items.
	fetchAll func(ctx context.Context, pages int) (repeated bool, err error)

	gathered   map[string]*future // not fetched yet
	asked      int                // items
	all        *future            // the listing; nil: not read, or given up
	incomplete bool               // the listing was seen to lack something
}

// find reads an item, by itself if the listing lacks it: a listing may lag behind,
// or shift while it is read.
func (b *batch) find(ctx context.Context, id string) error {
	from, err := b.listed(ctx, id)
	if from == notListed && err == nil {
		return b.itself(ctx, id)
	}
	return err
}

// listedOrIncomplete reads an item and takes it for missing if the listing lacks
// it, unless the listing was seen to be incomplete.
func (b *batch) listedOrIncomplete(ctx context.Context, id string) (from source, err error) {
	from, err = b.listed(ctx, id)
	if from == fromItself || err != nil {
		return from, err
	}
	b.acc.mu.Lock()
	incomplete := b.incomplete
	b.acc.mu.Unlock()
	if incomplete {
		return fromItself, b.itself(ctx, id)
	}
	return from, nil
}

// listed reads an item and may answer that the listing lacks it.
func (b *batch) listed(ctx context.Context, id string) (from source, err error) {
	if err := ctx.Err(); err != nil {
		return fromItself, err
	}
	b.acc.mu.Lock()
	item := b.item(b.acc.app(id))
	answer, all := item.answer, b.all
	switch {
	case answer != nil:
	case b.whole && item.listed:
		b.acc.mu.Unlock()
		return fromListing, nil
	case item.outdated:
		b.acc.mu.Unlock()
		return fromItself, b.itself(ctx, id)
	case all != nil:
		b.acc.mu.Unlock()
		return b.lookUp(ctx, all, id)
	default:
		answer = b.gather(ctx, id, item)
	}
	b.acc.mu.Unlock()
	if err := answer.await(ctx); err != nil {
		return fromItself, err
	}
	return answer.from, answer.err
}

// lookUp finds an item in the listing, or by itself where the listing is refused or
// too long.
func (b *batch) lookUp(ctx context.Context, all *future, id string) (from source, err error) {
	if err := all.await(ctx); err != nil {
		return fromListing, err
	}
	if needsSingleReads(all.err) {
		return fromItself, b.itself(ctx, id)
	}
	return b.inListing(id), all.err
}

// inListing returns whether the listing, which was read, has an item.
func (b *batch) inListing(id string) source {
	b.acc.mu.Lock()
	defer b.acc.mu.Unlock()
	if b.item(b.acc.app(id)).listed {
		return fromListing
	}
	return notListed
}

// gather notes that an item is wanted. The first one opens the window in which
// more are gathered. The caller holds the lock.
func (b *batch) gather(ctx context.Context, id string, item *asking) *future {
	item.answer = newFuture()
	b.asked++
	if b.gathered == nil {
		b.gathered = map[string]*future{}
		time.AfterFunc(b.acc.inv.cfg.GatherWindow, func() { b.fetchGathered(context.WithoutCancel(ctx)) })
	}
	b.gathered[id] = item.answer
	return item.answer
}

// needsSingleReads reports whether items have to be asked for by themselves.
func needsSingleReads(listingErr error) bool {
	return clarifai.IsRefused(listingErr) || errors.Is(listingErr, errTooLong)
}

// fetchGathered closes the window: it fetches a few items by themselves, more by the
// listing. The listing may cost as many pages as items were asked for, and one
// for its end; beyond that it is given up until more are. So reading never costs
// more than about twice the cheaper way, which is not known beforehand.
func (b *batch) fetchGathered(ctx context.Context) {
	b.acc.mu.Lock()
	wants, asked := b.gathered, b.asked
	b.gathered = nil
	many := asked > few
	var all *future
	if many {
		all = newFuture()
		b.all = all // nothing is gathered while the listing is read, or once it is
	}
	b.acc.mu.Unlock()
	if many {
		var repeated bool
		repeated, all.err = recovered(b.acc.inv, func() (bool, error) { return b.fetchAll(ctx, asked+1) })
		b.acc.mu.Lock()
		b.incomplete = b.incomplete || repeated
		if errors.Is(all.err, errTooLong) {
			b.all = nil
		}
		b.acc.mu.Unlock()
		close(all.done)
	}
	for id, answer := range wants {
		if !many || needsSingleReads(all.err) {
			go b.fetch(ctx, id, answer)
			continue
		}
		answer.from, answer.err = b.inListing(id), all.err
		close(answer.done)
	}
}

// itself asks for an item by itself, once.
func (b *batch) itself(ctx context.Context, id string) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.acc.mu.Lock()
		item := b.item(b.acc.app(id))
		if item.answer == nil || item.answer.isDone() && item.answer.from != fromItself {
			if item.answer == nil {
				b.asked++
			}
			item.answer = newFuture()
			go b.fetch(context.WithoutCancel(ctx), id, item.answer)
		}
		answer := item.answer
		b.acc.mu.Unlock()
		if err := answer.await(ctx); err != nil {
			return err
		}
		if answer.from == fromItself { // the answer of a gathered read may be the listing's
			return answer.err
		}
	}
}

func (b *batch) fetch(ctx context.Context, id string, answer *future) {
	_, answer.err = recovered(b.acc.inv, func() (struct{}, error) { return struct{}{}, b.fetchOne(ctx, id) })
	close(answer.done)
}

// again asks for an item by itself, whatever was answered before. Callers at the
// same time share the answer.
func (b *batch) again(ctx context.Context, name, id string) error {
	_, err := share(ctx, b.acc.inv, name+"/"+b.acc.userID+"/"+id, func(ctx context.Context) (struct{}, error) {
		var asked *appRecord
		b.acc.locked(id, func(r *appRecord) { asked = r })
		answer := newFuture()
		answer.err = b.fetchOne(ctx, id)
		close(answer.done)
		b.acc.locked(id, func(r *appRecord) {
			if r == asked { // else another app has the ID since
				b.item(r).answer = answer
			}
		})
		return struct{}{}, answer.err
	})
	return err
}

// markIncomplete notes that the listing lacks something that exists.
func (b *batch) markIncomplete() {
	b.acc.mu.Lock()
	defer b.acc.mu.Unlock()
	b.incomplete = true
}

// isComplete reports whether the listing was read and nothing is known that it lacks
// or shows out of date. It waits for one that is being read.
func (b *batch) isComplete(ctx context.Context) bool {
	b.acc.mu.Lock()
	all := b.all
	b.acc.mu.Unlock()
	if all == nil || all.await(ctx) != nil || all.err != nil {
		return false
	}
	b.acc.mu.Lock()
	defer b.acc.mu.Unlock()
	for _, r := range b.acc.apps {
		if b.item(r).outdated {
			return false
		}
	}
	return !b.incomplete
}
