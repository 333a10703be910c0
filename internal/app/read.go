package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Read refreshes the state. An app that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	// Terraform before 1.12 has no identity to pass on, and the framework wants
	// one from every read, even from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)

	id := state.ID.ValueString()
	newID := notePendingRename.Get(ctx, req.Private, &resp.Diagnostics)
	app, err := findApp(ctx, inv, state.appModel, newID, &resp.Diagnostics)
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app", "app "+user+"/"+id, err)
		return
	}
	state.appModel = appFromAPI(app, user, state.appModel)
	r.Data().NoteApp(state.stateApp())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// findApp returns the app of a state, under its new ID if it was renamed outside
// of Terraform or by an earlier run that was giving it the ID pending.
// [inventory.ErrGone] means that it does not exist, or under which ID is not known.
func findApp(ctx context.Context, inv *inventory.Inventory, state appModel, pending string, diags *diag.Diagnostics) (clarifai.App, error) {
	user, id := state.UserID.ValueString(), state.ID.ValueString()
	app, err := inv.FindApp(ctx, user, id)
	newID, moved := clarifai.IsMoved(err)
	if moved && newID != "" && newID != id {
		diags.AddWarning("App renamed outside of Terraform",
			fmt.Sprintf("The app %s was renamed to %q. The plan renames it back; to keep the new name, change id in the configuration.", state.fullID(), newID))
		app, err = inv.FindApp(ctx, user, newID)
		_, moved = clarifai.IsMoved(err)
	}
	if err == nil && !state.isImported() && !appFromAPI(app, user, state).equal(state) {
		// A listing may lag behind or hold less than the app itself. An import has
		// nothing to compare it with, and may be one of thousands.
		app, err = inv.FindAppDirect(ctx, user, app.ID)
		_, moved = clarifai.IsMoved(err)
	}
	if !moved && !errors.Is(err, inventory.ErrGone) {
		return app, err
	}
	app, err = findPendingRename(ctx, inv, state, pending)
	if moved && errors.Is(err, inventory.ErrGone) {
		diags.AddWarning("App renamed outside of Terraform",
			fmt.Sprintf("The app %s was renamed, and Clarifai does not say to what. The plan treats it as deleted and creates an empty app of "+
				"the old name. "+
				"To keep the renamed app, do not apply this plan: find its new ID in Clarifai, set id to it in the configuration, and run %s. "+
				"The first command fails if a refresh has already removed the app from the state; go on with the second one.",
				state.fullID(), advice.ReimportAdvice(user+"/NEW-ID")))
	}
	return app, err
}
