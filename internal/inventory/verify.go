package inventory

import (
	"context"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// VerifyAccount reports whether the account itself answers for this PAT. It asks
// once per account and fails with [UnverifiedAccountError].
func (i *Inventory) VerifyAccount(ctx context.Context, userID string) error {
	a := i.account(userID)
	_, err := share(ctx, i, "verify/"+userID, func(ctx context.Context) (struct{}, error) {
		for {
			a.mu.Lock()
			facts := a.facts
			a.mu.Unlock()
			right, err := isRightAccount(facts)
			switch right {
			case yes:
				return struct{}{}, nil
			case no:
				return struct{}{}, &UnverifiedAccountError{UserID: userID, Err: err}
			}
			switch {
			case !facts.scopes.asked:
				a.askAccount(ctx, scopes)
			case !facts.listing.asked:
				a.askAccount(ctx, listing)
			default:
				a.askAccount(ctx, private)
			}
		}
	})
	return err
}

// question is one that an account answers about itself.
type question int

const (
	scopes question = iota
	listing
	private
)

// askAccount asks one question about the account. An answer to a preflight, which
// tries once, counts for the run if it would be the same a second time.
func (a *account) askAccount(ctx context.Context, q question) answer {
	var (
		held, endpoints []string
		err             error
		about           = &a.facts.private
	)
	switch q {
	case scopes:
		about = &a.facts.scopes
		held, endpoints, err = a.inv.client.MyScopes(ctx, a.userID)
	case listing:
		about = &a.facts.listing
		err = a.appPages.read(ctx, func() bool { return a.appPages.pages == 0 })
	default:
		err = a.keyPages.read(ctx, func() bool { return a.keyPages.pages == 0 })
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !clarifai.IsSingleAttempt(ctx) || err == nil || clarifai.IsRefused(err) || clarifai.IsUnauthorized(err) {
		*about = answer{true, err}
	}
	if q == scopes {
		a.facts.held, a.facts.endpoints = held, endpoints
	}
	return answer{true, err}
}

// sawRefusal notes that a listing of keys was refused for a scope, which a stranger
// is not told.
func (a *account) sawRefusal(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if clarifai.IsInsufficientScopes(err) && !a.facts.private.asked {
		a.facts.private = answer{true, err}
	}
}
