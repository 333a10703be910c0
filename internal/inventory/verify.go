package inventory

import (
	"cmp"
	"context"
	"slices"

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
			switch right {
			case yes:
				return nil
			case no:
				return &UnverifiedAccountError{UserID: userID, Err: err}
			}
			next := slices.IndexFunc(facts.answers[:], func(known answer) bool { return !known.asked })
			a.askAccount(ctx, question(next))
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

// askAccount asks one question about the account. An answer to a preflight, which
// tries once, counts for the run if it would be the same a second time.
func (a *account) askAccount(ctx context.Context, q question) answer {
	var (
		held, endpoints []string
		err             error
	)
	switch q {
	case scopes:
		held, endpoints, err = a.inv.client.MyScopes(ctx, a.userID)
	case listing:
		err = a.appPages.read(ctx, func() bool { return a.appPages.pages == 0 })
	default:
		err = a.keyPages.read(ctx, func() bool { return a.keyPages.pages == 0 })
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !clarifai.IsSingleAttempt(ctx) || err == nil || clarifai.IsRefused(err) || clarifai.IsUnauthorized(err) {
		a.facts.answers[q] = answer{true, err}
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
	if clarifai.IsInsufficientScopes(err) && !a.facts.answers[private].asked {
		a.facts.answers[private] = answer{true, err}
	}
}
