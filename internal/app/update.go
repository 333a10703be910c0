package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Update renames and patches the app in place.
func (r *appResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := appUpdate{resp: resp}
	notePriorApp.Clear(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &u.state)...)
	var ok bool
	if u.inv, ok = r.Inventory(&resp.Diagnostics); !ok || resp.Diagnostics.HasError() {
		return
	}
	if u.plan.ID != u.state.ID && !u.rename(ctx) {
		return
	}
	got, ok := u.patch(ctx)
	if !ok {
		return
	}
	want := u.plan.appModel
	u.plan.appModel = got
	u.setState(ctx, u.plan)
	for _, m := range mismatches(want, got) {
		m.AddError(&resp.Diagnostics)
	}
}

// appUpdate is one Update of an app.
type appUpdate struct {
	inv         *inventory.Inventory
	plan, state appResourceModel
	resp        *resource.UpdateResponse
}

// rename gives the app its new ID. The state has it even if the patch that
// follows fails. Without success it adds an error.
func (u *appUpdate) rename(ctx context.Context) (ok bool) {
	user, from, to := u.state.UserID.ValueString(), u.state.ID.ValueString(), u.plan.ID.ValueString()
	renamed, err := u.inv.RenameApp(ctx, u.state.inState(), to)
	pending := to // where the outcome is not known
	if err == nil || errors.Is(err, inventory.ErrAppExists) {
		pending = ""
	}
	notePendingRename.Set(ctx, u.resp.Private, pending, &u.resp.Diagnostics)
	switch {
	case errors.Is(err, inventory.ErrAppExists):
		u.resp.Diagnostics.AddAttributeError(path.Root("id"), "Cannot rename app", fmt.Sprintf(
			"The app ID is taken: the app %s cannot be renamed, because %s already has an app %q. Choose another ID, or delete or "+
				"rename that app first, in a separate apply.", u.state.ref(), user, to))
		return false
	case err != nil:
		advice.AddError(&u.resp.Diagnostics, fmt.Sprintf("rename app to %q", to), "app "+user+"/"+from, err)
		return false
	}
	u.state.appModel = appFromAPI(renamed, user, u.state.appModel)
	u.setState(ctx, u.state)
	return true
}

// patch sends what the plan changes and returns the app as it is then. Without
// success it adds an error.
func (u *appUpdate) patch(ctx context.Context) (got appModel, ok bool) {
	user, want := u.state.UserID.ValueString(), u.plan.appModel
	changes := appPatch(want, u.state.appModel)
	if reflect.DeepEqual(changes, clarifai.App{}) {
		return fillUnknowns(want, u.state.appModel), true
	}
	id := u.plan.ID.ValueString()
	reindex := changes.DefaultWorkflow != nil && u.plan.Reindex.ValueBool()
	app, err := u.inv.PatchApp(ctx, clarifai.AppRef{UserID: user, AppID: id}, clarifai.AppPatch{App: changes, Reindex: reindex})
	if err != nil {
		advice.AddError(&u.resp.Diagnostics, "update app", "app "+user+"/"+id, err, patchHints(changes, reindex, err)...)
		return appModel{}, false
	}
	want.UserID = u.state.UserID
	got = appWritten(ctx, u.inv, app, want)
	got.CreatedAt = u.state.CreatedAt
	return got, true
}

func (u *appUpdate) setState(ctx context.Context, m appResourceModel) {
	u.resp.Diagnostics.Append(u.resp.State.Set(ctx, m)...)
	u.resp.Diagnostics.Append(u.resp.Identity.Set(ctx, m.identity())...)
}

// patchHints returns what a refusal of a patch may be about.
func patchHints(patch clarifai.App, reindex bool, err error) (hints []string) {
	if !clarifai.IsRefused(err) || clarifai.IsWorkflowRefused(err) {
		return nil
	}
	if patch.DefaultWorkflow != nil && !reindex {
		hints = append(hints, "If this concerns the change of default_workflow: an app that holds inputs must index "+
			"them again, which can cost money. Allow that with reindex_on_workflow_change = true.")
	}
	for name, text := range map[string]*string{"description": patch.Description, "notes": patch.Notes} {
		if text != nil && *text == "" {
			hints = append(hints, "If this concerns "+name+", which the configuration no longer sets: Clarifai may be unable to clear it. Set "+
				"it to another text instead, such as \"-\".")
		}
	}
	return hints
}

