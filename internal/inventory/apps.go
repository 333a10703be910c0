package inventory

import (
	"context"
	"errors"
	"fmt"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// ErrAppExists says that the ID of an app to be created is taken.
var ErrAppExists = errors.New("an app with this id exists already")

// OwnerError says that Clarifai created something for another owner than
// requested. It was deleted again, or Left says why not.
type OwnerError struct {
	Asked, Got string
	What       string // "app x" or "key user/app/fingerprint"
	Left       error
}

// errNotCreatedHere is why something is left that may have existed before.
var errNotCreatedHere = errors.New("it may have existed before")

func (e *OwnerError) Error() string {
	s := fmt.Sprintf("Clarifai created the %s for %s instead of %s", e.What, e.Got, e.Asked)
	switch {
	case errors.Is(e.Left, errNotCreatedHere):
		return s + ", and it was not deleted: " + e.Left.Error()
	case e.Left != nil:
		return s + ", and it could not be deleted again: " + e.Left.Error()
	}
	return s + "; it was deleted again"
}

// CreateApp creates an app exactly once. The ID makes that safe: after a lost
// answer it looks for the app, which did not exist before. An app that Clarifai
// created for another owner is deleted again.
func (i *Inventory) CreateApp(ctx context.Context, userID string, app clarifai.App) (clarifai.App, error) {
	acc := i.account(userID)
	if taken, err := acc.hasApp(ctx, app.ID); err != nil {
		return clarifai.App{}, err
	} else if taken {
		return clarifai.App{}, ErrAppExists
	}
	out, err := createOnce(ctx, i, onceOnly[clarifai.App]{
		method: "PostApps",
		send:   func(ctx context.Context) (clarifai.App, error) { return i.client.PostApp(ctx, userID, app) },
		look: func(ctx context.Context) (clarifai.App, bool, error) {
			found, err := i.client.GetApp(ctx, userID, app.ID)
			if _, moved := clarifai.IsMoved(err); moved || clarifai.IsNotFound(err) {
				return clarifai.App{}, false, nil
			}
			return found, err == nil, err
		},
	})
	if err != nil {
		return clarifai.App{}, i.orExists(ctx, userID, app.ID, err)
	}
	created := out.value
	if created.UserID != "" && created.UserID != userID && userID != aliasMe {
		err := &OwnerError{Asked: userID, Got: created.UserID, What: "app " + created.ID, Left: errNotCreatedHere}
		if !out.found { // else it may be somebody's that existed before
			detached, cancel := Detached(ctx)
			defer cancel()
			err.Left = i.DeleteApp(detached, created.UserID, created.ID)
		}
		return clarifai.App{}, err
	}
	created = i.completedApp(ctx, userID, created)
	acc.putNewApp(created)
	if !out.found {
		acc.noteOwnApp(created.ID)
	}
	return created, nil
}

// hasApp reports whether the account has an app of this ID.
func (a *account) hasApp(ctx context.Context, id string) (bool, error) {
	_, written, err := a.writtenApp(id)
	if written {
		return err == nil, nil
	}
	_, from, err := a.apps.listedOrIncomplete(ctx, id)
	there := err == nil && from != notListed
	if there { // a listing may lag behind the deletion of the app
		_, err = a.apps.direct(ctx, id)
	}
	if _, moved := clarifai.IsMoved(err); moved || clarifai.IsNotFound(err) {
		return false, nil
	}
	return there, err
}

// orExists replaces an error by [ErrAppExists] if the app exists: which code says
// that an ID is taken is not documented, so it asks for the app.
func (i *Inventory) orExists(ctx context.Context, userID, appID string, err error) error {
	if clarifai.AsError(err) == nil || clarifai.IsTransient(err) || clarifai.IsUnauthorized(err) ||
		clarifai.IsInsufficientScopes(err) || clarifai.IsNotFound(err) {
		return err
	}
	if clarifai.IsDuplicate(err) {
		return ErrAppExists
	}
	if _, there := i.client.GetApp(ctx, userID, appID); there == nil {
		return ErrAppExists
	}
	return err
}

// completedApp reads an app if the answer to its creation or rename says nothing
// about it. That is done, so a failure to read it is no failure.
func (i *Inventory) completedApp(ctx context.Context, userID string, app clarifai.App) clarifai.App {
	if !app.IsBare() {
		return app
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	if read, err := i.client.GetApp(detached, userID, app.ID); err == nil {
		return read
	}
	return app
}

// RereadApp reads an app that this run has written afresh, even if the run is
// being cancelled.
func (i *Inventory) RereadApp(ctx context.Context, userID, appID string) (clarifai.App, error) {
	detached, cancel := Detached(ctx)
	defer cancel()
	app, err := i.client.GetApp(detached, userID, appID)
	if err == nil {
		i.account(userID).putApp(app)
	}
	return app, err
}

// PatchApp changes the fields that are set in the patch and returns the app as it
// is then.
func (i *Inventory) PatchApp(ctx context.Context, userID, appID string, patch clarifai.AppPatch) (clarifai.App, error) {
	app, err := i.sendPatch(ctx, userID, appID, patch)
	if err != nil {
		return clarifai.App{}, err
	}
	if app.IsBare() { // or the answer shows none
		return i.RereadApp(ctx, userID, appID)
	}
	i.account(userID).putApp(app)
	return app, nil
}

// sendPatch sends a patch. One that reindexes costs money, so after a lost answer
// it is sent again only if the app does not have the new workflow.
func (i *Inventory) sendPatch(ctx context.Context, userID, appID string, patch clarifai.AppPatch) (clarifai.App, error) {
	if !patch.Reindex || patch.App.DefaultWorkflow == nil {
		return i.client.PatchApp(ctx, userID, appID, patch)
	}
	out, err := createOnce(ctx, i, onceOnly[clarifai.App]{
		method: "PatchApp",
		send: func(ctx context.Context) (clarifai.App, error) {
			return i.client.PatchAppOnce(ctx, userID, appID, patch)
		},
		look: func(ctx context.Context) (clarifai.App, bool, error) {
			app, err := i.client.GetApp(ctx, userID, appID)
			return app, err == nil && app.HasWorkflow(*patch.App.DefaultWorkflow), err
		},
	})
	return out.value, err
}

// RenameApp gives an app another ID. If an earlier attempt succeeded without an
// answer, the app exists under the new ID and not under the old one; that is a
// success.
func (i *Inventory) RenameApp(ctx context.Context, userID, appID, newID string) (clarifai.App, error) {
	app, err := i.client.PatchAppID(ctx, userID, appID, newID)
	if e := clarifai.AsError(err); e != nil && (e.Attempts > 1 || clarifai.IsOutcomeUnknown(e)) {
		// Even if the run is being cancelled: without the new ID, the app and its keys
		// would be taken for gone.
		detached, cancel := Detached(ctx)
		defer cancel()
		if found, renamed := i.wasRenamed(detached, userID, appID, newID); renamed {
			app, err = found, nil
		}
	}
	if err != nil {
		return clarifai.App{}, i.orExists(ctx, userID, newID, err)
	}
	app = i.completedApp(ctx, userID, app)
	i.account(userID).dropApp(appID)
	i.account(userID).putNewApp(app)
	i.account(userID).noteRenamed(newID)
	return app, nil
}

// wasRenamed reports whether a rename took place. That an app has the new ID is
// not enough: it may be the one because of which the rename was refused.
func (i *Inventory) wasRenamed(ctx context.Context, userID, appID, newID string) (clarifai.App, bool) {
	app, err := i.client.GetApp(ctx, userID, newID)
	if err != nil {
		return clarifai.App{}, false
	}
	_, err = i.client.GetApp(ctx, userID, appID)
	to, moved := clarifai.IsMoved(err)
	return app, clarifai.IsNotFound(err) || moved && (to == "" || to == newID)
}

// DeleteApp deletes an app and, with it, its keys. That it does not exist is a
// success if the account answers for the PAT.
func (i *Inventory) DeleteApp(ctx context.Context, userID, appID string) error {
	err := i.client.DeleteApp(ctx, userID, appID)
	if clarifai.IsNotFound(err) {
		err = i.VerifyAccount(ctx, userID)
	}
	if err == nil {
		i.account(userID).dropApp(appID)
	}
	return err
}

// ErrNoCounts says that the PAT may not ask how much an app holds.
var ErrNoCounts = errors.New("the PAT may not ask what the app holds")

// CountResources returns how many resources an app holds. If the PAT lacks the
// scopes for that, GetApp may tell as well; else the error is [ErrNoCounts].
func (i *Inventory) CountResources(ctx context.Context, userID, appID string) (clarifai.Counts, error) {
	counts, err := i.client.GetResourceCounts(ctx, userID, appID)
	if !clarifai.IsInsufficientScopes(err) {
		return counts, err
	}
	app, again := i.client.GetApp(ctx, userID, appID, "counts")
	switch {
	case again != nil:
		return clarifai.Counts{}, again
	case app.ExtraInfo == nil || app.ExtraInfo.Counts == nil:
		return clarifai.Counts{}, fmt.Errorf("%w: %w", ErrNoCounts, err)
	}
	return *app.ExtraInfo.Counts, nil
}
