package inventory

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// few is how many different items are read by themselves; more are read from a
// listing of the account. A small configuration in a huge account must not page
// through it.
const few = 2

// asking is how far an item was asked for: an app, or the listing of its keys.
type asking struct {
	itself   answer // to the last request for the item by itself
	listed   bool   // the account's listing shows it
	outdated bool   // the account's listing may be older than what this run did
	doubt    error  // what insisting came to
}

// batch answers reads of the items of an account, by app ID. It gathers those that
// are wanted at about the same time, asks for a few by themselves, and for more
// reads the listing of the account, once: as far as somebody needs it, and later
// readers go on where it stopped. What answers say is in the records.
type batch[T any] struct {
	acc      *account
	name     string
	item     func(*appRecord) *asking
	whole    bool // a page that shows an item shows all of it
	fetchOne func(ctx context.Context, id string) error
	pager    *clarifai.Pager[T] // of the account's listing
	record   func([]T) []T

	reading    sync.Mutex // held by who reads the listing; it is taken by goroutines that nobody cancels
	pages      int
	entries    int
	broken     bool        // a page could not be read
	incomplete atomic.Bool // the listing was seen to lack something, or may: items came again

	// The account's lock guards these.
	asked   map[string]bool // items
	started bool            // the listing was
	ended   bool            // likewise
	listing answer          // to the listing as a whole, unless it was given up
}

// read reads an item. What the listing lacks is missing if Listed is enough, unless
// the listing was seen to be incomplete. Else it is asked for by itself: a listing may
// lag behind, or shift while it is read.
func (b *batch[T]) read(ctx context.Context, id string, fresh Freshness) error {
	if fresh < Itself {
		item, err := b.listed(ctx, id)
		incomplete := b.incomplete.Load()
		if err != nil || item.itself.asked || item.listed && (b.whole || !incomplete) || fresh == Listed && !incomplete {
			return err
		}
	}
	return b.itself(ctx, id, fresh == Now)
}

// listed reads an item, which the listing may lack: how far it was asked for says so.
func (b *batch[T]) listed(ctx context.Context, id string) (item asking, err error) {
	for gathered := false; ctx.Err() == nil; gathered = true {
		b.acc.mu.Lock()
		item = *b.item(b.acc.app(id))
		listing := b.listing
		alone := item.outdated || clarifai.IsRefused(listing.err) || gathered && !listing.asked
		gathers := !item.itself.asked && !alone && !listing.asked && !(b.whole && item.listed)
		if gathers {
			b.asked[id] = true
		}
		b.acc.mu.Unlock()
		switch {
		case item.itself.asked:
			return item, item.itself.err
		case b.whole && item.listed:
			return item, nil
		case alone:
			return item, b.itself(ctx, id, false)
		case !gathers:
			return item, listing.err
		}
		if err := b.gather(ctx); err != nil {
			return item, err
		}
	}
	return item, ctx.Err()
}

// gather waits for others to want items, and reads the listing if more than a few
// are wanted. The listing may cost as many pages as items were asked for, and one
// for its end; beyond that it is given up until more are. So reading never costs
// more than about twice the cheaper way, which is not known beforehand.
func (b *batch[T]) gather(ctx context.Context) error {
	return b.acc.inv.join(ctx, "gather "+b.name, func(ctx context.Context) error {
		time.Sleep(b.acc.inv.cfg.GatherWindow)
		for enough := few; ; {
			b.acc.mu.Lock()
			asked, listing := len(b.asked), b.listing
			b.acc.mu.Unlock()
			if asked <= enough || listing.asked {
				return nil
			}
			enough = asked
			err := b.readPages(ctx, func() bool { return b.pages <= asked })
			b.acc.mu.Lock()
			if b.ended || err != nil {
				b.listing = answer{true, err}
			}
			b.acc.mu.Unlock()
		}
	})
}

// readPages reads pages of the listing while it has some and more says so.
func (b *batch[T]) readPages(ctx context.Context, more func() bool) error {
	b.reading.Lock()
	defer b.reading.Unlock()
	for !b.pager.Done() && more() {
		b.acc.mu.Lock()
		b.started = true
		b.acc.mu.Unlock()
		page, err := b.pager.Next(ctx)
		if b.broken = err != nil; err != nil {
			return err
		}
		b.pages++
		b.entries += len(page.Items)
		b.record(page.Items)
		b.acc.mu.Lock()
		b.ended = b.pager.Done()
		b.acc.mu.Unlock()
		b.incomplete.CompareAndSwap(false, page.Repeated)
	}
	return nil
}

// itself asks for an item by itself: once or, with again, whatever was answered
// before. Callers at the same time share the answer, unless another app got the ID
// in between.
func (b *batch[T]) itself(ctx context.Context, id string, again bool) error {
	b.acc.mu.Lock()
	r := b.acc.app(id)
	item := b.item(r)
	if !again {
		b.asked[id] = true
	}
	b.acc.mu.Unlock()
	return b.acc.inv.join(ctx, fmt.Sprintf("%s %t %p", b.name, again, r), func(ctx context.Context) error {
		b.acc.mu.Lock()
		known := item.itself
		b.acc.mu.Unlock()
		if known.asked && !again {
			return known.err
		}
		err := b.fetchOne(ctx, id)
		b.acc.mu.Lock()
		defer b.acc.mu.Unlock()
		if item.itself = (answer{true, err}); err == nil {
			item.doubt = nil
		}
		return err
	})
}

// insist asks for an item after 1, 2 and 4 seconds again, because what Clarifai has shown
// contradicts that it was not found. Callers at the same time share the waits. After
// three items that were asked for again to no purpose, the others of the run are asked
// for once.
func (b *batch[T]) insist(ctx context.Context, id, shown string) error {
	inv := b.acc.inv
	return inv.join(ctx, "insist on "+b.name+"/"+id, func(ctx context.Context) (err error) {
		r := b.acc.about(id)
		if doubt := b.item(&r).doubt; doubt != nil {
			return doubt
		}
		begun, waits := inv.Now(), []time.Duration{inv.cfg.AskAgain, 2 * inv.cfg.AskAgain, 4 * inv.cfg.AskAgain}
		if inv.fruitlessLooks.spent() {
			waits = waits[:1]
		}
		for _, wait := range waits {
			if err := inv.sleep(ctx, wait); err != nil {
				return err
			}
			if err = b.itself(ctx, id, true); !clarifai.IsNotFound(err) {
				inv.fruitlessLooks.reset()
				return err
			}
		}
		inv.fruitlessLooks.note(begun, inv.Now())
		err = &ContradictionError{What: "app " + b.acc.ref(id).String(), Said: err.Error(), Shown: shown}
		err = cmp.Or(inv.VerifyAccount(ctx, b.acc.userID), err) // what was shown may be public
		b.acc.locked(id, func(r *appRecord) { b.item(r).doubt = err })
		return err
	})
}

// isComplete reports whether the listing was read and nothing is known that it lacks
// or shows out of date. It waits for one that is being read.
func (b *batch[T]) isComplete(ctx context.Context) bool {
	b.acc.mu.Lock()
	wanted := len(b.asked) > few && !b.listing.asked
	b.acc.mu.Unlock()
	if wanted && b.gather(ctx) != nil {
		return false
	}
	b.acc.mu.Lock()
	defer b.acc.mu.Unlock()
	for _, r := range b.acc.apps {
		if b.item(r).outdated {
			return false
		}
	}
	return b.listing == answer{asked: true} && !b.incomplete.Load()
}
