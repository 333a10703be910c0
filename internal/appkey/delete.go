package appkey

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Delete revokes the key.
func (r *appKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state appKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if err := revokeManaged(ctx, inv, state); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
}

// revokeManaged revokes the key of a state, which may not hold the secret.
func revokeManaged(ctx context.Context, inv *inventory.Inventory, state appKeyModel) error {
	if secret := clarifai.Secret(state.Key.ValueString()); secret != "" {
		return inv.DeleteKey(ctx, state.ref(), secret)
	}
	return key.Revoke(ctx, inv, state.ref())
}

// planAddress notes a plan that destroys keys, or that keeps them, and adds an error if
// another address means the opposite: a key in use would be revoked.
func (r *keyResource) planAddress(destroys bool, diags *diag.Diagnostics, refs ...key.Ref) {
	if !r.Ready() {
		return
	}
	for _, ref := range r.Data().PlanKeys(destroys, refs...) {
		diags.AddError("One app key at two addresses", "This plan destroys the key "+ref.ID()+" at one address, while another address "+
			"imports or keeps it: the apply would revoke the key, which is in use.\n\n"+
			advice.TwoAddresses("clarifai_app_key", ref.ID()))
	}
}

// Delete revokes the keys of the state, and nothing else: a successor of them, which the
// plan names, may be in use by another state.
func (r *rotatingAppKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	found := findSuccessors(ctx, inv, state, &resp.Diagnostics)
	if err := revokeManaged(ctx, inv, state.appKeyModel); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
	for _, k := range state.retiring(nil) {
		if err := revokeRetired(ctx, inv, state, k.Ref); err != nil {
			advice.AddError(&resp.Diagnostics, "delete app key", "key "+k.ID(), err)
		}
	}
	noted := noteSuccessors.Get(ctx, req.Private, &resp.Diagnostics)
	left := slices.DeleteFunc(found.noted(inv), func(n notedSuccessor) bool { return slices.Contains(noted, n) })
	addLeft(&resp.Diagnostics, state.ID.ValueString(), left)
}
