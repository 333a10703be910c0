package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Create creates the app.
func (r *appResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan appResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Account(ctx, &plan.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	user, want := plan.UserID.ValueString(), plan.appModel
	asked := appPatch(want, appModel{})
	asked.ID = plan.ID.ValueString()
	answer, err := inv.CreateApp(ctx, user, asked)
	if err != nil {
		asked.UserID = user
		addCreateError(&resp.Diagnostics, inv, asked, err)
		return
	}
	plan.appModel = appWritten(ctx, inv, answer, want)
	if different := mismatches(want, plan.appModel); len(different) > 0 {
		for _, m := range different {
			m.AddWarning(&resp.Diagnostics)
		}
		plan.appModel = asPlanned(want, plan.appModel)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	notePriorApp.Clear(ctx, resp.Private, &resp.Diagnostics)
}

// addCreateError adds the error for an app that was not created. That its ID is
// taken may also mean that it is taken by the app that this very run replaces,
// which a provider cannot tell: Terraform passes it nothing of an app that it
// deletes only afterwards.
func addCreateError(diags *diag.Diagnostics, inv *inventory.Inventory, asked clarifai.App, err error) {
	user, id := asked.UserID, asked.ID
	switch {
	case errors.Is(err, inventory.ErrAppExists) && inv.Record(clarifai.AppRef{UserID: user, AppID: id}.Key("")).AppCreated:
		diags.AddAttributeError(path.Root("id"), "Cannot create app", fmt.Sprintf(
			"This run has already created an app %q of %s: two resources of the configuration have the same id. Change the id of this one, or "+
				"remove it.", id, user))
	case errors.Is(err, inventory.ErrAppExists):
		diags.AddAttributeError(path.Root("id"), "Cannot create app",
			fmt.Sprintf("The app ID is taken: %[1]s already has an app %[2]q. Choose another ID, or import the app: terraform import ADDRESS "+
				"%[1]s/%[2]s.\n\n"+
				"If the plan replaces this very app (\"+/-\"), remove create_before_destroy from it and from its keys: app IDs are unique.", user, id))
	default:
		advice.AddError(diags, "create app", "app "+user+"/"+id, err)
	}
}
