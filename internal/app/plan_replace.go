package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// notePriorApp holds, from one call of a plan to the next, the app of the
// prior state. Terraform plans a replacement in two calls, and the second, which
// plans the new app, gets no state but the private state that the first planned.
const notePriorApp base.Note[run.StateApp] = "prior_app"

// stateApp returns the app of a state.
func (m appResourceModel) stateApp() run.StateApp {
	return run.StateApp{UserID: m.UserID.ValueString(), ID: m.ID.ValueString(), ForceDestroy: m.ForceDestroy.ValueBool()}
}

// notePrior notes an app for the second call of a plan that may turn out to
// replace it. Any plan may: -replace leaves no other trace in the first call.
func (r *appResource) notePrior(ctx context.Context, state tfsdk.State, resp *resource.ModifyPlanResponse) {
	var (
		user, id types.String
		force    types.Bool
	)
	resp.Diagnostics.Append(state.GetAttribute(ctx, path.Root("user_id"), &user)...)
	resp.Diagnostics.Append(state.GetAttribute(ctx, path.Root("id"), &id)...)
	resp.Diagnostics.Append(state.GetAttribute(ctx, path.Root("force_destroy"), &force)...)
	app := run.StateApp{UserID: user.ValueString(), ID: id.ValueString(), ForceDestroy: force.ValueBool()}
	notePriorApp.Set(ctx, resp.Private, app, &resp.Diagnostics)
	if r.Ready() {
		r.Data().NoteAppPlanned(app.FullID())
	}
}

// planRecreation records that the plan recreates an app, which takes its keys
// away, and refuses what its deletion would refuse. Of an app that is only created,
// it records that.
func (r *appResource) planRecreation(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if !r.Ready() {
		return
	}
	var id types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("id"), &id)...)
	r.Data().NoteNewApp(id.ValueString())
	prior, ok := r.replacedApp(ctx, req, diags)
	if !ok {
		return
	}
	var owner types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("user_id"), &owner)...)
	r.Data().NoteRecreated(prior.FullID(), owner.ValueString())
	var refused diag.Diagnostics
	if checkEmpty(ctx, r.Data().Inventory(), prior, &refused); refused.HasError() {
		diags.Append(refused...)
		diags.AddError("Cannot replace app", "This plan deletes the app "+prior.FullID()+" and creates it again, because of -replace, "+
			"because the app is tainted, or because its user_id changes. "+
			"To keep the app: leave out -replace, run terraform untaint with the address of the app, or restore user_id.")
	}
}

// replacedApp returns the app that a plan without a prior state replaces, if any:
// the one that the first call of a replacement noted, or a tainted one.
func (r *appResource) replacedApp(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) (app run.StateApp, ok bool) {
	if app = notePriorApp.Get(ctx, req.Private, diags); app.ID != "" {
		return app, true
	}
	var user, id types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("user_id"), &user)...)
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("id"), &id)...)
	if id.IsUnknown() || diags.HasError() || !r.Data().HasReadApp(id.ValueString()) {
		return app, false
	}
	if user.ValueString() == "" { // the provider's
		owner, err := r.Data().Inventory().UserID(ctx)
		if err != nil {
			return app, false
		}
		user = types.StringValue(owner)
	}
	return r.Data().TaintedApp(user.ValueString(), id.ValueString())
}
