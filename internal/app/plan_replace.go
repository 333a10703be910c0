package app

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// notePriorApp holds, from one call of a plan to the next, the app of the
// prior state. Terraform plans a replacement in two calls, and the second, which
// plans the new app, gets no state but the private state that the first planned.
const notePriorApp base.Note[priorApp] = "prior_app"

// priorApp is the app of a prior state. Private state holds it, so the names never
// change.
type priorApp struct {
	UserID       string `json:"user_id"`
	ID           string `json:"id"`
	ForceDestroy bool   `json:"force_destroy"`
}

func (a priorApp) ref() clarifai.AppRef { return clarifai.AppRef{UserID: a.UserID, AppID: a.ID} }

// NoteState notes an app that the state holds, from the JSON that is stored.
func NoteState(records *run.Run, state []byte) {
	var stored priorApp
	if json.Unmarshal(state, &stored) == nil && stored.UserID != "" {
		records.NoteApp(stored.ref(), func(a *run.App) { a.Held = true })
	}
}

func (m appResourceModel) prior() priorApp {
	return priorApp{UserID: m.UserID.ValueString(), ID: m.ID.ValueString(), ForceDestroy: m.ForceDestroy.ValueBool()}
}

// notePrior notes an app for the second call of a plan that may turn out to
// replace it. Any plan may: -replace leaves no other trace in the first call.
func (p *appPlan) notePrior(ctx context.Context) {
	app := p.state.prior()
	notePriorApp.Set(ctx, p.resp.Private, app, p.diags)
	if p.Ready() {
		p.Data().NoteApp(app.ref(), func(a *run.App) { a.Planned = true })
		p.planAddress(app.ref(), false)
	}
}

// planRecreation records that the plan recreates an app, which takes its keys
// away, and refuses what its deletion would refuse. Of an app that is only created,
// it records that.
func (p *appPlan) planRecreation(ctx context.Context) {
	if !p.Ready() {
		return
	}
	ref := clarifai.AppRef{UserID: p.newOwner(ctx), AppID: p.plan.ID.ValueString()}
	if !p.plan.ID.IsUnknown() {
		p.Data().NoteApp(ref, func(a *run.App) { a.New = true })
		p.planAddress(ref, false)
	}
	prior, ok := p.replacedApp(ctx, ref)
	if !ok {
		return
	}
	p.Data().NoteApp(prior.ref(), func(a *run.App) { a.Recreated, a.NewOwner = true, p.plan.UserID.ValueString() })
	// The deletion obeys the state alone. The plan also obeys a configuration that takes the consent back.
	prior.ForceDestroy = prior.ForceDestroy && p.plan.ForceDestroy.ValueBool()
	var refused diag.Diagnostics
	if checkEmpty(ctx, p.Data().Inventory(), prior, &refused); refused.HasError() {
		p.diags.Append(refused...)
		p.diags.AddError("Cannot replace app", "This plan deletes the app "+prior.ref().String()+" and creates it again, because of -replace, "+
			"because the app is tainted, or because its user_id changes. "+
			"To keep the app: leave out -replace, run terraform untaint with the address of the app, or restore user_id.")
	}
}

// replacedApp returns the app that a plan without a prior state replaces, if any:
// the one that the first call of a replacement noted, or a tainted one.
func (p *appPlan) replacedApp(ctx context.Context, ref clarifai.AppRef) (app priorApp, ok bool) {
	if app = notePriorApp.Get(ctx, p.req.Private, p.diags); app.ID != "" {
		return app, true
	}
	known := p.Data().App(ref)
	// Terraform refreshes a tainted app, and plans for it without its prior state.
	return priorApp{UserID: ref.UserID, ID: ref.AppID, ForceDestroy: known.ForceDestroy}, known.Read && !known.Planned
}

// newOwner returns the owner that a new app gets, "" if it is not known.
func (p *appPlan) newOwner(ctx context.Context) string {
	if p.config.UserID.IsNull() {
		return p.Data().Inventory().Preflight(ctx, "").UserID
	}
	return p.config.UserID.ValueString()
}

// planAddress notes a plan that destroys an app, or that creates or keeps it, and
// adds an error if another address means the opposite: the app and its data would be
// deleted although the configuration has it.
func (p *appPlan) planAddress(ref clarifai.AppRef, destroys bool) {
	switch p.Data().PlanApp(ref, destroys) {
	case run.Clashes:
		p.diags.AddError("One app at two addresses", "This plan destroys the app "+ref.String()+" at one address, while another address "+
			"creates, imports or keeps it: "+
			"the apply would delete the app with everything in it.\n\n"+advice.TwoAddresses("clarifai_app", ref.String()))
	case run.MayClash:
		p.diags.AddWarning("Maybe one app at two addresses", "This plan destroys an app "+ref.AppID+" at one address, while another address "+
			"creates, imports or keeps an app of that ID, of an owner that is not known yet. "+
			"If it is the same, the apply deletes the app with everything in it.\n\n"+advice.TwoAddresses("clarifai_app", "USER_ID/"+ref.AppID))
	}
}
