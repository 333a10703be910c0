package clarifai

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"strconv"
)

// PageSize is how many items the client requests per page of a listing: the
// largest size that Clarifai documents. A server may serve smaller pages.
const PageSize = 1000

// maxPages bounds a listing, for a server that never ends one. Pages of a few items
// still show what the largest accounts hold.
const maxPages = 20_000

// Page is one page of a listing.
type Page[T any] struct {
	Items []T // without those of earlier pages and readings
	// Repeated reports whether items of earlier pages came again. The listing
	// shifted while it was read then, so it may have passed over others.
	Repeated bool
}

// Pager reads a listing page by page. It is not safe for concurrent use.
type Pager[T any] struct {
	send  func(context.Context, call) error
	call  call
	items func() []listed[T] // of the answer that call.out holds

	pages int
	seen  map[string]struct{} // in this reading
	known map[string]struct{} // from earlier readings
	done  bool
}

// listed is an item of a listing as it came, with its ID. What is not wanted of
// the listing counts only for its end.
type listed[T any] struct {
	id     string
	item   T
	wanted bool
}

func newPager[T any](c *Client, k call, items func() []listed[T]) *Pager[T] {
	return &Pager[T]{send: c.do, call: k, items: items, seen: map[string]struct{}{}}
}

// Done reports whether the listing was read to its end.
func (p *Pager[T]) Done() bool { return p.done }

// Next reads the next page. The end is a page that is empty or brings nothing
// new: nothing less shows it, because a server may serve pages of any size, and
// one that ignores page numbers never sends an empty page. After an error, Next
// reads the same page again.
func (p *Pager[T]) Next(ctx context.Context) (Page[T], error) {
	var page Page[T]
	if p.done {
		return page, nil
	}
	if p.pages == maxPages {
		return page, wrongAnswer(p.call.method, "the listing has not ended after %d pages", p.pages)
	}
	k := p.call
	k.query = url.Values{"page": {strconv.Itoa(p.pages + 1)}, "per_page": {strconv.Itoa(PageSize)}}
	maps.Copy(k.query, p.call.query)
	if err := p.send(ctx, k); err != nil {
		return page, err
	}
	p.pages++
	p.done = true // unless something is new
	for _, l := range p.items() {
		if _, dup := p.seen[l.id]; dup {
			page.Repeated = true
			continue
		}
		p.seen[l.id] = struct{}{}
		p.done = false
		if _, known := p.known[l.id]; l.wanted && !known {
			page.Items = append(page.Items, l.item)
		}
	}
	return page, nil
}

// Pages reads the rest of the listing. It stops after an error.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		for !p.done {
			page, err := p.Next(ctx)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// maxReadings bounds how often a listing whose items repeat is read.
const maxReadings = 5

// Items yields the items of the listing, each once. It requests a page when the items of
// the one before are used up, and reads the listing again while items repeat in it, until
// a reading brings nothing new. Only then may absence from it mean anything. Note gets
// each page and returns what counts of it. An error is the last thing that it yields.
func (p *Pager[T]) Items(ctx context.Context, note func([]T) []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for range maxReadings {
			repeated, isNew := false, false
			for page, err := range p.Pages(ctx) {
				if err != nil {
					var none T
					yield(none, err)
					return
				}
				repeated, isNew = repeated || page.Repeated, isNew || len(page.Items) > 0
				for _, item := range note(page.Items) {
					if !yield(item, nil) {
						return
					}
				}
			}
			if !repeated || !isNew {
				return
			}
			p.begin()
		}
	}
}

// begin begins another reading of the listing.
func (p *Pager[T]) begin() {
	if p.known == nil {
		p.known = map[string]struct{}{}
	}
	maps.Copy(p.known, p.seen)
	p.pages, p.done, p.seen = 0, false, map[string]struct{}{}
}
