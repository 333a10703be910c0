package appkey

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// revokeManaged revokes the key of a state, which may not hold the secret.
func revokeManaged(ctx context.Context, inv *inventory.Inventory, state appKeyModel) error {
	if secret := clarifai.Secret(state.Key.ValueString()); secret != "" {
		return inv.DeleteKey(ctx, state.UserID.ValueString(), secret)
	}
	return revokeByRef(ctx, inv, state.ref())
}

// revokeByRef looks up the secret of a key and revokes it. That the key is gone
// is a success.
func revokeByRef(ctx context.Context, inv *inventory.Inventory, ref keyRef) error {
	k, err := inv.FindKey(ctx, ref.UserID, ref.AppID, ref.Fingerprint)
	if errors.Is(err, inventory.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return inv.DeleteKey(ctx, k.UserID, k.Value)
}
