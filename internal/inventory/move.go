package inventory

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// MovedKey is the key that an app holds after [Inventory.MoveKey].
type MovedKey struct {
	CreatedKey
	// Created reports that no rename took the key along, so this one was created.
	Created bool
}

// MoveKey returns the key that takes the place of the one of fingerprint
// n.Unless, which is in another app. If a rename of that app took the key along,
// it is the key itself; listings may show that late, so after a rename by this
// run it keeps looking for a while. Otherwise it creates the key that n asks for,
// and looks once more: a key that turns up then stays, and the new one is
// revoked. It never revokes the old key.
func (i *Inventory) MoveKey(ctx context.Context, n NewKey) (MovedKey, error) {
	k, err := i.findMoved(ctx, n)
	if !errors.Is(err, ErrGone) {
		return MovedKey{CreatedKey: CreatedKey{Key: k}}, err
	}
	created, err := i.CreateKey(ctx, n)
	if err != nil || created.Stayed {
		return MovedKey{CreatedKey: created}, err
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	acc := i.account(n.UserID)
	old, err := acc.reread(detached, clarifai.Key{UserID: n.UserID, AppID: n.AppID, Fingerprint: n.Unless})
	if err != nil || old.Value == "" { // it was looked for before: a failure now proves nothing
		return MovedKey{CreatedKey: created, Created: true}, nil
	}
	if err := i.DeleteKey(detached, created.UserID, created.Value); err != nil {
		created.Surplus = append(created.Surplus, created.Fingerprint)
	}
	acc.putKey(old)
	return MovedKey{CreatedKey: CreatedKey{Key: old, Stayed: true, Surplus: created.Surplus}}, nil
}

// findMoved looks for the old key in the new app: once, or for a while if this
// run renamed the app.
func (i *Inventory) findMoved(ctx context.Context, n NewKey) (clarifai.Key, error) {
	acc := i.account(n.UserID)
	k, err := i.FindKeyDirect(ctx, n.UserID, n.AppID, n.Unless)
	if !errors.Is(err, ErrGone) || !acc.renamedHere(n.AppID) {
		return k, err
	}
	for _, wait := range growingWaits(i.cfg.RenameWait) {
		if err := i.client.Clock().Sleep(ctx, wait); err != nil {
			return clarifai.Key{}, err
		}
		k, err := acc.reread(ctx, clarifai.Key{UserID: n.UserID, AppID: n.AppID, Fingerprint: n.Unless})
		if err != nil && !clarifai.IsNotFound(err) {
			return clarifai.Key{}, err
		}
		if err == nil && k.Value != "" {
			acc.putKey(k)
			return k, nil
		}
	}
	return clarifai.Key{}, ErrGone
}
