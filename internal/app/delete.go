package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Delete deletes the app unless it holds what cannot be restored.
func (r *appResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if checkEmpty(ctx, inv, state.prior(), &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	was := state.inState()
	mine, err := inv.DeleteApp(ctx, was)
	if err != nil {
		advice.AddError(&resp.Diagnostics, "delete app", "app "+state.ref().String(), err)
	}
	if mine || err != nil {
		return
	}
	if is, _ := inv.FollowApp(ctx, was); is.ID != "" && is.ID != was.AppID { // it had been gone before, but not what was in it
		resp.Diagnostics.AddWarning("App renamed outside of Terraform", fmt.Sprintf("The app %s did not exist any longer, so nothing was deleted. "+
			"It was probably renamed to %q: that app was created at the same time, and no resource of this state has it. If it is to go as well, "+
			"delete it in Clarifai, or import it and destroy that.", state.ref(), is.ID))
	}
}

// checkEmpty adds an error if the app holds what cannot be restored and
// force_destroy is not set.
func checkEmpty(ctx context.Context, inv *inventory.Inventory, app priorApp, diags *diag.Diagnostics) {
	if app.ForceDestroy {
		return
	}
	counts, err := inv.MayDeleteApp(ctx, app.ref())
	switch {
	case errors.Is(err, inventory.ErrNotEmpty):
		diags.AddAttributeError(path.Root("force_destroy"), "Cannot delete app", fmt.Sprintf(
			"The app %s is not empty: it holds %d inputs, %d datasets, %d models and %d pipelines, and its deletion cannot be undone. "+
				"If another address of the configuration has the app, use a moved block. To destroy it, remove them first, or set force_destroy = "+
				"true, apply, and then destroy. To keep the app and only remove it from the state: terraform state rm.",
			app.ref(), counts.Inputs, counts.Datasets, counts.Models, counts.Pipelines))
	case err != nil:
		advice.AddError(diags, "check whether app is empty", "app "+app.ref().String(), err)
	}
}
