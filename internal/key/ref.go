// Package key is what every type says of an app-specific API key: how it is named,
// found, limited and revoked. Clarifai's ID of a key is the secret itself; the ID here
// is user_id/app_id/fingerprint, which is safe to show.
package key

import (
	"context"
	"errors"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Ref is what finds a key, without its secret.
type Ref = clarifai.KeyRef

// LookTimeout is how long a plan waits for the keys of an app, about which it only
// warns.
const LookTimeout = 5 * time.Second

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
