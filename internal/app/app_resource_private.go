package app

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

// privateRenaming holds the id that the app was to get, where it is not known
// whether it got it.
const privateRenaming = "renaming"

// noteRename remembers what a rename that failed was for: its answer may have
// been lost, and Clarifai need not tell of a renamed app's new id.
func noteRename(ctx context.Context, p providerdata.PrivateSetter, to string, failed error, diags *diag.Diagnostics) {
	if failed == nil || errors.Is(failed, inventory.ErrAppExists) {
		to = ""
	}
	providerdata.Note(ctx, p, privateRenaming, to, diags)
}

// renamedBefore finds an app that is not there any more under the id that an
// earlier run was giving it. That it was made at the same time proves that it is
// the same one.
func renamedBefore(ctx context.Context, inv *inventory.Inventory, user string, state facts, p providerdata.Private, diags *diag.Diagnostics) (clarifai.App, error) {
	to := providerdata.Noted(ctx, p, privateRenaming, diags)
	if to == "" {
		return clarifai.App{}, inventory.ErrGone
	}
	app, err := inv.FindApp(ctx, user, to)
	if err == nil && factsFromAPI(app, user, facts{}).CreatedAt.ValueString() != state.CreatedAt.ValueString() {
		return clarifai.App{}, inventory.ErrGone
	}
	return app, err
}
