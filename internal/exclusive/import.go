package exclusive

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// ImportState imports by user_id/app_id or by identity. All living keys of the app
// are taken for those to keep, so the first plan shows which of them the
// configuration leaves out.
func (r *exclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := importTarget(ctx, req, &resp.Diagnostics)
	state := exclusiveModel{
		UserID: target.UserID, AppID: target.AppID, AllowNone: types.BoolValue(false), OtherKeys: otherKeysFromAPI(nil, nil),
	}
	inv, ok := r.Account(ctx, &state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	living, err := inv.AppKeys(ctx, state.ref(), inventory.Checked)
	if err != nil {
		advice.App{AppRef: state.ref()}.AddError(&resp.Diagnostics, "import app keys", err)
		return
	}
	set, diags := types.SetValueFrom(ctx, types.StringType, key.IDs(living))
	resp.Diagnostics.Append(diags...)
	state.KeyIDs = set
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// importTarget returns the app that a request asks to import, or adds an error, which
// does not repeat the given ID: it may hold a key.
func importTarget(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) (target appIdentityModel) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		diags.Append(req.Identity.Get(ctx, &target)...)
	} else {
		user, app, _ := strings.Cut(req.ID, "/")
		target = appIdentityModel{UserID: types.StringValue(user), AppID: types.StringValue(app)}
	}
	if !base.IsOwnerID(target.UserID.ValueString()) || !base.IsAppID(target.AppID.ValueString()) {
		diags.AddError("Invalid import ID", "The keys of an app are imported by user_id/app_id.")
	}
	return target
}
