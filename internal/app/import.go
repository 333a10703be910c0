package app

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// ImportState imports by user_id/app_id, by app_id or by identity.
func (r *appResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var target identityModel
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else {
		var ok bool
		if target, ok = parseImportID(req.ID); !ok {
			resp.Diagnostics.AddError("Invalid import ID", "An app is imported by user_id/app_id, or by app_id alone if it belongs to the "+
				"provider's user.")
			return
		}
	}
	inv, ok := r.Account(ctx, &target.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	ref := clarifai.AppRef{UserID: target.UserID.ValueString(), AppID: target.ID.ValueString()}
	if _, err := inv.App(ctx, ref, inventory.Checked); err != nil {
		advice.App{AppRef: ref}.AddError(&resp.Diagnostics, "import app", err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), target.UserID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), target.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("force_destroy"), false)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, target)...)
}

// parseImportID reads an import ID of the form user_id/app_id or app_id.
func parseImportID(id string) (target identityModel, ok bool) {
	user, app, both := strings.Cut(id, "/")
	if !both {
		user, app = "", id
	}
	if app == "" || both && user == "" || strings.Contains(app, "/") {
		return identityModel{}, false
	}
	return identityModel{UserID: base.StringOrNull(user), ID: types.StringValue(app)}, true
}
