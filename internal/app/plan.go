package app

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// ModifyPlan plans what depends on several attributes at once, and refuses at
// plan what the apply would refuse.
func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.checkDestroy(ctx, req.State, &resp.Diagnostics)
		return
	}
	defer r.preflight(ctx, req, resp)
	if req.State.Raw.IsNull() {
		r.planRecreation(ctx, req, &resp.Diagnostics)
		return
	}
	var plan, state, config appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.notePrior(ctx, state.prior(), resp)
	if req.State.Raw.Equal(req.Plan.Raw) { // nothing to decide, so nothing more is decoded
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if replaced := r.PlanOwner(ctx, req, resp, r.hasRead(state.ref())); !replaced {
		warnUpdate(plan.appModel, state.appModel, &resp.Diagnostics)
		r.planRename(ctx, plan.appModel, state.appModel, &resp.Diagnostics)
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
	attributesOf(&before, &after, func(name string, b, a reflect.Value) {
		if !reflect.DeepEqual(b.Interface(), a.Interface()) {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), a.Interface())...)
		}
	})
}

// warnUpdate adds a warning for each attribute that Clarifai may be unable to clear.
func warnUpdate(plan, state appModel, diags *diag.Diagnostics) {
	advice.WarnIfCleared(diags, "app", "description", plan.Description, state.Description)
	advice.WarnIfCleared(diags, "app", "notes", plan.Notes, state.Notes)
	if !emptyJSON([]byte(state.Metadata.ValueString())) {
		advice.WarnIfCleared(diags, "app", "metadata", plan.Metadata, state.Metadata)
	}
}

// planRename notes that the plan renames the app, and warns if another app has the
// new ID. If Clarifai cannot be asked, the rename itself finds out. It is no error: any
// error would also end the plan that a destroy begins with.
func (r *appResource) planRename(ctx context.Context, plan, state appModel, diags *diag.Diagnostics) {
	if plan.ID.IsUnknown() || plan.ID.Equal(state.ID) || !r.Ready() {
		return
	}
	to := clarifai.AppRef{UserID: state.UserID.ValueString(), AppID: plan.ID.ValueString()}
	r.Data().NoteApp(state.ref(), func(a *run.App) { a.RenamedTo = to.AppID })
	if !r.hasRead(state.ref()) || r.Data().Inventory().Record(to.Key("")).AppIsNew {
		return // Terraform plans again while it applies, maybe after the rename
	}
	if _, err := r.Data().Inventory().App(ctx, to, inventory.Checked); err == nil {
		diags.AddAttributeWarning(path.Root("id"), "App ID is taken", fmt.Sprintf(
			"The apply will fail to rename the app %s: %s already has an app %q. The app and its keys then stay as they are. "+
				"Choose another ID, or delete or rename that app first, in a separate apply. To manage that app here instead of %[1]s: %[4]s.",
			state.ref(), to.UserID, to.AppID, advice.ReimportAdvice(to.String())))
	}
}

// hasRead reports whether this run has read the app, so that Terraform is planning.
func (r *appResource) hasRead(ref clarifai.AppRef) bool { return r.Ready() && r.Data().App(ref).Read }

// checkDestroy refuses at plan what Delete would refuse: at apply, Terraform
// deletes the app's keys first.
func (r *appResource) checkDestroy(ctx context.Context, from tfsdk.State, diags *diag.Diagnostics) {
	var state appResourceModel
	diags.Append(from.Get(ctx, &state)...)
	if diags.HasError() || !r.Ready() {
		return
	}
	prior := state.prior()
	r.Data().NoteApp(prior.ref(), func(a *run.App) { a.Planned = true })
	r.planAddress(prior.ref(), true, diags)
	checkEmpty(ctx, r.Data().Inventory(), prior, diags)
}

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
