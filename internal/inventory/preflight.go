package inventory

import (
	"context"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Preflight is what [Inventory.Preflight] found out about an account and the PAT.
type Preflight struct {
	UserID string // the account; empty: not known
	// Refused is Clarifai's answer if it does not let the PAT use the account.
	Refused error
	// Lacking is Clarifai's answer if it refused one of the requests for a scope.
	Lacking error
	// Unanswered says why something was not found out: no answer of Clarifai came, or
	// one that may differ a moment later.
	Unanswered error
	clarifai.Standing
	// PATSource says where the PAT came from; empty: not known.
	PATSource string
}

// Preflight finds out whether the PAT may use an account, before anything is
// created in it. An empty userID means the configured user or the owner of the
// PAT. It asks once per account, with one attempt per request. If it is refused,
// it also asks whose PAT that is.
func (i *Inventory) Preflight(ctx context.Context, userID string) Preflight {
	found, err := share(ctx, i, "preflight/"+userID, func(ctx context.Context) (Preflight, error) {
		a := i.account(userID)
		if known := a.found.Load(); known != nil {
			return *known, nil
		}
		found := a.preflight(clarifai.WithSingleAttempt(ctx, i.cfg.PreflightWait))
		a.found.Store(&found)
		return found, nil
	})
	if err != nil { // the run is being canceled
		return Preflight{UserID: userID}
	}
	return found
}

// preflight finds out what there is to say about an account or, if a resource does not
// say which, about the one that it is then.
func (a *account) preflight(ctx context.Context) Preflight {
	p := Preflight{UserID: a.userID, PATSource: a.inv.client.PATSource()}
	switch {
	case a.userID != "":
		a.mayUse(ctx, &p)
	case a.inv.cfg.UserID != "":
		return a.inv.Preflight(ctx, a.inv.cfg.UserID)
	default:
		me, err := a.inv.askMe(ctx)
		if err == nil && me.ID != "" {
			return a.inv.Preflight(ctx, me.ID)
		}
		p.note(err)
	}
	if p.Refused != nil || p.Lacking != nil {
		a.inv.identify(ctx, &p)
	}
	return p
}

// standing returns what is known of the PAT that an account refused.
func (i *Inventory) standing(ctx context.Context, userID string) clarifai.Standing {
	if userID == aliasMe {
		userID = ""
	}
	return i.Preflight(ctx, userID).Standing
}

// identify finds out whose PAT it is that was refused, and what it holds for its
// own account.
func (i *Inventory) identify(ctx context.Context, p *Preflight) {
	err := p.Refused
	if !clarifai.IsUnauthorized(err) && p.UserID != "" {
		var me clarifai.User
		me, err = i.askMe(ctx)
		p.Owner = me.ID
	}
	switch {
	case clarifai.IsUnauthorized(err), clarifai.IsRefused(err), p.UserID == "":
		p.AppKey, _ = i.client.AppOfKey(ctx)
	case p.Owner != "" && p.Owner != p.Account && len(p.Scopes) == 0:
		p.Scopes, p.Endpoints, _ = i.client.MyScopes(ctx, p.Owner)
	}
}

// mayUse asks what the PAT may do for the account, and for the first page of its
// apps, as far as this run has not asked yet. What is answered is not asked again
// to verify the account.
func (a *account) mayUse(ctx context.Context, p *Preflight) {
	p.Account, p.Shut = a.userID, true
	for _, q := range []question{scopes, listing} {
		err := a.askAccount(ctx, q)
		p.Shut = p.Shut && clarifai.IsInsufficientScopes(err)
		if !p.note(err) {
			p.Shut = false
			break
		}
	}
	facts := a.accountFacts()
	p.Scopes, p.Endpoints = facts.held, facts.endpoints
}

// note notes what an error says about the PAT or the account. It reports whether
// there is a point in asking more.
func (p *Preflight) note(err error) bool {
	switch {
	case err == nil:
		return true
	case clarifai.IsTransient(err): // whatever its code is
	case clarifai.IsUnauthorized(err):
		p.Refused = err
		return false
	case clarifai.IsNotFound(err) && p.Account != "":
		p.Refused = &UnverifiedAccountError{UserID: p.Account, Err: err}
		return false
	case clarifai.IsInsufficientScopes(err):
		p.Lacking = err
		return true
	case clarifai.IsRefused(err):
		return true
	}
	p.Unanswered = err
	return false
}
