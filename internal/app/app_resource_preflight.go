package app

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// preflight verifies the account of a new app, and warns if its ID is taken. It is
// no error: a destroy plans normally first, and must not be stopped by it.
func (r *appResource) preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	r.noteManaged(ctx, req, resp)
	owner, creates := r.Preflight(ctx, req, resp)
	if !creates {
		return
	}
	var id types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("id"), &id)...)
	if diags.HasError() || id.IsUnknown() {
		return
	}
	name := owner + "/" + id.ValueString()
	// An app that this state holds is about to be replaced.
	if owner == "" || r.Data().HasRead(name) || r.Data().HasNote(managed(name)) ||
		!r.Data().Inventory().AppTaken(ctx, owner, id.ValueString()) || !r.Data().Note("taken/"+name) {
		return
	}
	diags.AddAttributeWarning(path.Root("id"), "App ID is taken", fmt.Sprintf(
		"%s already has an app %q, which is not in this state, so the apply will fail to create it. Choose another ID, or import the app: terraform import ADDRESS %s.",
		owner, id.ValueString(), name))
}

// noteManaged notes an app that the state holds: Terraform plans the replacement
// of an app as a change of it and then, without the state, as a new app.
func (r *appResource) noteManaged(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !r.Ready() || req.State.Raw.IsNull() {
		return
	}
	diags := &resp.Diagnostics
	var user, id types.String
	diags.Append(req.State.GetAttribute(ctx, path.Root("user_id"), &user)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	r.Data().Note(managed(user.ValueString() + "/" + id.ValueString()))
}

func managed(app string) string { return "managed/" + app }
