package inventory

import (
	"context"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Preflight is what [Inventory.Preflight] found out about an account.
type Preflight struct {
	UserID string // the account; empty: not known
	// Refused is Clarifai's answer if it does not let the PAT use the account.
	Refused error
	// Lacking is Clarifai's answer if the PAT lacks a scope for one of the requests.
	Lacking error
	// Scopes are those of the PAT. None: they are not known.
	Scopes []string
	// PATSource says where the PAT came from; empty: not known.
	PATSource string
}

// ConfiguredUser returns the user that the inventory was configured with, or "".
func (i *Inventory) ConfiguredUser() string {
	if i.cfg.UserID == aliasMe {
		return ""
	}
	return i.cfg.UserID
}

// Preflight finds out whether the PAT may use an account, before anything is
// created in it. An empty userID means the configured user or the owner of the
// PAT. It asks once per account, with one attempt per request, and believes
// answers only: what fails without one, or for a reason that may pass, is not
// reported, because a plan must not depend on it.
func (i *Inventory) Preflight(ctx context.Context, userID string) Preflight {
	found, err := Preflight{UserID: userID}, error(nil)
	if userID == "" {
		found, err = i.preflightOnce(ctx, "", i.findOwner)
	}
	if err == nil && found.UserID != "" {
		found, err = i.preflightOnce(ctx, found.UserID, func(ctx context.Context) Preflight { return i.account(found.UserID).preflight(ctx) })
	}
	if err != nil { // the run is being cancelled
		return Preflight{UserID: userID}
	}
	found.PATSource = i.client.PATSource()
	return found
}

// preflightOnce returns what ask found under that name, which it calls once.
func (i *Inventory) preflightOnce(ctx context.Context, name string, ask func(context.Context) Preflight) (Preflight, error) {
	return share(ctx, i, "preflight/"+name, func(ctx context.Context) (Preflight, error) {
		i.mu.Lock()
		known := i.preflights[name]
		i.mu.Unlock()
		if known != nil {
			return *known, nil
		}
		p := ask(clarifai.WithSingleAttempt(ctx))
		i.mu.Lock()
		i.preflights[name] = &p
		i.mu.Unlock()
		return p, nil
	})
}

// findOwner finds the user that a resource belongs to if it does not say so. It
// does not share [Inventory.Me], whose other callers need more than one attempt.
func (i *Inventory) findOwner(ctx context.Context) Preflight {
	if user := i.ConfiguredUser(); user != "" {
		return Preflight{UserID: user}
	}
	i.mu.Lock()
	known := i.me
	i.mu.Unlock()
	if known != nil {
		return Preflight{UserID: known.ID}
	}
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	me, err := i.client.GetMe(ctx)
	if err != nil {
		var p Preflight
		p.believe("", err)
		return p
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.me = &me
	return Preflight{UserID: me.ID}
}

// preflight asks what the PAT may do for the account, and for the first page of its
// apps, as far as this run has not asked yet. What is answered is not asked again
// to verify the account.
func (a *account) preflight(ctx context.Context) (p Preflight) {
	p.UserID = a.userID
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
		if asked.err != nil && !p.believe(a.userID, asked.err) {
			return p
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p.Scopes = a.facts.held
	return p
}

// believe notes what an error says about the PAT or the account. It reports
// whether there is a point in asking more.
func (p *Preflight) believe(userID string, err error) bool {
	switch {
	case clarifai.IsTransient(err) || clarifai.IsThrottled(err):
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
	}
	return clarifai.IsRefused(err) // else no answer of Clarifai came
}
