package inventory

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// moveKey returns the key that takes the place of the one of fingerprint n.Unless,
// which is in another app. If a rename of that app took the key along, it is the key
// itself; listings may show that late, so after a rename by this run it keeps looking
// for a while. Otherwise it creates the key that n asks for, and looks once more: a key
// that turns up then stays, and the new one is revoked. It never revokes the old key.
func (i *Inventory) moveKey(ctx context.Context, n NewKey) (CreatedKey, error) {
	k, err := i.findMoved(ctx, n)
	if !errors.Is(err, ErrGone) {
		return CreatedKey{Key: k}, err
	}
	created, err := i.createKey(ctx, n)
	if err != nil || !created.Created {
		return created, err
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	a := i.account(n.UserID)
	old, err := a.reread(detached, n.old())
	if err != nil || old.Value == "" { // it was looked for before: a failure now proves nothing
		return created, nil
	}
	if err := i.DeleteKey(detached, created.Ref(), created.Value); err != nil {
		created.Surplus = append(created.Surplus, created.Fingerprint)
	}
	a.wroteKey(old, false)
	return CreatedKey{Key: old, Surplus: created.Surplus}, nil
}

// findMoved looks for the old key in the new app: once, or for a while if this
// run renamed the app.
func (i *Inventory) findMoved(ctx context.Context, n NewKey) (clarifai.Key, error) {
	a, ref := i.account(n.UserID), n.old().Ref()
	err := a.keyReads.itself(ctx, n.AppID, false) // a rename made this run forget what it knew of the ID
	for {
		if err = a.concludeKeys(ctx, n.AppID, err); err != nil {
			return clarifai.Key{}, err
		}
		if k, ok := a.knownKey(n.AppID, n.Unless); ok {
			a.wroteKey(k, false)
			return k, nil
		}
		if !a.about(n.AppID).renamed {
			return clarifai.Key{}, ErrGone
		}
		if err = a.lookAgain(ctx, ref, false); errors.Is(err, errLookedEnough) {
			return clarifai.Key{}, ErrGone
		}
	}
}
