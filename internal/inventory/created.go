package inventory

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file says what in an app came from this run, for those who revoke what did
// not.

// HasCreatedAppItself reports whether Clarifai told this run that it created the
// app. Unlike with [Inventory.HasCreatedApp], one that was only found after a lost
// answer does not count: somebody else may have created it, with keys in it.
func (i *Inventory) HasCreatedAppItself(userID, appID string) bool {
	a := i.account(userID)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ownApps[appID]
}

// HasCreatedKey reports whether this run created the key of that fingerprint.
func (i *Inventory) HasCreatedKey(userID, fingerprint string) bool {
	a := i.account(userID)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.claimedKeys[fingerprint]
}

// HasRevokedKey reports whether this run revoked the key of that fingerprint.
func (i *Inventory) HasRevokedKey(userID, fingerprint string) bool {
	return i.account(userID).isRevoked(fingerprint)
}

// ForeignKeys returns those of the keys, which a listing of the app has just
// shown, that this run did not create. It waits until the creates under way in the
// app are done: the listing may show their results before their answers come.
func (i *Inventory) ForeignKeys(ctx context.Context, userID, appID string, keys []clarifai.Key) (foreign []clarifai.Key, err error) {
	a := i.account(userID)
	for a.isCreating(appID) {
		if err := i.Sleep(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if !i.HasCreatedKey(userID, k.Fingerprint) {
			foreign = append(foreign, k)
		}
	}
	return foreign, nil
}

// beginCreate notes that the create of a key in an app is under way, until the
// returned function is called.
func (a *account) beginCreate(appID string) (end func()) {
	add := func(n int) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.creating[appID] += n
	}
	add(1)
	return func() { add(-1) }
}

func (a *account) isCreating(appID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.creating[appID] > 0
}

// noteOwnApp notes that Clarifai told this run that it created an app.
func (a *account) noteOwnApp(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ownApps[id] = true
}
