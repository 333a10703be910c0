package inventory

import (
	"cmp"
	"context"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// VerifyAccount reports whether the account itself answers for this PAT. It asks
// once per account and fails with [UnverifiedAccountError].
func (i *Inventory) VerifyAccount(ctx context.Context, userID string) error {
	a := i.account(userID)
	return i.join(ctx, "verify/"+userID, func(ctx context.Context) error {
		for {
			facts := a.accountFacts()
			right, err := isRightAccount(facts)
			switch {
			case right == yes:
				return nil
			case right == no:
				return &UnverifiedAccountError{UserID: userID, Err: err}
			case !facts.scopes.asked:
				a.askAccount(ctx, scopes)
			case !facts.listing.asked:
				a.askAccount(ctx, listing)
			default:
				a.askAccount(ctx, private)
			}
		}
	})
}

// orUnverified replaces a "not found" about an account with what verifying the
// account says.
func (i *Inventory) orUnverified(ctx context.Context, userID string, err error) error {
	if clarifai.IsNotFound(err) {
		return cmp.Or(i.VerifyAccount(ctx, userID), err)
	}
	return err
}

// orGone replaces a "not found" about something in an app with what is wrong with the
// app, if that is it.
func (i *Inventory) orGone(ctx context.Context, ref clarifai.AppRef, err error) error {
	if clarifai.IsNotFound(err) {
		return cmp.Or(apiError(i.App(ctx, ref, Now)), err)
	}
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
