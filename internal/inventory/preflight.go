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
	found, err := Preflight{UserID: userID}, error(nil)
	if userID == "" {
		found, err = i.account("").preflightOnce(ctx, i.findOwner)
	}
	if err == nil && found.UserID != "" {
		a := i.account(found.UserID)
		found, err = a.preflightOnce(ctx, a.preflight)
	}
	if err != nil { // the run is being cancelled
		return Preflight{UserID: userID}
	}
	found.PATSource = i.client.PATSource()
	return found
}

// standing returns what is known of the PAT that an account refused.
func (i *Inventory) standing(ctx context.Context, userID string) clarifai.Standing {
	if userID == aliasMe {
		userID = ""
	}
	return i.Preflight(ctx, userID).Standing
}

// preflightOnce returns what ask found about an account, which it calls once.
func (a *account) preflightOnce(ctx context.Context, ask func(context.Context) Preflight) (Preflight, error) {
	return share(ctx, a.inv, "preflight/"+a.userID, func(ctx context.Context) (Preflight, error) {
		a.mu.Lock()
		known := a.found
		a.mu.Unlock()
		if known != nil {
			return *known, nil
		}
		ctx = clarifai.WithSingleAttempt(ctx)
		p := ask(ctx)
		if p.Refused != nil || p.Lacking != nil {
			a.inv.identify(ctx, &p)
		}
		a.mu.Lock()
		a.found = &p
		a.mu.Unlock()
		return p, nil
	})
}

// findOwner finds the user that a resource belongs to if it does not say so.
func (i *Inventory) findOwner(ctx context.Context) (p Preflight) {
	if p.UserID = i.cfg.UserID; p.UserID == "" {
		me, err := i.askMe(ctx)
		p.UserID = me
		p.note("", err)
	}
	return p
}

// askMe asks for the owner of the PAT. It does not share [Inventory.Me], whose
// other callers need more than one attempt.
func (i *Inventory) askMe(ctx context.Context) (string, error) {
	i.mu.Lock()
	known := i.me
	i.mu.Unlock()
	if known != nil {
		return known.ID, nil
	}
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	me, err := i.client.GetMe(ctx)
	if err == nil {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.me = &me
	}
	return me.ID, err
}

// identify finds out whose PAT it is that was refused, and what it holds for its
// own account.
func (i *Inventory) identify(ctx context.Context, p *Preflight) {
	err := p.Refused
	if !clarifai.IsUnauthorized(err) && p.UserID != "" {
		p.Owner, err = i.askMe(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	switch {
	case clarifai.IsUnauthorized(err), clarifai.IsRefused(err), p.UserID == "":
		p.AppKey, _ = i.client.AppOfKey(ctx)
	case p.Owner != "" && p.Owner != p.Account && len(p.Scopes) == 0:
		p.Scopes, p.Endpoints, _ = i.client.MyScopes(ctx, p.Owner)
	}
}

// preflight asks what the PAT may do for the account, and for the first page of its
// apps, as far as this run has not asked yet. What is answered is not asked again
// to verify the account.
func (a *account) preflight(ctx context.Context) (p Preflight) {
	p.UserID, p.Account, p.Shut = a.userID, a.userID, true
	for n := range 2 {
		a.mu.Lock()
		facts := a.facts
		a.mu.Unlock()
		asked := []answer{facts.scopes, facts.listing}[n]
		if !asked.asked {
			limited, cancel := context.WithTimeout(ctx, a.inv.cfg.PreflightWait)
			asked = a.askAccount(limited, []question{scopes, listing}[n])
			cancel()
		}
		p.Shut = p.Shut && clarifai.IsInsufficientScopes(asked.err)
		if !p.note(a.userID, asked.err) {
			p.Shut = false
			break
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p.Scopes, p.Endpoints = a.facts.held, a.facts.endpoints
	return p
}

// note notes what an error says about the PAT or the account. It reports whether
// there is a point in asking more.
func (p *Preflight) note(userID string, err error) bool {
	switch {
	case err == nil:
		return true
	case clarifai.IsTransient(err) || clarifai.IsThrottled(err):
		p.Unanswered = err
		return false
	case clarifai.IsUnauthorized(err):
		p.Refused = err
		return false
	case clarifai.IsNotFound(err) && userID != "":
		p.Refused = &UnverifiedAccountError{UserID: userID, Err: err}
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
