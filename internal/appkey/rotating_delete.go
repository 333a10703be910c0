package appkey

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
)

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
