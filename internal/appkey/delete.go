package appkey

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	if err := revoke(ctx, inv, state.ref(), state.Key); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
}

// revoke revokes a key, whose secret the state may not hold. That it is gone is a success.
func revoke(ctx context.Context, inv *inventory.Inventory, k key.Ref, stored types.String) error {
	if secret := clarifai.Secret(stored.ValueString()); secret != "" {
		return inv.DeleteKey(ctx, k, secret)
	}
	return key.Revoke(ctx, inv, k)
}

func (m rotatingKeyModel) revoke(ctx context.Context, inv *inventory.Inventory, k key.Ref) error {
	secret := types.StringNull()
	switch k.ID() {
	case m.ID.ValueString():
		secret = m.Key
	case m.PreviousID.ValueString():
		secret = m.PreviousKey
	}
	if secret.ValueString() != "" {
		return revoke(ctx, inv, k, secret)
	}
	found, err := m.find(ctx, inv, k)
	if errors.Is(err, inventory.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return inv.DeleteKey(ctx, found.Ref(), found.Value)
}

// find finds one of the keys. A move may have left it in another app than the state's, of
// which no state will know the new ID: if that app was renamed, and does not list the key for
// long enough, the account's listing decides.
func (m rotatingKeyModel) find(ctx context.Context, inv *inventory.Inventory, k key.Ref) (clarifai.Key, error) {
	found, err := inv.Key(ctx, k, inventory.Checked)
	if lagging, ok := errors.AsType[*inventory.LaggingError](err); ok && k.App() != m.ref().App() {
		k.AppID = lagging.To
		return inv.Key(ctx, k, inventory.Checked)
	}
	return found, err
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
	for _, k := range state.allKeys() {
		if err := state.revoke(ctx, inv, k); err != nil {
			advice.AddError(&resp.Diagnostics, "delete app key", "key "+k.ID(), err)
		}
	}
	noted := noteSuccessors.Get(ctx, req.Private, &resp.Diagnostics)
	left := slices.DeleteFunc(found.noted(inv), func(n notedSuccessor) bool { return slices.Contains(noted, n) })
	addLeft(&resp.Diagnostics, state.ID.ValueString(), left)
}
