package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// DeleteApp deletes an app and, with it, its keys. That it does not exist is a
// success, in which mine says whether this run may have deleted it. "Not found" of an
// app that exists is asked again. If this run gave its ID to another one, it was gone before.
func (i *Inventory) DeleteApp(ctx context.Context, was StateApp) (mine bool, err error) {
	ref, a := was.AppRef, i.account(was.UserID)
	release, err := a.ownID(ctx, ref.AppID)
	if err != nil {
		return false, err
	}
	defer release()
	if r := a.about(ref.AppID); r.renamed && IsAnother(was.CreatedAt, r.app.CreatedAt) {
		return false, nil
	}
	deleted, doubt := i.askAgain(ctx, 3, func() (deleted conclusion, doubt error) {
		var lost time.Time
		if lost, err = i.client.DeleteApp(ctx, ref.UserID, ref.AppID); !lost.IsZero() { // it may have been carried out, or will be
			a.locked(ref.AppID, func(r *appRecord) { r.shown, r.lateUntil = false, lost.Add(i.cfg.LateWait) })
		}
		mine = mine || err == nil || !lost.IsZero()
		gone, doubt := i.isGoneIfNotFound(ctx, ref, err)
		return isAppDeleted(err, gone), doubt
	})
	switch {
	case doubt != nil:
		err = doubt
	case deleted == yes:
		a.removedApp(ref.AppID, nil)
		err = nil
	case deleted == contradicted:
		err = &ContradictionError{What: "app " + ref.String(), Said: err.Error(), Shown: "the app itself answers"}
	}
	return mine, err
}

// isGoneIfNotFound reports whether an app is gone, because of which something about it
// was not found. The error is what is wrong with it otherwise.
func (i *Inventory) isGoneIfNotFound(ctx context.Context, ref clarifai.AppRef, err error) (gone conclusion, _ error) {
	if !clarifai.IsNotFound(err) {
		return no, nil
	}
	if err = apiError(i.App(ctx, ref, Now)); errors.Is(err, ErrGone) {
		return yes, nil
	}
	return no, err
}

// ErrNoCounts says that the PAT may not ask how much an app holds.
var ErrNoCounts = errors.New("the PAT may not ask what the app holds")

// ErrNotEmpty says that an app holds what cannot be restored.
var ErrNotEmpty = errors.New("the app is not empty")

// MayDeleteApp reports whether an app may be deleted: it is empty, or gone. The
// error is [ErrNotEmpty], with the counts, or says why that is not known; if the PAT
// lacks the scopes for that, it is [ErrNoCounts].
func (i *Inventory) MayDeleteApp(ctx context.Context, ref clarifai.AppRef) (clarifai.Counts, error) {
	counts, err := i.countResources(ctx, ref)
	gone, doubt := i.isGoneIfNotFound(ctx, ref, err)
	switch {
	case mayDeleteApp(counts, err, gone) == yes:
		return counts, nil
	case clarifai.IsNotFound(err) && doubt == nil:
		return counts, &ContradictionError{What: "app " + ref.String(), Said: err.Error(), Shown: "the app itself answers"}
	case err != nil:
		return counts, cmp.Or(doubt, err)
	}
	return counts, ErrNotEmpty
}

// countResources returns how many resources an app holds. If the PAT lacks the
// scopes for that, GetApp may tell as well.
func (i *Inventory) countResources(ctx context.Context, ref clarifai.AppRef) (clarifai.Counts, error) {
	counts, err := i.client.GetResourceCounts(ctx, ref.UserID, ref.AppID)
	if !clarifai.IsInsufficientScopes(err) {
		return counts, err
	}
	app, again := i.client.GetApp(ctx, ref.UserID, ref.AppID, "counts")
	switch {
	case again != nil:
		return clarifai.Counts{}, again
	case app.ExtraInfo == nil || app.ExtraInfo.Counts == nil:
		return clarifai.Counts{}, fmt.Errorf("%w: %w", ErrNoCounts, err)
	}
	return *app.ExtraInfo.Counts, nil
}

// apiError drops a call's result and returns its error.
func apiError[T any](_ T, err error) error { return err }
