package appkey

import (
	"context"

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
