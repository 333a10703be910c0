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
		for q := scopes; ; q++ {
			right, err := isRightAccount(a.accountFacts())
			switch right {
			case yes:
				return nil
			case no:
				return &UnverifiedAccountError{UserID: userID, Err: err}
			}
			_ = a.askAccount(ctx, q) // what it answers is in the facts
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

// askAgain asks what may be contradicted, and up to so many times again while it is. The
// waits grow; if one is cut short, it stays contradicted.
func (i *Inventory) askAgain(ctx context.Context, most int, ask func() (conclusion, error)) (conclusion, error) {
	for n := 0; ; n++ {
		got, err := ask()
		if got != contradicted || err != nil || n == most {
			return got, err
		}
		if err := i.sleep(ctx, i.cfg.AskAgain<<n); err != nil {
			return contradicted, err
		}
	}
}

// askAccount asks one question about the account, once. An answer to a preflight, which
// tries once, counts for the run if it would be the same a second time.
func (a *account) askAccount(ctx context.Context, q question) (err error) {
	if known := a.accountFacts().answers[q]; known.asked {
		return known.err
	}
	var held, endpoints []string
	switch q {
	case scopes:
		held, endpoints, err = a.inv.client.MyScopes(ctx, a.userID)
	case listing:
		err = a.appReads.readPages(ctx, func() bool { return a.appReads.pages == 0 })
	default:
		err = a.keyReads.readPages(ctx, func() bool { return a.keyReads.pages == 0 })
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !clarifai.IsSingleAttempt(ctx) || err == nil || clarifai.IsRefused(err) || clarifai.IsUnauthorized(err) {
		a.facts.answers[q] = answer{true, err}
	}
	if q == scopes {
		a.facts.held, a.facts.endpoints = held, endpoints
	}
	return err
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
