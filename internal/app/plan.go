package app

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
)

// ModifyPlan plans what depends on several attributes at once, and refuses at
// plan what the apply would refuse.
func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer r.preflight(ctx, req, resp)
	if req.Plan.Raw.IsNull() {
		r.checkDestroy(ctx, req.State, &resp.Diagnostics)
		return
	}
	if req.State.Raw.IsNull() {
		r.planRecreation(ctx, req, &resp.Diagnostics)
		return
	}
	r.notePrior(ctx, req.State, resp)
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
	switch {
	case !plan.UserID.Equal(state.UserID): // a replacement
		r.CheckNewOwner(ctx, plan.UserID, &resp.Diagnostics)
	case !plan.ID.IsUnknown() && !plan.ID.Equal(state.ID) && r.Ready():
		r.Data().NoteRename(state.fullID(), plan.ID.ValueString())
	}
	if plan.UserID.Equal(state.UserID) {
		warnUpdate(plan.appModel, state.appModel, &resp.Diagnostics)
	}
	if r.renameIsTaken(ctx, plan.appModel, state.appModel) {
		warnRenameTaken(&resp.Diagnostics, state.appModel, plan.ID.ValueString())
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

// warnUpdate adds a warning for each attribute that Clarifai may be unable to clear.
func warnUpdate(plan, state appModel, diags *diag.Diagnostics) {
	advice.WarnIfCleared(diags, "app", "description", plan.Description, state.Description)
	advice.WarnIfCleared(diags, "app", "notes", plan.Notes, state.Notes)
	if !emptyJSON([]byte(state.Metadata.ValueString())) {
		advice.WarnIfCleared(diags, "app", "metadata", plan.Metadata, state.Metadata)
	}
}

// warnRenameTaken adds the warning for a rename to an ID that another app has. It
// is no error: any error would also end the plan that a destroy begins with.
func warnRenameTaken(diags *diag.Diagnostics, state appModel, to string) {
	user := state.UserID.ValueString()
	diags.AddAttributeWarning(path.Root("id"), "App ID is taken",
		fmt.Sprintf("The apply will fail to rename the app %s: %s already has an app %q. The app and its keys then stay as they are. "+
			"Choose another ID, or delete or rename that app first, in a separate apply. To manage that app here instead of %s: %s.",
			state.fullID(), user, to, state.fullID(), advice.ReimportAdvice(user+"/"+to)))
}

// renameIsTaken reports whether the plan renames the app to an ID that another
// app has. If Clarifai cannot be asked, the rename itself finds out.
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
	r.Data().NoteAppPlanned(state.fullID())
	checkEmpty(ctx, r.Data().Inventory(), state.stateApp(), diags)
}
