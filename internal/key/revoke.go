package key

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Revoke looks up the secret of a key and revokes it. That the key is gone
// is a success.
func Revoke(ctx context.Context, inv *inventory.Inventory, ref Ref) error {
	k, err := inv.Key(ctx, ref, inventory.Checked)
	if errors.Is(err, inventory.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return inv.DeleteKey(ctx, k.Ref(), k.Value)
}
