package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Read refreshes the state. An app that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Account(ctx, &state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	// Terraform before 1.12 has no identity to pass on, and the framework wants
	// one from every read, even from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)

	newID := notePendingRename.Get(ctx, req.Private, &resp.Diagnostics)
	r.Data().NoteApp(state.ref(), func(a *run.App) { a.Held = true })
	app, err := findApp(ctx, inv, state.appModel, newID, &resp.Diagnostics)
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app", "app "+state.ref().String(), err)
		return
	}
	state.appModel = appFromAPI(app, state.UserID.ValueString(), state.appModel)
	r.Data().NoteApp(state.ref(), func(a *run.App) { a.Read, a.ForceDestroy = true, state.ForceDestroy.ValueBool() })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// findApp returns the app of a state, under its new ID if it was renamed outside
// of Terraform or by an earlier run that was giving it the ID pending.
// [inventory.ErrGone] means that it does not exist, or under which ID is not known.
func findApp(ctx context.Context, inv *inventory.Inventory, state appModel, pending string, diags *diag.Diagnostics) (clarifai.App, error) {
	was := state.inState()
	was.Renaming = pending
	app, err := inv.FollowApp(ctx, was)
	newID, moved := clarifai.IsMoved(err)
	isImport := state.CreatedAt.IsNull() && state.Name.IsNull()
	if err == nil && app.ID != state.ID.ValueString() && app.ID != pending {
		diags.AddWarning("App renamed outside of Terraform",
			fmt.Sprintf("The app %s was renamed to %q. The plan renames it back; to keep the new name, change id in the "+
				"configuration.", state.ref(), app.ID))
	}
	if created := base.TimeOf(state.CreatedAt); err == nil && app.ID == state.ID.ValueString() && inventory.IsAnother(created, app.CreatedAt) {
		diags.AddWarning("App "+state.ref().String()+" is not the one of the state", fmt.Sprintf(
			"The app of the state was created at %s, the one that has its ID now at %s: somebody gave the ID to another app, or deleted the app "+
				"and created it again. The plan is for the app that has the ID now. If Terraform is to manage that one: %s. If not, do not apply: "+
				"rename the apps back, or set id to the ID that the app of the state has now, and run the same commands with that ID.",
			created, app.CreatedAt, advice.ReimportAdvice(state.ref().String())))
	}
	switch {
	case err == nil && !isImport && !appFromAPI(app, state.UserID.ValueString(), state).equal(state):
		// A listing may lag behind or hold less than the app itself. An import has
		// nothing to compare it with, and may be one of thousands.
		return inv.App(ctx, clarifai.AppRef{UserID: state.UserID.ValueString(), AppID: app.ID}, inventory.Itself)
	case app.ID != "" && err != nil:
		warnLost(diags, state, fmt.Sprintf("is gone, and was probably renamed to %q: that app was created at the same time, and no resource "+
			"of this state has it", app.ID), app.ID)
		return app, inventory.ErrGone
	case moved && newID != "":
		warnLost(diags, state, fmt.Sprintf("was renamed. Clarifai says to %q, but another app has that ID now", newID), "NEW-ID")
		return app, inventory.ErrGone
	case moved:
		warnLost(diags, state, "was renamed, and Clarifai does not say to what", "NEW-ID")
		return app, inventory.ErrGone
	}
	return app, err
}

// warnLost warns that an app is planned for creation although it may live on under
// another ID.
func warnLost(diags *diag.Diagnostics, state appModel, what, newID string) {
	find := ""
	if newID == "NEW-ID" {
		find = "find its new ID in Clarifai, "
	}
	diags.AddWarning("App renamed outside of Terraform", fmt.Sprintf(
		"The app %s %s. The plan treats it as deleted and creates an empty app. "+
			"To keep the renamed app, do not apply this plan: %sset id to it in the configuration, run %s. "+
			"The first command fails if a refresh has already removed the app from the state; go on with the second one.",
		state.ref(), what, find, advice.ReimportAdvice(state.UserID.ValueString()+"/"+newID)))
}
