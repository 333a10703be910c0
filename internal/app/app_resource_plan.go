package app

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan settles what depends on several attributes at once.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req.State, &resp.Diagnostics)
		return
	}
	if req.State.Raw.Equal(req.Plan.Raw) { // the nightly case: nothing to settle, and nothing to pay for
		return
	}
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.UserID.Equal(state.UserID) { // a replacement
		r.NewOwner(ctx, plan.UserID, &resp.Diagnostics)
		r.planDestroy(ctx, req.State, &resp.Diagnostics)
	}
	r.planRename(ctx, plan.facts, state.facts, &resp.Diagnostics)
	before := plan
	plan.DefaultWorkflow = planWorkflow(plan.facts, state.facts, config.facts)
	// After an import the state has the server's text of the JSON. The prior
	// value may be planned where it means what the configuration does.
	if !plan.Metadata.IsUnknown() && !state.Metadata.IsNull() && !plan.Metadata.IsNull() &&
		sameJSON([]byte(plan.Metadata.ValueString()), []byte(state.Metadata.ValueString())) {
		plan.Metadata = state.Metadata
	}
	if !plan.ID.Equal(state.ID) && config.Name.IsNull() {
		plan.Name = types.StringUnknown() // Clarifai may name an app after its id
	}
	// Framework modifiers see a difference in metadata alone as a change, and
	// have made nothing unknown that the state's values were not kept for.
	for _, f := range []struct {
		name    string
		changed bool
		value   any
	}{
		{"default_workflow", !before.DefaultWorkflow.Equal(plan.DefaultWorkflow), plan.DefaultWorkflow},
		{"metadata", !before.Metadata.Equal(plan.Metadata), plan.Metadata},
		{"name", !before.Name.Equal(plan.Name), plan.Name},
	} {
		if f.changed {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(f.name), f.value)...)
		}
	}
}

// planRename refuses at plan what RenameApp would refuse: by then keys that are
// replaced in the same plan, which Terraform deletes first, would be gone.
func (r *Resource) planRename(ctx context.Context, plan, state facts, diags *diag.Diagnostics) {
	if plan.ID.IsUnknown() || plan.ID.Equal(state.ID) || !plan.UserID.Equal(state.UserID) || !r.Ready() || !r.Data().HasRead(state.name()) {
		return
	}
	inv, ok := r.Inventory(diags)
	if !ok {
		return
	}
	user, from, to := state.UserID.ValueString(), state.ID.ValueString(), plan.ID.ValueString()
	// Whatever else keeps the app from being asked for, the rename will tell.
	if there, err := inv.AppExisted(ctx, user, to); err == nil && there {
		addTaken(diags, user, from, to)
	}
}

// planDestroy refuses at plan what Delete would refuse: by then the app's keys,
// which Terraform deletes first, would be gone.
func (r *Resource) planDestroy(ctx context.Context, from tfsdk.State, diags *diag.Diagnostics) {
	var state model
	diags.Append(from.Get(ctx, &state)...)
	if diags.HasError() || !r.Ready() {
		return
	}
	if inv, ok := r.Inventory(diags); ok {
		refuseFull(ctx, inv, state, diags)
	}
}

// planWorkflow fills what the configuration leaves open from the state, as
// long as the workflow stays the same one.
func planWorkflow(plan, state, config facts) types.Object {
	if config.DefaultWorkflow.IsNull() {
		if !plan.ID.Equal(state.ID) {
			return types.ObjectUnknown(workflowTypes) // a copy within the app moves with it
		}
		return plan.DefaultWorkflow
	}
	if plan.DefaultWorkflow.IsUnknown() || state.DefaultWorkflow.IsNull() {
		return plan.DefaultWorkflow
	}
	want, now := workflowOf(plan.DefaultWorkflow), workflowOf(state.DefaultWorkflow)
	if !want.ID.Equal(now.ID) {
		return plan.DefaultWorkflow
	}
	if now.AppID.Equal(state.ID) && now.UserID.Equal(state.UserID) && plan.ID.Equal(state.ID) {
		return state.DefaultWorkflow // the app's own copy of what is asked for
	}
	if want.UserID.IsUnknown() {
		want.UserID = now.UserID
	}
	if want.AppID.IsUnknown() && plan.ID.Equal(state.ID) {
		want.AppID = now.AppID
	}
	return want.object()
}

// ImportState takes user_id/app_id, app_id, or an identity.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var who identity
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &who)...)
	} else {
		user, id, both := strings.Cut(req.ID, "/")
		if !both {
			user, id = "", user
		}
		if id == "" || both && user == "" || strings.Contains(id, "/") {
			resp.Diagnostics.AddError("Invalid import id", "An app is imported by user_id/app_id, or by app_id alone if it belongs to the provider's user.")
			return
		}
		who = identity{UserID: known(user), ID: types.StringValue(id)}
	}
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, who.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	who.UserID = types.StringValue(user)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), who.UserID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), who.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("force_destroy"), false)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, who)...)
}
