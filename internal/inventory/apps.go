package inventory

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// errNotListed says that the account's listing does not show something, as far as it
// was read.
var errNotListed = errors.New("it is not listed")

// App returns an app. [ErrGone] means that it does not exist. A renamed app
// answers [clarifai.IsMoved]. Listed reads no more of the account's listing than
// needed and concludes nothing.
func (i *Inventory) App(ctx context.Context, ref clarifai.AppRef, fresh Freshness) (clarifai.App, error) {
	a, id := i.account(ref.UserID), ref.AppID
	var err error
	switch r := a.about(id); {
	case r.removed:
		return clarifai.App{}, ErrGone
	case r.written && fresh < Now:
		return r.app, nil
	case fresh == Listed && !a.lists(ctx, id):
		return clarifai.App{}, errNotListed
	case fresh > Listed:
		err = a.appReads.read(ctx, id, fresh)
	}
	if clarifai.IsNotFound(err) {
		err = a.concludeApp(ctx, id)
	}
	r := a.about(id)
	switch {
	case err != nil:
		return clarifai.App{}, err
	case r.removed, !r.shown: // while it was asked for
		return clarifai.App{}, ErrGone
	}
	return r.app, nil
}

// StateApp is an app as a state holds it.
type StateApp struct {
	clarifai.AppRef
	CreatedAt clarifai.Time
	// Renaming is the ID that an earlier run was giving the app; empty: none.
	Renaming string
}

// FollowApp returns the app of a state, under its new ID if it was renamed. If it
// cannot be found, the error is [ErrGone], or [clarifai.IsMoved] if it was renamed
// to an ID that is not known; the app is then the one that it probably is now, if
// there is exactly one.
func (i *Inventory) FollowApp(ctx context.Context, state StateApp) (clarifai.App, error) {
	was := clarifai.App{ID: state.AppID, UserID: state.UserID, CreatedAt: state.CreatedAt}
	app, err := i.App(ctx, state.AppRef, Checked)
	a := i.account(state.UserID)
	if err == nil && !wasRenamed(was, app) && a.findProbably(ctx, was) {
		err = ErrGone // another app has its ID
	}
	newID, moved := clarifai.IsMoved(err)
	if !moved && !errors.Is(err, ErrGone) {
		return app, err
	}
	for _, id := range []string{newID, state.Renaming} {
		if id == "" || id == state.AppID || id == newID && otherOwner(err, state.UserID) {
			continue
		}
		is, findErr := i.App(ctx, clarifai.AppRef{UserID: state.UserID, AppID: id}, Checked)
		_, movedOn := clarifai.IsMoved(findErr)
		switch known := !is.CreatedAt.IsZero() && !was.CreatedAt.IsZero(); {
		case findErr == nil && wasRenamed(was, is) && (known || id == newID):
			a.sawRename(id)
			return is, nil
		case findErr != nil && !movedOn && !errors.Is(findErr, ErrGone):
			return clarifai.App{}, findErr
		}
	}
	is := a.probably(was)
	a.locked(was.ID, func(r *appRecord) { r.maybeAt = is.ID })
	return is, err
}

// sawRename notes that somebody gave an app this ID, to which listings of its keys
// may lag.
func (a *account) sawRename(to string) {
	a.locked(to, func(r *appRecord) {
		if r.renamedAt.IsZero() {
			r.renamedAt = a.inv.Now()
		}
	})
}

// probably returns the only app that may be another one under a new ID and that no
// state of this run holds.
func (a *account) probably(was clarifai.App) (is clarifai.App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, r := range a.apps {
		if !r.shown || r.isNew || !wasProbablyRenamed(was, r.app) || a.inv.cfg.StateHolds(a.ref(id)) {
			continue
		}
		if is.ID != "" {
			return clarifai.App{}
		}
		is = r.app
	}
	return is
}

// findProbably reports whether there is one in the account's listing.
func (a *account) findProbably(ctx context.Context, was clarifai.App) bool {
	_ = a.askAccount(ctx, listing)
	return a.lookThrough(ctx, "probably/"+was.ID, func() bool { return a.probably(was).ID != "" })
}

// lists reports whether the account's listing of apps shows an app.
func (a *account) lists(ctx context.Context, id string) bool {
	return a.lookThrough(ctx, "lists/"+id, func() bool { return a.about(id).shown })
}

// lookThrough reads the account's listing of apps until something is found or it ends,
// but only if the account has answered with it, and no more than its end and a page per
// 1,000 apps even if the pages are smaller. It reports whether it is found.
func (a *account) lookThrough(ctx context.Context, name string, isFound func() bool) bool {
	wanted := func() bool { return a.accountFacts().answers[listing] == answer{asked: true} && !isFound() }
	if wanted() {
		_ = a.inv.join(ctx, name+"/"+a.userID, func(ctx context.Context) error {
			reads := a.appReads
			return reads.readPages(clarifai.WithSingleAttempt(ctx, a.inv.cfg.PreflightWait), func() bool {
				return wanted() && !reads.broken && reads.pages <= 1+reads.entries/clarifai.PageSize
			})
		})
	}
	return isFound()
}

// otherOwner reports whether Clarifai says that an app was renamed to one of another
// owner.
func otherOwner(moved error, userID string) bool {
	e := clarifai.AsError(moved) // nil: this run has renamed the app
	return e != nil && e.MovedOwner != "" && e.MovedOwner != userID && userID != aliasMe && e.MovedOwner != aliasMe
}
