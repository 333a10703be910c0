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
	if e.Left != nil {
		return s + ", and it was not deleted: " + e.Left.Error()
	}
	return s + "; it was deleted again"
}

// CreateApp creates an app exactly once. The ID makes that safe: after a lost
// answer it looks for the app, which did not exist before. An app that Clarifai
// created for another owner is deleted again.
func (i *Inventory) CreateApp(ctx context.Context, userID string, app clarifai.App) (clarifai.App, error) {
	a, ref := i.account(userID), clarifai.AppRef{UserID: userID, AppID: app.ID}
	release, err := a.ownID(ctx, app.ID)
	if err != nil {
		return clarifai.App{}, err
	}
	defer release()
	if taken, err := a.hasApp(ctx, app.ID); err != nil {
		return clarifai.App{}, err
	} else if taken {
		return clarifai.App{}, ErrAppExists
	}
	if err := a.awaitLateDelete(ctx, app.ID); err != nil {
		return clarifai.App{}, err
	}
	out, err := createOnce(ctx, i, onceOnly[clarifai.App]{
		method: "PostApps",
		send:   func(ctx context.Context) (clarifai.App, error) { return i.client.PostApp(ctx, userID, app) },
		look: func(ctx context.Context) (clarifai.App, bool, error) {
			found, err := a.getApp(ctx, app.ID)
			if _, moved := clarifai.IsMoved(err); moved || clarifai.IsNotFound(err) {
				return clarifai.App{}, false, nil
			}
			return found, err == nil, err
		},
	})
	if err != nil { // "not found" may be the account, or a workflow
		return clarifai.App{}, i.orExists(ctx, userID, app.ID, i.orUnverified(ctx, userID, err))
	}
	created := out.value
	if created.UserID != "" && created.UserID != userID && userID != aliasMe {
		err := &OwnerError{Asked: userID, Got: created.UserID, What: "app " + created.ID, Left: errNotCreatedHere}
		if !out.found { // else it may be somebody's that existed before
			detached, cancel := Detached(ctx)
			defer cancel()
			_, err.Left = i.DeleteApp(detached, StateApp{AppRef: clarifai.AppRef{UserID: created.UserID, AppID: created.ID}})
		}
		return clarifai.App{}, err
	}
	a.wroteNewApp(created, func(r *appRecord) { r.told, r.createdAt = !out.found, i.Now() })
	return i.completedApp(ctx, ref, created), nil
}

// ownID waits until nobody else in this run gives an app ID to an app or deletes the app
// that has it: a DELETE that is sent again would take another app that got the ID.
func (a *account) ownID(ctx context.Context, id string) (release func(), err error) {
	return a.inv.turn(ctx, "app "+a.ref(id).String())
}

// awaitLateDelete waits until no DELETE of an app that got no answer can take
// another app that gets its ID.
func (a *account) awaitLateDelete(ctx context.Context, id string) error {
	r := a.about(id)
	return a.inv.sleep(ctx, mayStillBeDeleted(&r, a.inv.Now()))
}

// hasApp reports whether the account has an app of this ID.
func (a *account) hasApp(ctx context.Context, id string) (bool, error) {
	if r := a.about(id); r.written || r.removed {
		return r.written, nil
	}
	err := a.appReads.read(ctx, id, Listed)
	asked := a.about(id).self
	there := err == nil && (asked.itself.asked || asked.listed)
	if there { // a listing may lag behind the deletion of the app
		err = a.appReads.itself(ctx, id, false)
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
	if clarifai.IsDuplicate(err) || apiError(i.account(userID).getApp(ctx, appID)) == nil {
		return ErrAppExists
	}
	return err
}

// completedApp reads an app if the answer to its creation or rename says nothing
// about it. That is done, so a failure to read it is no failure.
func (i *Inventory) completedApp(ctx context.Context, ref clarifai.AppRef, app clarifai.App) clarifai.App {
	if !app.IsBare() {
		return app
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	if read, err := i.App(detached, ref, Now); err == nil {
		return read
	}
	return app
}

// PatchApp changes the fields that are set in the patch and returns the app as it
// is then.
func (i *Inventory) PatchApp(ctx context.Context, ref clarifai.AppRef, patch clarifai.AppPatch) (clarifai.App, error) {
	app, err := i.sendPatch(ctx, ref.UserID, ref.AppID, patch)
	if err != nil { // "not found" may be the app or, perhaps, its new workflow
		return clarifai.App{}, i.orGone(ctx, ref, err)
	}
	if app.IsBare() { // or the answer shows none
		detached, cancel := Detached(ctx)
		defer cancel()
		return i.App(detached, ref, Now)
	}
	i.account(ref.UserID).wroteApp(app)
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
// answer, the app exists under the new ID, and under the old one there is none or
// another; that is a success.
func (i *Inventory) RenameApp(ctx context.Context, was StateApp, newID string) (clarifai.App, error) {
	ref, a := was.AppRef, i.account(was.UserID)
	release, err := a.ownID(ctx, newID)
	if err != nil {
		return clarifai.App{}, err
	}
	defer release()
	if err := a.awaitLateDelete(ctx, newID); err != nil {
		return clarifai.App{}, err
	}
	var before *appRecord
	a.locked(ref.AppID, func(r *appRecord) { before = r })
	app, err := i.client.PatchAppID(ctx, ref.UserID, ref.AppID, newID)
	if e := clarifai.AsError(err); e != nil && (e.Attempts > 1 || clarifai.IsOutcomeUnknown(e)) {
		// Even if the run is being canceled: without the new ID, the app and its keys
		// would be taken for gone.
		detached, cancel := Detached(ctx)
		defer cancel()
		if found, renamed := i.hasRenamed(detached, was, newID); renamed {
			app, err = found, nil
		}
	}
	if clarifai.IsNotFound(err) {
		return clarifai.App{}, i.orGone(ctx, ref, err)
	}
	if err != nil {
		return clarifai.App{}, i.orExists(ctx, ref.UserID, newID, err)
	}
	a.removedApp(ref.AppID, before)
	a.locked(ref.AppID, func(r *appRecord) { r.nowAt = newID })
	a.wroteNewApp(app, func(r *appRecord) { r.renamed, r.renamedAt = true, i.Now() })
	return i.completedApp(ctx, clarifai.AppRef{UserID: ref.UserID, AppID: newID}, app), nil
}

// hasRenamed reports whether a rename took place. That an app has the new ID is
// not enough: it may be the one because of which the rename was refused. Nor is it against
// it that an app has the old one, which this run may have given to another. Apps that were
// created at the same time are not told apart.
func (i *Inventory) hasRenamed(ctx context.Context, was StateApp, newID string) (clarifai.App, bool) {
	app, err := i.client.GetApp(ctx, was.UserID, newID)
	if err != nil || IsAnother(was.CreatedAt, app.CreatedAt) {
		return clarifai.App{}, false
	}
	old, err := i.client.GetApp(ctx, was.UserID, was.AppID)
	if !was.CreatedAt.IsZero() && !app.CreatedAt.IsZero() {
		return app, err != nil || IsAnother(was.CreatedAt, old.CreatedAt)
	}
	to, moved := clarifai.IsMoved(err)
	return app, clarifai.IsNotFound(err) || moved && (to == "" || to == newID)
}
