package app

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// ModifyPlan plans what depends on several attributes at once, and refuses at
// plan what the apply would refuse.
func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	p := appPlan{appResource: r, req: req, resp: resp, diags: &resp.Diagnostics}
	exists := !req.State.Raw.IsNull()
	if exists {
		p.diags.Append(req.State.Get(ctx, &p.state)...)
	}
	if req.Plan.Raw.IsNull() {
		p.checkDestroy(ctx)
		return
	}
	defer p.preflight(ctx)
	p.diags.Append(req.Plan.Get(ctx, &p.plan)...)
	p.diags.Append(req.Config.Get(ctx, &p.config)...)
	switch {
	case p.diags.HasError():
	case exists:
		p.notePrior(ctx)
		p.change(ctx)
	default:
		p.planRecreation(ctx)
	}
}

// appPlan is one plan for an app.
type appPlan struct {
	*appResource
	plan, config appResourceModel
	state        appResourceModel // empty for a new app
	req          resource.ModifyPlanRequest
	resp         *resource.ModifyPlanResponse
	diags        *diag.Diagnostics // of resp
}

// change plans for an app that exists.
func (p *appPlan) change(ctx context.Context) {
	if p.req.State.Raw.Equal(p.req.Plan.Raw) {
		return
	}
	if replaced := p.PlanOwner(ctx, p.req, p.resp, p.hasRead()); !replaced {
		p.warnUpdate()
		p.planRename(ctx)
	}
	decided := planned(p.plan.appModel, p.state.appModel, p.config.appModel)
	// The framework's modifiers have already kept the state's values of the rest.
	attributesOf(&p.plan.appModel, &decided, func(name string, before, after reflect.Value) {
		if !reflect.DeepEqual(before.Interface(), after.Interface()) {
			p.diags.Append(p.resp.Plan.SetAttribute(ctx, path.Root(name), after.Interface())...)
		}
	})
	p.plan.appModel = decided
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

// warnUpdate adds a warning for each attribute that Clarifai may be unable to clear.
func (p *appPlan) warnUpdate() {
	advice.WarnIfCleared(p.diags, "app", "description", p.plan.Description, p.state.Description)
	advice.WarnIfCleared(p.diags, "app", "notes", p.plan.Notes, p.state.Notes)
	if !emptyJSON([]byte(p.state.Metadata.ValueString())) {
		advice.WarnIfCleared(p.diags, "app", "metadata", p.plan.Metadata, p.state.Metadata)
	}
}

// planRename notes that the plan renames the app, and warns if another app has the
// new ID. If Clarifai cannot be asked, the rename itself finds out. It is no error: any
// error would also end the plan that a destroy begins with.
func (p *appPlan) planRename(ctx context.Context) {
	if p.plan.ID.IsUnknown() || p.plan.ID.Equal(p.state.ID) || !p.Ready() {
		return
	}
	to := clarifai.AppRef{UserID: p.state.UserID.ValueString(), AppID: p.plan.ID.ValueString()}
	p.Data().NoteApp(p.state.ref(), func(a *run.App) { a.RenamedTo = to.AppID })
	p.Data().NoteApp(to, func(a *run.App) { a.Renamed = true })
	if !p.hasRead() || p.Data().Inventory().Record(to.Key("")).AppIsNew {
		return // Terraform plans again while it applies, maybe after the rename
	}
	if _, err := p.Data().Inventory().App(ctx, to, inventory.Checked); err == nil {
		p.diags.AddAttributeWarning(path.Root("id"), "App ID is taken", fmt.Sprintf(
			"The apply will fail to rename the app %s: %s already has an app %q. The app and its keys then stay as they are. "+
				"Choose another ID, or delete or rename that app first, in a separate apply. To manage that app here instead of %[1]s: %[4]s.",
			p.state.ref(), to.UserID, to.AppID, advice.ReimportAdvice(to.String())))
	}
}

// hasRead reports whether this run has read the app, so that Terraform is planning.
func (p *appPlan) hasRead() bool { return p.Ready() && p.Data().App(p.state.ref()).Read }

// checkDestroy refuses at plan what Delete would refuse: at apply, Terraform
// deletes the app's keys first.
func (p *appPlan) checkDestroy(ctx context.Context) {
	if p.diags.HasError() || !p.Ready() {
		return
	}
	prior := p.state.prior()
	p.Data().NoteApp(prior.ref(), func(a *run.App) { a.Planned = true })
	p.planAddress(prior.ref(), true)
	checkEmpty(ctx, p.Data().Inventory(), prior, p.diags)
}

// preflight verifies the account of a new app, and warns if its ID is taken. It is
// no error: a destroy plans normally first, and must not be stopped by it.
func (p *appPlan) preflight(ctx context.Context) {
	isSet := !p.plan.DefaultWorkflow.IsNull() // after the plan
	if p.Ready() && !p.req.State.Raw.IsNull() && isSet && !p.diags.HasError() {
		notePlanned(p.Data().Run, p.state.UserID.ValueString(), p.plan.ID, p.plan.DefaultWorkflow, clarifai.WorkflowRef{})
	}
	owner, creates := p.Preflight(ctx, p.req, p.resp)
	id := p.plan.ID
	if !creates || p.diags.HasError() || id.IsUnknown() {
		return
	}
	notePlanned(p.Data().Run, owner, id, p.config.DefaultWorkflow, clarifai.WorkflowRef{UserID: "clarifai", AppID: "main"})
	ref := clarifai.AppRef{UserID: owner, AppID: id.ValueString()}
	known := p.Data().App(ref)
	if owner == "" || known.Held || known.Read || known.Planned { // an app that this state holds is about to be replaced
		return
	}
	wrote := p.Data().Inventory().Record(ref.Key(""))
	if _, err := p.Data().Inventory().App(ctx, ref, inventory.Listed); err != nil || wrote.AppIsNew ||
		!p.Data().Say(ref, func(a *run.App) *bool { return &a.SaidTaken }) {
		return
	}
	p.diags.AddAttributeWarning(path.Root("id"), "App ID is taken", fmt.Sprintf(
		"%s already has an app %q, so the apply will fail to create it. Choose another ID, or import the app: terraform import ADDRESS %s. "+
			"If this state has the app under another address, maybe with an earlier ID, use a moved block instead:\n%s",
		owner, ref.AppID, ref, advice.MovedBlock("clarifai_app")))
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
