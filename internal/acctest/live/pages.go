package live

import (
	"context"
	"slices"
	"strconv"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// askPages reads the listing of the app in several ways.
func (p *probe) askPages(ctx context.Context) error {
	keys, err := p.listed(ctx, p.app)
	if err != nil {
		return err
	}
	var ours []clarifai.Secret
	for _, k := range keys {
		if slices.Contains(p.keys, k.Value) {
			ours = append(ours, k.Value)
		}
	}
	reversed := slices.Clone(p.keys)
	slices.Reverse(reversed)
	order := "shuffle"
	switch {
	case sameCycle(ours, p.keys):
		order = "created"
	case sameCycle(ours, reversed):
		order = "reverse"
	}
	p.record("listing_order", order, "of %d keys", len(p.keys))

	first, err := p.page(ctx, 1, clarifai.PageSize)
	if err != nil {
		return err
	}
	limit := 0
	if len(first) < len(keys) {
		limit = len(first)
	}
	p.record("page_cap", strconv.Itoa(limit), "a page had %d of %d keys", len(first), len(keys))

	// Pages that no cap cuts, of a size that does not divide the number of keys.
	different := map[string]bool{}
	items := 0
	for number := 1; number <= len(keys); number++ {
		page, err := p.page(ctx, number, 7)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		items += len(page)
		for _, key := range page {
			different[key.ID] = true
		}
	}
	shifts := len(different) != items || len(different) < len(p.keys)
	p.record("shifting_pages", strconv.FormatBool(shifts), "pages of 7 had %d items, %d of them different", items, len(different))

	return nil
}

// sameCycle reports whether two lists are equal apart from where they begin: pages
// may shift from one request to the next.
func sameCycle(a, b []clarifai.Secret) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	i := slices.Index(b, a[0])
	return i >= 0 && slices.Equal(a, slices.Concat(b[i:], b[:i]))
}

// askAccountListing looks for the keys in the listing of the account.
func (p *probe) askAccountListing(ctx context.Context) error {
	missing := slices.Clone(p.keys)
	for range 3 { // pages may shift
		keys, err := all(ctx, p.client.ListKeys(p.owner))
		if err != nil && definite(err) == nil {
			p.record("account_listing", "refused", "%s", p.last)
			return nil
		}
		if err != nil {
			return err
		}
		for _, k := range keys {
			missing = slices.DeleteFunc(missing, func(value clarifai.Secret) bool { return value == k.Value })
		}
	}
	p.record("account_listing", either(len(missing) == 0, "served", "incomplete"), "it lacks %d of %d keys", len(missing), len(p.keys))
	return nil
}
