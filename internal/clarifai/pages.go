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

// Page is one page of a listing.
type Page[T any] struct {
	Items []T // without those of earlier pages
	// Repeated reports whether items of earlier pages came again. The listing
	// shifted while it was read then, so it may have passed over others.
	Repeated bool
}

// listing is a listing that is read page by page. Wire is an item as the API
// sends it.
type listing[Wire, T any] struct {
	query url.Values
	fetch func(context.Context, url.Values) ([]Wire, error)
	id    func(Wire) string
	item  func(Wire) (T, bool) // false: not an item of this listing
}

// pages reads until a page is empty or brings nothing new: nothing less shows
// the end, because a server may serve pages of any size, and a server that
// ignores page numbers never sends an empty page. It ends after an error.
func (l listing[Wire, T]) pages(ctx context.Context) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		seen := map[string]struct{}{}
		for number := 1; ; number++ {
			q := url.Values{}
			maps.Copy(q, l.query)
			q.Set("page", strconv.Itoa(number))
			q.Set("per_page", strconv.Itoa(PageSize))
			wires, err := l.fetch(ctx, q)
			if err != nil {
				yield(Page[T]{}, err)
				return
			}
			var page Page[T]
			fresh := 0
			for _, w := range wires {
				if _, dup := seen[l.id(w)]; dup {
					page.Repeated = true
					continue
				}
				seen[l.id(w)] = struct{}{}
				fresh++
				if t, ok := l.item(w); ok {
					page.Items = append(page.Items, t)
				}
			}
			if !yield(page, nil) || fresh == 0 {
				return
			}
		}
	}
}
