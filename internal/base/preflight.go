package base

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Preflight verifies the account of a resource that a plan creates, once per
// account and run, so that the plan reports what would fail the apply after the
// merge. A refusal that Clarifai answered is an error; missing scopes are a
// warning, because a nightly plan with a PAT that may only read still has to
// report drift. No answer is not reported: a plan of new resources works offline.
//
// Terraform plans a replacement twice, the second time as a new resource, and
// drops the warnings of that. So ModifyPlan defers the call: what it replaces is
// checked the first time.
//
// It returns the owner of the new resource, "" if it is not known. Creates is
// false if the plan creates nothing, or in an account that is not known yet.
func (r *Resource) Preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (owner string, creates bool) {
	if !r.Ready() || req.Plan.Raw.IsNull() {
		return "", false
	}
	diags := &resp.Diagnostics
	configured := Attribute[types.String](ctx, req.Config, "user_id", diags)
	if diags.HasError() || configured.IsUnknown() {
		return "", false
	}
	if !req.State.Raw.IsNull() {
		r.warnOwner(ctx, req, configured, diags)
		if len(resp.RequiresReplace) == 0 {
			return "", false
		}
	}
	found := r.data.inventory.Preflight(ctx, configured.ValueString())
	if r.data.Say(clarifai.AppRef{UserID: found.UserID}, func(o *run.App) *bool { return &o.SaidPreflight }) {
		advice.AddPreflight(diags, found)
	}
	return found.UserID, true
}

// warnOwner warns, once per account, if the provider's user_id is not the owner
// of a resource whose configuration does not set user_id.
func (r *Resource) warnOwner(ctx context.Context, req resource.ModifyPlanRequest, configured types.String, diags *diag.Diagnostics) {
	if !configured.IsNull() {
		return
	}
	owner := Attribute[types.String](ctx, req.State, "user_id", diags)
	account := clarifai.AppRef{UserID: owner.ValueString()}
	if !r.data.OwnerDiffers(account.UserID) || !r.data.Say(account, func(o *run.App) *bool { return &o.SaidOther }) {
		return
	}
	diags.AddWarning("Resources of another account", fmt.Sprintf(
		"The provider's user_id is %q, but resources in the state that do not set user_id belong to %q. They stay there: "+
			"the provider's user_id is used only when a resource is created. Set the provider's user_id to %[2]q, or set user_id = %[2]q in "+
			"these resources.",
		r.data.userID, account.UserID))
}

// OwnerDiffers reports whether the provider's user_id is set, is not the owner of
// a resource in the state, and no warning has said so yet.
func (d *Data) OwnerDiffers(owner string) bool {
	return d.userID != "" && owner != "" && d.userID != owner && !d.App(clarifai.AppRef{UserID: owner}).SaidOther
}
