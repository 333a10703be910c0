package app

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// notePendingRename holds the ID that the app was to get while it is not
// known whether it got it. States hold the name of the key, so it never changes.
const notePendingRename base.Note[string] = "renaming"

// findPendingRename looks for an app under the ID that an earlier run was
// giving it. An equal creation time proves that it is the same app.
func findPendingRename(ctx context.Context, inv *inventory.Inventory, state appModel, newID string) (clarifai.App, error) {
	if newID == "" {
		return clarifai.App{}, inventory.ErrGone
	}
	user := state.UserID.ValueString()
	app, err := inv.FindApp(ctx, user, newID)
	_, moved := clarifai.IsMoved(err)
	if moved || err == nil && !createdAt(app, state.CreatedAt.ValueString()) {
		return clarifai.App{}, inventory.ErrGone
	}
	return app, err
}

// createdAt reports whether an app was created at a time that a state holds.
// Answers differ in the fraction of a second, and in how they write a time.
func createdAt(app clarifai.App, text string) bool {
	at, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && at.Truncate(time.Microsecond).Equal(app.CreatedAt.Truncate(time.Microsecond))
}
