package clarifai

import (
	"context"
	"maps"
	"net/url"
	"strconv"
)

// PageSize is the number of items asked for in one page of a listing: the
// largest that Clarifai documents.
const PageSize = 1000

// mayBeCap tells whether a first page that is shorter than asked for may be as
// long as the server's pages get, and not all there is. What becomes of a size
// that a deployment does not want to serve is not documented. Limits are round
// numbers, such as 128, the size where none is asked for (comments in Clarifai's
// service.proto); asking for one page more settles it.
func mayBeCap(n int) bool {
	return n >= 16 && (n%10 == 0 || n%25 == 0 || n&(n-1) == 0)
}

// pages asks for one page after the other until one is not full. Each returns
// how many of the page's items were new: a server that ignores the page number
// would otherwise be asked for ever. To the end means that only an empty page, or
// one that brings nothing new, is the last.
func pages[T any](ctx context.Context, query url.Values, toTheEnd bool, fetch func(context.Context, url.Values) ([]T, error), each func([]T) (fresh int)) error {
	full := PageSize
	if toTheEnd {
		full = 1
	}
	for page := 1; ; page++ {
		q := url.Values{}
		maps.Copy(q, query)
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(PageSize))
		items, err := fetch(ctx, q)
		if err != nil {
			return err
		}
		if page == 1 && mayBeCap(len(items)) {
			full = min(full, len(items))
		}
		if fresh := each(items); len(items) < full || fresh == 0 {
			return nil
		}
	}
}
