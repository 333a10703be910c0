package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// Update patches the description, follows a renamed app, and fills or empties
// the stored secret.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if !plan.AppID.Equal(state.AppID) {
		r.move(ctx, inv, plan, state, req.Private, resp)
		return
	}
	describes := plan.Description.ValueString() != state.Description.ValueString()
	got := plan
	if describes || plan.StoreKey.ValueBool() && state.Key.IsNull() {
		k, err := inv.FindKey(ctx, state.UserID.ValueString(), state.AppID.ValueString(), state.Fingerprint.ValueString())
		if err == nil && describes {
			k, err = r.describe(ctx, inv, k, plan, state, req.Private, &resp.Diagnostics)
		}
		if err != nil {
			addError(&resp.Diagnostics, "changing", "key "+state.ID.ValueString(), err)
			return
		}
		got = keyFromAPI(k, plan, readDefaults(ctx, req.Private, state, k, &resp.Diagnostics))
		got = unlessMeanwhile(plan, got, &resp.Diagnostics)
		checkDescription(plan, got, &resp.Diagnostics)
	}
	got.UserID, got.AppID, got.ID, got.Fingerprint, got.CreatedAt = state.UserID, state.AppID, state.ID, state.Fingerprint, state.CreatedAt
	r.finish(ctx, got, resp)
}

// describe patches the description.
func (r *Resource) describe(ctx context.Context, inv *inventory.Inventory, k clarifai.Key, plan, state model, p providerdata.Private, diags *diag.Diagnostics) (clarifai.Key, error) {
	if readDefaults(ctx, p, state, k, diags).HidesEndpoints {
		k.Endpoints = state.Endpoints.Strings() // go along, as the scopes do
	}
	k.Description = plan.Description.ValueString()
	return inv.PatchKey(ctx, k)
}

// unlessMeanwhile keeps what was planned of what an update does not touch, and
// says so where somebody else has changed it since.
func unlessMeanwhile(plan, got model, diags *diag.Diagnostics) model {
	same := got.Scopes.Equal(plan.Scopes) || scope.Equivalent(plan.Scopes.Strings(), got.Scopes.Strings())
	if !same || !got.Endpoints.Equal(plan.Endpoints) || !plan.ExpiresAt.IsUnknown() && !got.ExpiresAt.Equal(plan.ExpiresAt) {
		diags.AddWarning("A key was changed meanwhile", "Since the plan was made, somebody has changed what the key "+got.ID.ValueString()+
			" is limited to or when it expires. The next plan shows it.")
	}
	got.Scopes, got.Endpoints = plan.Scopes, plan.Endpoints
	if !plan.ExpiresAt.IsUnknown() {
		got.ExpiresAt = plan.ExpiresAt
	}
	return got
}

// finish writes the state of an update.
func (r *Resource) finish(ctx context.Context, got model, resp *resource.UpdateResponse) {
	if !got.StoreKey.ValueBool() {
		got.Key = types.StringNull()
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	// From now on a change of keepers rotates.
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateStrayed, nil)...)
}

func checkDescription(plan, got model, diags *diag.Diagnostics) {
	if summary, detail := descriptionFault(plan, got); summary != "" {
		diags.AddAttributeError(path.Root("description"), summary, detail)
	}
}

// descriptionFault says how Clarifai did not take the description as asked.
func descriptionFault(plan, got model) (summary, detail string) {
	switch asked := plan.Description.ValueString(); {
	case asked == got.Description.ValueString():
		return "", ""
	case asked == "":
		return "Clarifai did not take the description", "The configuration wants no description, but the key still has " + got.Description.String() +
			": Clarifai's API may be unable to clear a text. Set description to another text instead, such as \"-\", or put the old one back."
	}
	return "Clarifai did not take the description", "The configuration asks for " + plan.Description.String() + ", and Clarifai answered that the key has " +
		got.Description.String() + ". Set description to what Clarifai has."
}

// move follows an app to its new id. A rename takes the keys along; otherwise
// the key is made in the new app, and only then deleted in the old one.
func (r *Resource) move(ctx context.Context, inv *inventory.Inventory, plan, state model, p providerdata.Private, resp *resource.UpdateResponse) {
	k, made, ok := r.moved(ctx, inv, plan, state, p, &resp.Diagnostics)
	if !ok {
		return
	}
	d := readDefaults(ctx, p, state, k, &resp.Diagnostics)
	if made {
		d = noteDefaults(ctx, resp.Private, plan, k, &resp.Diagnostics)
	}
	got := keyFromAPI(k, plan, d)
	if !made {
		got = unlessMeanwhile(plan, got, &resp.Diagnostics)
	}
	r.finish(ctx, got, resp)
	checkDescription(plan, got, &resp.Diagnostics)
	if made {
		// Also in a run that is being cancelled: the state forgets the old key now.
		calm, cancel := inventory.Detached(ctx)
		defer cancel()
		if err := r.revoke(calm, inv, state); err != nil {
			addError(&resp.Diagnostics, "deleting the old", "key "+state.ID.ValueString()+", which the state does not hold any more; delete it in Clarifai", err)
		}
	}
}

// moved is the key in its new app: the one that a rename took along, or one made.
func (r *Resource) moved(ctx context.Context, inv *inventory.Inventory, plan, state model, p providerdata.Private, diags *diag.Diagnostics) (k clarifai.Key, made, ok bool) {
	user, app, print := state.UserID.ValueString(), plan.AppID.ValueString(), state.Fingerprint.ValueString()
	k, err := inv.FindKeyDirect(ctx, user, app, print)
	if newID, renamed := clarifai.IsMoved(err); renamed {
		diags.AddAttributeError(path.Root("app_id"), "The app was renamed outside of Terraform",
			"The app "+user+"/"+app+" is called \""+newID+"\" now, and its keys went along. Set app_id to \""+newID+"\", or rename the app back.")
		return k, false, false
	}
	if errors.Is(err, inventory.ErrGone) {
		var stayed bool
		if k, stayed, err = makeKey(ctx, inv, user, plan, print, diags); err != nil {
			return k, false, false
		}
		made = !stayed
	}
	if err == nil && !made && plan.Description.ValueString() != k.Description {
		k, err = r.describe(ctx, inv, k, plan, state, p, diags)
	}
	if err != nil {
		addError(diags, "moving", "key "+state.ID.ValueString()+" to app "+user+"/"+app, err)
	}
	return k, made, err == nil
}
