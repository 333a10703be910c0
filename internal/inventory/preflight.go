package inventory

import (
	"context"
	"sync"
	"time"

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

// preflight is the preflight of an account and the listing of its apps, which is
// read as far as it is needed.
type preflight struct {
	found Preflight
	clean bool // the account answered in full

	mu      sync.Mutex
	pager   *clarifai.Pager[clarifai.App] // nil: not to be read any further
	pages   int
	entries int
	apps    map[string]clarifai.App
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
	p, err := i.preflight(ctx, userID)
	if err != nil { // the run is being cancelled
		return Preflight{UserID: userID}
	}
	found := p.found
	found.PATSource = i.client.PATSource()
	return found
}

// AppTaken reports whether the account had an app of this ID before this run, as
// far as the account's listing tells. It asks nothing more of an account that did
// not answer its preflight.
func (i *Inventory) AppTaken(ctx context.Context, userID, appID string) bool {
	p, err := i.preflight(ctx, userID)
	if err != nil || !p.clean {
		return false
	}
	if _, written, _ := i.account(p.found.UserID).writtenApp(appID); written {
		return false
	}
	return p.hasApp(ctx, i, appID)
}

func (i *Inventory) preflight(ctx context.Context, userID string) (*preflight, error) {
	owner := &preflight{found: Preflight{UserID: userID}}
	if userID == "" {
		var err error
		if owner, err = i.preflightOnce(ctx, "", i.findOwner); err != nil || owner.found.UserID == "" {
			return owner, err
		}
	}
	return i.preflightOnce(ctx, owner.found.UserID, func(ctx context.Context) *preflight {
		return i.askAccount(ctx, owner.found.UserID)
	})
}

// preflightOnce returns what ask found under that name, which it calls once.
func (i *Inventory) preflightOnce(ctx context.Context, name string, ask func(context.Context) *preflight) (*preflight, error) {
	return share(ctx, i, "preflight/"+name, func(ctx context.Context) (*preflight, error) {
		i.mu.Lock()
		known := i.preflights[name]
		i.mu.Unlock()
		if known != nil {
			return known, nil
		}
		p := ask(clarifai.WithSingleAttempt(ctx))
		i.mu.Lock()
		i.preflights[name] = p
		i.mu.Unlock()
		return p, nil
	})
}

// findOwner finds the user that a resource belongs to if it does not say so. It
// does not share [Inventory.Me], whose other callers need more than one attempt.
func (i *Inventory) findOwner(ctx context.Context) *preflight {
	if user := i.ConfiguredUser(); user != "" {
		return &preflight{found: Preflight{UserID: user}}
	}
	i.mu.Lock()
	known := i.me
	i.mu.Unlock()
	if known != nil {
		return &preflight{found: Preflight{UserID: known.ID}}
	}
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	me, err := i.client.GetMe(ctx)
	if err != nil {
		p := &preflight{}
		p.believe("", err)
		return p
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.me = &me
	return &preflight{found: Preflight{UserID: me.ID}}
}

// askAccount asks what the PAT may do for the account, and for the first page of
// its apps: neither answer is proof alone, see [Inventory.VerifyAccount].
func (i *Inventory) askAccount(ctx context.Context, userID string) *preflight {
	p := &preflight{found: Preflight{UserID: userID}, apps: map[string]clarifai.App{}}
	scopes, _, err := i.preflightScopes(ctx, userID)
	if err != nil && !p.believe(userID, err) {
		return p
	}
	p.found.Scopes = scopes
	p.pager = i.client.ListApps(userID, "")
	listingErr := p.readPage(ctx, i)
	if listingErr != nil {
		p.believe(userID, listingErr)
		return p
	}
	p.clean = true
	if err == nil {
		i.mu.Lock()
		defer i.mu.Unlock()
		if _, asked := i.verified[userID]; !asked {
			i.verified[userID] = nil // VerifyAccount asks the same
		}
	}
	return p
}

func (i *Inventory) preflightScopes(ctx context.Context, userID string) (scopes, endpoints []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	return i.client.MyScopes(ctx, userID)
}

// believe notes what an error says about the PAT or the account. It reports
// whether there is a point in asking more.
func (p *preflight) believe(userID string, err error) bool {
	switch {
	case clarifai.IsTransient(err) || clarifai.IsThrottled(err):
		return false
	case clarifai.IsUnauthorized(err):
		p.found.Refused = err
		return false
	case clarifai.IsNotFound(err) && userID != "":
		p.found.Refused = &UnverifiedAccountError{UserID: userID, Err: err}
		return false
	case clarifai.IsInsufficientScopes(err):
		p.found.Lacking = err
		return true
	}
	return clarifai.IsRefused(err) // else no answer of Clarifai came
}

// hasApp reads the listing until it shows the app or ends.
func (p *preflight) hasApp(ctx context.Context, i *Inventory, appID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx = clarifai.WithSingleAttempt(ctx)
	for {
		if _, there := p.apps[appID]; there {
			return true
		}
		// No more than the end of the listing and a page per 1,000 apps, even if the
		// server serves smaller pages.
		if p.pager == nil || p.pager.Done() || p.pages > 1+p.entries/clarifai.PageSize || ctx.Err() != nil {
			return false
		}
		if p.readPage(ctx, i) != nil && ctx.Err() == nil {
			p.pager = nil
		}
	}
}

// readPage reads a page of the listing. It keeps of each app only what is asked
// for later.
func (p *preflight) readPage(ctx context.Context, i *Inventory) error {
	ctx, cancel := context.WithTimeout(ctx, i.cfg.PreflightWait)
	defer cancel()
	page, err := p.pager.Next(ctx)
	if err != nil {
		return err
	}
	p.pages++
	p.entries += len(page.Items)
	for _, app := range page.Items {
		if app.UserID == "" || app.UserID == p.found.UserID {
			p.apps[app.ID] = clarifai.App{ID: app.ID, UserID: app.UserID, DefaultWorkflow: app.DefaultWorkflow, DefaultWorkflowID: app.DefaultWorkflowID}
		}
	}
	return nil
}

// defaultPreflightWait is how long an attempt of a preflight may take.
const defaultPreflightWait = 5 * time.Second

// KnownApp returns an app as this run has read or written it. It asks nothing.
func (i *Inventory) KnownApp(userID, appID string) (clarifai.App, bool) {
	acc := i.account(userID)
	if app, written, err := acc.writtenApp(appID); written {
		return app, err == nil
	}
	if app, ok := acc.apps.known(appID); ok {
		return app, true
	}
	i.mu.Lock()
	p := i.preflights[userID]
	i.mu.Unlock()
	if p == nil {
		return clarifai.App{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	app, ok := p.apps[appID]
	return app, ok
}
