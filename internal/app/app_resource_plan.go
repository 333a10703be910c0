package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan plans what depends on several attributes at once, and refuses at
// plan what the apply would refuse.
func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer r.preflight(ctx, req, resp)
	if req.State.Raw.IsNull() {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.checkDestroy(ctx, req.State, &resp.Diagnostics)
		return
	}
	if req.State.Raw.Equal(req.Plan.Raw) { // most apps of most plans: nothing to decide, so nothing is decoded
		return
	}
	var plan, state, config appResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.UserID.Equal(state.UserID) { // a replacement
		r.CheckNewOwner(ctx, plan.UserID, &resp.Diagnostics)
		r.checkDestroy(ctx, req.State, &resp.Diagnostics)
	}
	if r.renameIsTaken(ctx, plan.appModel, state.appModel) {
		addRenameTaken(&resp.Diagnostics, state.appModel, plan.ID.ValueString())
	}
	setPlanned(ctx, plan.appModel, planned(plan.appModel, state.appModel, config.appModel), resp)
}

// planned returns the plan with the attributes that depend on others decided.
func planned(plan, state, config appModel) appModel {
	plan.DefaultWorkflow = planWorkflow(plan, state, config)
	// After an import the state has the server's text of the JSON. The prior
	// value may be planned where it means what the configuration does.
	if !plan.Metadata.IsUnknown() && !state.Metadata.IsNull() && !plan.Metadata.IsNull() &&
		sameJSON([]byte(plan.Metadata.ValueString()), []byte(state.Metadata.ValueString())) {
		plan.Metadata = state.Metadata
	}
	if !plan.ID.Equal(state.ID) && config.Name.IsNull() {
		plan.Name = types.StringUnknown() // Clarifai may name an app after its ID
	}
	return plan
}

// setPlanned writes the attributes that planned decided, and no others: the
// framework's modifiers have already kept the state's values of the rest.
func setPlanned(ctx context.Context, before, after appModel, resp *resource.ModifyPlanResponse) {
	for _, a := range []struct {
		name    string
		changed bool
		value   any
	}{
		{"default_workflow", !before.DefaultWorkflow.Equal(after.DefaultWorkflow), after.DefaultWorkflow},
		{"metadata", !before.Metadata.Equal(after.Metadata), after.Metadata},
		{"name", !before.Name.Equal(after.Name), after.Name},
	} {
		if a.changed {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(a.name), a.value)...)
		}
	}
}

// renameIsTaken reports whether the plan renames the app to an ID that another
// app has. The plan says so because at apply, keys that the same plan replaces
// are already deleted when the rename fails. If Clarifai cannot be asked, the
// rename itself finds out.
func (r *appResource) renameIsTaken(ctx context.Context, plan, state appModel) bool {
	renames := !plan.ID.IsUnknown() && !plan.ID.Equal(state.ID) && plan.UserID.Equal(state.UserID)
	if !renames || !r.Ready() || !r.Data().HasRead(state.fullID()) {
		return false
	}
	taken, err := r.Data().Inventory().AppExisted(ctx, state.UserID.ValueString(), plan.ID.ValueString())
	return err == nil && taken
}

// checkDestroy refuses at plan what Delete would refuse: at apply, Terraform
// deletes the app's keys first.
func (r *appResource) checkDestroy(ctx context.Context, from tfsdk.State, diags *diag.Diagnostics) {
	var state appResourceModel
	diags.Append(from.Get(ctx, &state)...)
	if diags.HasError() || !r.Ready() {
		return
	}
	checkEmpty(ctx, r.Data().Inventory(), state, diags)
}
