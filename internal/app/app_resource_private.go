package app

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

// privatePendingRename holds the ID that the app was to get while it is not
// known whether it got it. States hold the name of the key, so it never changes.
const privatePendingRename = "renaming"

// setPendingRename stores the new ID of a rename that failed: its answer may
// have been lost, and Clarifai may not report the new ID of a renamed app.
func setPendingRename(ctx context.Context, p providerdata.PrivateWriter, newID string, failure error) diag.Diagnostics {
	if failure == nil || errors.Is(failure, inventory.ErrAppExists) {
		newID = ""
	}
	return providerdata.SetPrivateText(ctx, p, privatePendingRename, newID)
}

// findPendingRename looks for an app under the ID that an earlier run was
// giving it. An equal creation time proves that it is the same app.
func findPendingRename(ctx context.Context, inv *inventory.Inventory, state appModel, newID string) (clarifai.App, error) {
	if newID == "" {
		return clarifai.App{}, inventory.ErrGone
	}
	user := state.UserID.ValueString()
	app, err := inv.FindApp(ctx, user, newID)
	if err == nil && app.CreatedAt.String() != state.CreatedAt.ValueString() {
		return clarifai.App{}, inventory.ErrGone
	}
	return app, err
}
