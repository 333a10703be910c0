package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

var (
	_ resource.Resource                = (*Resource)(nil)
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// Resource is clarifai_app.
type Resource struct {
	providerdata.Resource
}

// NewResource is clarifai_app for the registry.
func NewResource() resource.Resource { return &Resource{} }

// Metadata names the resource. A rename changes its identity.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create makes the app.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, plan.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	wire := patchOf(plan.facts, facts{})
	wire.ID = plan.ID.ValueString()
	made, err := inv.CreateApp(ctx, user, wire)
	if err != nil {
		addCreateError(&resp.Diagnostics, user, wire.ID, err)
		return
	}
	want := plan.facts
	plan.facts = factsTaken(ctx, inv, made, user, want)
	if len(notTaken(want, plan.facts)) > 0 {
		plan.facts = unlessTaken(want, plan.facts, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func addCreateError(diags *diag.Diagnostics, user, id string, err error) {
	if errors.Is(err, inventory.ErrAppExists) {
		diags.AddAttributeError(path.Root("id"), "The app id is taken",
			fmt.Sprintf("%s already has an app %q, which is not in this state. Choose another id, or take the app over: terraform import ADDRESS %s/%s.", user, id, user, id))
		return
	}
	providerdata.AddError(diags, "creating", "app "+user+"/"+id, err)
}

// Read refreshes the state. An app that is gone is dropped from it only when
// the account itself answers for the PAT.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	// Terraform before 1.12 has no identity to hand over, and the framework
	// wants one from every read, also from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)

	id := state.ID.ValueString()
	app, err := inv.FindApp(ctx, user, id)
	if newID, moved := clarifai.IsMoved(err); moved && newID != "" && newID != id {
		warnRenamed(&resp.Diagnostics, user, id, newID)
		app, err = inv.FindApp(ctx, user, newID)
	}
	if err == nil && !sameFacts(factsFromAPI(app, user, state.facts), state.facts) {
		// A listing may lag behind or say less than the app itself.
		app, err = inv.FindAppDirect(ctx, user, app.ID)
	}
	if errors.Is(err, inventory.ErrGone) {
		if app, err = renamedBefore(ctx, inv, user, state.facts, req.Private, &resp.Diagnostics); errors.Is(err, inventory.ErrGone) {
			resp.State.RemoveResource(ctx)
			return
		}
	}
	if err != nil {
		providerdata.AddError(&resp.Diagnostics, "reading", "app "+user+"/"+id, err)
		return
	}
	state.facts = factsFromAPI(app, user, state.facts)
	r.Data().NoteRead(state.name())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

func warnRenamed(diags *diag.Diagnostics, user, id, newID string) {
	diags.AddWarning("App renamed outside of Terraform",
		fmt.Sprintf("The app %s/%s is called %q now. The plan renames it back; to keep the new name, change id in the configuration.", user, id, newID))
}

// Update renames and patches in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, want := state.UserID.ValueString(), plan.facts
	if plan.ID != state.ID && !r.rename(ctx, inv, &state, plan.ID.ValueString(), resp) {
		return
	}
	patch := patchOf(want, state.facts)
	plan.facts = state.in(want)
	if changes(patch) {
		reindex := patch.DefaultWorkflow != nil && plan.Reindex.ValueBool()
		app, err := inv.PatchApp(ctx, user, plan.ID.ValueString(), clarifai.AppPatch{App: patch, Reindex: reindex})
		if err != nil {
			providerdata.AddError(&resp.Diagnostics, "changing", "app "+user+"/"+plan.ID.ValueString(), err, hints(patch, reindex)...)
			return
		}
		plan.facts = factsTaken(ctx, inv, app, user, want)
		plan.CreatedAt = state.CreatedAt
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	checkTaken(want, plan.facts, &resp.Diagnostics)
}

// hints are what a refusal of a patch may be about.
func hints(patch clarifai.App, reindex bool) (out []string) {
	if patch.DefaultWorkflow != nil && !reindex {
		out = append(out, "If this is about the change of default_workflow: an app that holds inputs has to index them anew, which can cost money. "+
			"Allow that with reindex_on_workflow_change = true.")
	}
	for name, text := range map[string]*string{"description": patch.Description, "notes": patch.Notes} {
		if text != nil && *text == "" {
			out = append(out, "If this is about "+name+", which the configuration has no more: Clarifai may be unable to clear it. Set it to another text instead, such as \"-\".")
		}
	}
	return out
}

// rename gives the app its new id, which the state then has even if the patch
// that follows fails.
func (r *Resource) rename(ctx context.Context, inv *inventory.Inventory, state *model, to string, resp *resource.UpdateResponse) bool {
	user, from := state.UserID.ValueString(), state.ID.ValueString()
	renamed, err := inv.RenameApp(ctx, user, from, to)
	noteRename(ctx, resp.Private, to, err, &resp.Diagnostics)
	if err != nil {
		addRenameError(&resp.Diagnostics, user, from, to, err)
		return false
	}
	state.facts = factsFromAPI(renamed, user, state.facts)
	resp.Diagnostics.Append(resp.State.Set(ctx, *state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	return true
}

func addRenameError(diags *diag.Diagnostics, user, from, to string, err error) {
	if errors.Is(err, inventory.ErrAppExists) {
		addTaken(diags, user, from, to)
		return
	}
	providerdata.AddError(diags, "renaming", fmt.Sprintf("app %s/%s to %q", user, from, to), err)
}

func addTaken(diags *diag.Diagnostics, user, from, to string) {
	diags.AddAttributeError(path.Root("id"), "The app id is taken",
		fmt.Sprintf("The app %s/%s can not be renamed: %s already has an app %q. Choose another id, or delete or rename that app first, in an apply of its own.", user, from, user, to))
}

// Delete deletes the app unless it holds what can not be had back.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, id := state.UserID.ValueString(), state.ID.ValueString()
	if refuseFull(ctx, inv, state, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := inv.DeleteApp(ctx, user, id); err != nil {
		providerdata.AddError(&resp.Diagnostics, "deleting", "app "+user+"/"+id, err)
	}
}

// refuseFull refuses to delete an app that holds what can not be had back.
func refuseFull(ctx context.Context, inv *inventory.Inventory, state model, diags *diag.Diagnostics) {
	if state.ForceDestroy.ValueBool() {
		return
	}
	user, id := state.UserID.ValueString(), state.ID.ValueString()
	counts, err := inv.CountResources(ctx, user, id)
	_, moved := clarifai.IsMoved(err)
	switch {
	case moved, clarifai.IsNotFound(err): // DeleteApp finds out whether that is to be believed
	case err != nil:
		providerdata.AddError(diags, "looking what is in", "app "+user+"/"+id+" before deleting it", err)
	case counts.Inputs+counts.Datasets+counts.Models+counts.Pipelines > 0:
		diags.AddAttributeError(path.Root("force_destroy"), "The app is not empty", fmt.Sprintf(
			"The app %s/%s holds %d inputs, %d datasets, %d models and %d pipelines, and deleting it can not be undone. "+
				"Remove them first, or set force_destroy = true, apply, and destroy then. To keep the app and only forget it: terraform state rm.",
			user, id, counts.Inputs, counts.Datasets, counts.Models, counts.Pipelines))
	}
}