// appPatch returns what has to be sent to turn one app into another. For a new
// app, from is empty.
func appPatch(want, from appModel) clarifai.App {
	a := clarifai.App{
		Name:            changedText(want.Name, from.Name),
		DefaultLanguage: changedText(want.DefaultLanguage, from.DefaultLanguage),
		Description:     changedText(want.Description, from.Description),
		Notes:           changedText(want.Notes, from.Notes),
	}
	if !want.SampleMS.IsUnknown() && !want.SampleMS.Equal(from.SampleMS) {
		a.SampleMS = want.SampleMS.ValueInt64Pointer()
	}
	if !want.IsTemplate.IsUnknown() && !want.IsTemplate.Equal(from.IsTemplate) {
		a.IsTemplate = want.IsTemplate.ValueBoolPointer()
	}
	if g, ok := clarifai.ParseGettable(want.Visibility.ValueString()); ok && !want.Visibility.Equal(from.Visibility) {
		a.Visibility = &clarifai.Visibility{Gettable: g}
	}
	if !sameJSON([]byte(want.Metadata.ValueString()), []byte(from.Metadata.ValueString())) {
		a.Metadata = json.RawMessage("{}")
		if !emptyJSON([]byte(want.Metadata.ValueString())) {
			a.Metadata = json.RawMessage(want.Metadata.ValueString())
		}
	}
	if w := want.DefaultWorkflow; !w.IsNull() && !w.IsUnknown() && !workflowOf(w).matches(workflowOf(from.DefaultWorkflow)) {
		m := workflowOf(w)
		a.DefaultWorkflow = &clarifai.WorkflowRef{ID: m.ID.ValueString(), UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString()}
	}
	return a
}

// changedText returns nil where nothing changes; null and empty are the same to the API.
func changedText(want, from types.String) *string {
	if want.IsUnknown() || want.ValueString() == from.ValueString() {
		return nil
	}
	s := want.ValueString()
	return &s
}

// appWritten maps the answer to a write. An answer that is not what was asked
// for may be incomplete, so the app is read again.
func appWritten(ctx context.Context, inv *inventory.Inventory, answer clarifai.App, want appModel) appModel {
	user := want.UserID.ValueString()
	got := appFromAPI(answer, user, want)
	if len(mismatches(want, got)) == 0 {
		return got
	}
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	if app, err := inv.App(detached, clarifai.AppRef{UserID: user, AppID: answer.ID}, inventory.Now); err == nil {
		return appFromAPI(app, user, want)
	}
	return got
}

// mismatches returns the attributes that Clarifai did not store as asked.
func mismatches(want, got appModel) (out []advice.Mismatch) {
	attributesOf(&want, &got, func(name string, w, g reflect.Value) {
		asked, _ := reflect.TypeAssert[attr.Value](w)
		stored, _ := reflect.TypeAssert[attr.Value](g)
		sameWorkflow := partlyUnknown(asked) && workflowOf(want.DefaultWorkflow).matches(workflowOf(got.DefaultWorkflow))
		if !isGiven(name) && !asked.IsUnknown() && !asked.Equal(stored) && !sameWorkflow {
			out = append(out, advice.Mismatch{Object: "app", Attribute: name, Want: asked, Got: stored})
		}
	})
	return out
}

// asPlanned returns the state of a new app that differs from its plan: what
// was asked for, as Terraform demands, until the next plan shows the difference.
func asPlanned(want, got appModel) appModel {
	asked := fillUnknowns(want, got)
	if w := want.DefaultWorkflow; partlyUnknown(w) {
		asked.DefaultWorkflow = workflowOf(w).fillUnknowns(workflowOf(got.DefaultWorkflow))
	}
	return asked
}
