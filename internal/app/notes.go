package app

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// privatePendingRename holds the ID that the app was to get while it is not
// known whether it got it. States hold the name of the key, so it never changes.
const privatePendingRename = "renaming"

// setPendingRename stores the new ID of a rename that failed: its answer may
// have been lost, and Clarifai may not report the new ID of a renamed app.
func setPendingRename(ctx context.Context, p base.PrivateWriter, newID string, failure error) diag.Diagnostics {
	if failure == nil || errors.Is(failure, inventory.ErrAppExists) {
		newID = ""
	}
	return base.SetPrivateText(ctx, p, privatePendingRename, newID)
}
