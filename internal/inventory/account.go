package inventory

import (
	"context"
	"errors"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// keysByFingerprint are the keys of one app or of one account.
type keysByFingerprint map[string]clarifai.Key

func byFingerprint(keys []clarifai.Key) keysByFingerprint {
	m := make(keysByFingerprint, len(keys))
	for _, k := range keys {
		m[k.Fingerprint] = k
	}
	return m
}

// account is what this run knows of the apps and keys of one user or
// organization: listings, corrected by the run's own writes.
type account struct {
	inv    *Inventory
	userID string
	apps   *listing[clarifai.App]
	keys   *listing[keysByFingerprint] // by app

	mu          sync.Mutex
	writtenApps map[string]*clarifai.App // by this run; nil: deleted or renamed away
	newApps     map[string]bool          // IDs that were free before this run
	renamedApps map[string]bool          // IDs that this run gave to existing apps
	writtenKeys keysByFingerprint
	revokedKeys map[string]bool         // by fingerprint, like the next
	claimedKeys map[string]bool         // created by this run
	existing    map[string]existingKeys // by app
	everywhere  keysByFingerprint       // of the whole account: to find keys whose app is gone
}

func newAccount(inv *Inventory, userID string) *account {
	a := &account{
		inv: inv, userID: userID,
		writtenApps: map[string]*clarifai.App{}, newApps: map[string]bool{}, renamedApps: map[string]bool{},
		writtenKeys: keysByFingerprint{}, revokedKeys: map[string]bool{}, claimedKeys: map[string]bool{},
		existing: map[string]existingKeys{},
	}
	window := inv.cfg.GatherWindow
	a.apps = newListing(window, func(ctx context.Context, id string) (clarifai.App, error) {
		return recovered(inv, func() (clarifai.App, error) { return inv.client.GetApp(ctx, userID, id) })
	}, listAll(inv, inv.client.ListApps(userID, ""), a.appsByID))
	a.keys = newListing(window, func(ctx context.Context, appID string) (keysByFingerprint, error) {
		return recovered(inv, func() (keysByFingerprint, error) {
			keys, err := a.readAppKeys(ctx, appID)
			return byFingerprint(keys), err
		})
	}, listAll(inv, inv.client.ListKeys(userID), a.keysByApp))
	return a
}

// errTooLong says that a listing has more pages than it may cost.
var errTooLong = errors.New("the listing is too long to be worth it")

// listAll returns how a listing reads all its items: up to a number of pages in
// total, later from where it stopped. It sorts them with byID.
func listAll[Item, T any](inv *Inventory, pager *clarifai.Pager[Item], byID func([]Item) map[string]T) func(context.Context, int) (map[string]T, bool, error) {
	var (
		items    []Item
		pages    int
		repeated bool
	)
	return func(ctx context.Context, most int) (map[string]T, bool, error) {
		all, err := recovered(inv, func() (map[string]T, error) {
			for ; !pager.Done(); pages++ {
				if pages >= most {
					return nil, errTooLong
				}
				page, err := pager.Next(ctx)
				if err != nil {
					return nil, err
				}
				items = append(items, page.Items...)
				repeated = repeated || page.Repeated
			}
			return byID(items), nil
		})
		return all, repeated, err
	}
}

// appsByID returns the account's own apps in a listing by ID.
func (a *account) appsByID(apps []clarifai.App) map[string]clarifai.App {
	byID := make(map[string]clarifai.App, len(apps))
	for _, app := range apps {
		if isOwn(app.UserID, a.userID) {
			byID[app.ID] = app
		}
	}
	return byID
}

// keysByApp sorts the keys in a listing of the account by app. A user's keys may
// be for an app of somebody else, which may have the same ID as one of the user's
// own.
func (a *account) keysByApp(keys []clarifai.Key) map[string]keysByFingerprint {
	byApp := map[string]keysByFingerprint{}
	for _, k := range keys {
		if k.UserID != a.userID {
			continue
		}
		if byApp[k.AppID] == nil {
			byApp[k.AppID] = keysByFingerprint{}
		}
		byApp[k.AppID][k.Fingerprint] = k
	}
	return byApp
}

// readAppKeys reads an app's own listing of keys, completely.
func (a *account) readAppKeys(ctx context.Context, appID string) ([]clarifai.Key, error) {
	return readUntilStable(ctx, func() *clarifai.Pager[clarifai.Key] {
		return a.inv.client.ListAppKeys(a.userID, appID)
	}, keyFingerprint)
}

// writtenApp returns the app as this run wrote it. Written reports whether it
// did; an app that it deleted or renamed away is an error.
func (a *account) writtenApp(id string) (app clarifai.App, written bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	own, written := a.writtenApps[id]
	if written && own == nil {
		return clarifai.App{}, true, clarifai.NotFound("GetApp", "deleted or renamed by this run")
	}
	if own != nil {
		app = *own
	}
	return app, written, nil
}

// putApp notes an app as this run wrote it.
func (a *account) putApp(app clarifai.App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writtenApps[app.ID] = &app
}

// putNewApp notes an app that did not exist under its ID before: what was read
// about the keys of that ID until now is about another app, or about none.
func (a *account) putNewApp(app clarifai.App) {
	a.mu.Lock()
	a.writtenApps[app.ID] = &app
	a.newApps[app.ID] = true
	a.mu.Unlock()
	a.keys.forget(app.ID)
}

// dropApp notes that no app has this ID any longer.
func (a *account) dropApp(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writtenApps[id] = nil
	delete(a.existing, id) // another app may get the ID
	for fingerprint, k := range a.writtenKeys {
		if k.AppID == id { // gone with the app, or under its new ID
			delete(a.writtenKeys, fingerprint)
		}
	}
	a.keys.forget(id)
}

// noteRenamed notes that this run gave an existing app this ID.
func (a *account) noteRenamed(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.renamedApps[id] = true
}

func (a *account) renamedHere(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.renamedApps[id]
}

func (a *account) isNew(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newApps[id]
}

// HasCreatedApp reports whether this run created the app, so that the app holds
// nothing from before.
func (i *Inventory) HasCreatedApp(userID, appID string) bool {
	a := i.account(userID)
	return a.isNew(appID) && !a.renamedHere(appID)
}

// putKey notes a key as this run wrote or saw it last.
func (a *account) putKey(k clarifai.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writtenKeys[k.Fingerprint] = k
}

// dropKey notes that a key is revoked.
func (a *account) dropKey(fingerprint string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.writtenKeys, fingerprint)
	a.revokedKeys[fingerprint] = true
}

func (a *account) isRevoked(fingerprint string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.revokedKeys[fingerprint]
}
