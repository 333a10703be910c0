package app

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// preflight verifies the account of a new app, and warns if its ID is taken. It is
// no error: a destroy plans normally first, and must not be stopped by it.
func (r *appResource) preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	r.noteChanged(ctx, req, resp)
	owner, creates := r.Preflight(ctx, req, resp)
	if !creates {
		return
	}
	id := base.Attribute[types.String](ctx, req.Plan, "id", diags)
	workflow := base.Attribute[types.Object](ctx, req.Config, "default_workflow", diags)
	if diags.HasError() || id.IsUnknown() {
		return
	}
	notePlanned(r.Data().Run, owner, id, workflow, clarifai.WorkflowRef{UserID: "clarifai", AppID: "main"})
	ref := clarifai.AppRef{UserID: owner, AppID: id.ValueString()}
	known := r.Data().App(ref)
	if owner == "" || known.Held || known.Read || known.Planned { // an app that this state holds is about to be replaced
		return
	}
	wrote := r.Data().Inventory().Record(ref.Key(""))
	if _, err := r.Data().Inventory().App(ctx, ref, inventory.Listed); err != nil || wrote.AppIsNew ||
		!r.Data().Say(ref, func(a *run.App) *bool { return &a.SaidTaken }) {
		return
	}
	diags.AddAttributeWarning(path.Root("id"), "App ID is taken", fmt.Sprintf(
		"%s already has an app %q, which is not in this state, so the apply will fail to create it. Choose another ID, or import the app: "+
			"terraform import ADDRESS %s. "+
			"If this state has the app under another address, use a moved block instead:\n%s",
		owner, ref.AppID, ref, advice.MovedBlock("clarifai_app")))
}

// noteChanged notes the base workflow that an existing app has after this plan.
func (r *appResource) noteChanged(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !r.Ready() || req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	diags := &resp.Diagnostics
	user := base.Attribute[types.String](ctx, req.State, "user_id", diags)
	id := base.Attribute[types.String](ctx, req.Plan, "id", diags)
	workflow := base.Attribute[types.Object](ctx, resp.Plan, "default_workflow", diags)
	if !workflow.IsNull() && !diags.HasError() {
		notePlanned(r.Data().Run, user.ValueString(), id, workflow, clarifai.WorkflowRef{})
	}
}

// notePlanned notes the base workflow of an app in this plan, for the keys of the
// app. Null is that of a new app that does not set it. Where is the app of a
// workflow that does not name one.
func notePlanned(records *run.Run, owner string, id types.String, workflow types.Object, where clarifai.WorkflowRef) {
	if id.IsUnknown() || workflow.IsUnknown() {
		return
	}
	w := workflowOf(workflow)
	if w.ID.IsUnknown() {
		return
	}
	planned := clarifai.WorkflowRef{ID: w.ID.ValueString(), UserID: w.UserID.ValueString(), AppID: w.AppID.ValueString()}
	if planned.ID != "" && planned.AppID == "" {
		planned.UserID, planned.AppID = where.UserID, where.AppID
	}
	records.NoteApp(clarifai.AppRef{UserID: owner, AppID: id.ValueString()}, func(a *run.App) { a.Workflow = &planned })
}
