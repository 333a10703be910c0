package inventory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// ErrGone says that something does not exist, and that its account was verified
// to answer for the PAT.
var ErrGone = errors.New("it does not exist")

// FindApp returns an app. [ErrGone] means that it does not exist. A renamed app
// answers [clarifai.IsMoved].
func (i *Inventory) FindApp(ctx context.Context, userID, appID string) (clarifai.App, error) {
	acc := i.account(userID)
	app, written, err := acc.writtenApp(appID)
	if !written {
		app, err = acc.apps.find(ctx, appID)
	}
	return app, i.OrGone(ctx, userID, err)
}

// FindAppDirect is [Inventory.FindApp] without a listing.
func (i *Inventory) FindAppDirect(ctx context.Context, userID, appID string) (clarifai.App, error) {
	acc := i.account(userID)
	app, written, err := acc.writtenApp(appID)
	if !written {
		app, err = acc.apps.direct(ctx, appID)
	}
	return app, i.OrGone(ctx, userID, err)
}

// OrGone replaces a "not found" with [ErrGone] or with why that is in doubt.
func (i *Inventory) OrGone(ctx context.Context, userID string, err error) error {
	if clarifai.IsNotFound(err) {
		return i.gone(ctx, userID)
	}
	return err
}

// AppExisted reports whether the account had an app of this ID before this run.
// Terraform plans again while it applies, and has to come to the same plan after
// the run itself created or renamed the app.
func (i *Inventory) AppExisted(ctx context.Context, userID, appID string) (bool, error) {
	if i.account(userID).isNew(appID) {
		return false, nil
	}
	_, err := i.FindApp(ctx, userID, appID)
	if _, moved := clarifai.IsMoved(err); moved || errors.Is(err, ErrGone) {
		return false, nil
	}
	return err == nil, err
}

// FindKey returns a key of an app by its fingerprint; the key itself is in no
// URL. [ErrGone] means that it does not exist. If somebody else renamed the app,
// or a run that did not come to the key, the key has the app's new ID.
func (i *Inventory) FindKey(ctx context.Context, userID, appID, fingerprint string) (clarifai.Key, error) {
	acc := i.account(userID)
	k, ok, err := acc.findKey(ctx, appID, fingerprint)
	newID, moved := clarifai.IsMoved(err)
	if moved && newID != "" && newID != appID {
		k, ok, err = acc.findKey(ctx, newID, fingerprint)
		_, moved = clarifai.IsMoved(err)
	}
	if moved || clarifai.IsNotFound(err) {
		k, ok, err = acc.findKeyElsewhere(ctx, appID, fingerprint)
	}
	switch {
	case err != nil:
		return clarifai.Key{}, err
	case !ok:
		return clarifai.Key{}, i.gone(ctx, userID)
	}
	return k, nil
}

// FindKeyAfresh is [Inventory.FindKey] that asks the app again before it says that
// the key does not exist: another process may have created it since its listing
// was read.
func (i *Inventory) FindKeyAfresh(ctx context.Context, userID, appID, fingerprint string) (clarifai.Key, error) {
	k, err := i.FindKey(ctx, userID, appID, fingerprint)
	if !errors.Is(err, ErrGone) || i.account(userID).isRevoked(fingerprint) {
		return k, err
	}
	keys, err := i.AppKeysAfresh(ctx, userID, appID)
	if err != nil {
		return clarifai.Key{}, err
	}
	for _, k := range keys {
		if k.Fingerprint == fingerprint {
			return k, nil
		}
	}
	return clarifai.Key{}, ErrGone
}

// FindKeyDirect looks for a key in an app that may have been renamed during this
// run, so it does not use the account's listing.
func (i *Inventory) FindKeyDirect(ctx context.Context, userID, appID, fingerprint string) (clarifai.Key, error) {
	acc := i.account(userID)
	keys, err := acc.keys.direct(ctx, appID) // a rename made this run forget what it knew of the ID
	if err != nil && !clarifai.IsNotFound(err) {
		return clarifai.Key{}, err
	}
	if k, ok := keys[fingerprint]; ok && err == nil {
		acc.putKey(k)
		return k, nil
	}
	return clarifai.Key{}, i.gone(ctx, userID)
}

// findKey finds a key of an app: where the account's listing lacks it, the app's
// own listing says whether it exists.
func (a *account) findKey(ctx context.Context, appID, fingerprint string) (k clarifai.Key, ok bool, err error) {
	a.mu.Lock()
	own, written := a.writtenKeys[fingerprint]
	revoked := a.revokedKeys[fingerprint]
	a.mu.Unlock()
	switch {
	case revoked:
		return clarifai.Key{}, false, nil
	case written && own.AppID == appID:
		return own, true, nil
	}
	keys, from, err := a.keys.listed(ctx, appID)
	if k, ok = keys[fingerprint]; ok || err != nil {
		return k, ok, err
	}
	keys, err = a.keys.direct(ctx, appID)
	if k, ok = keys[fingerprint]; ok && from != fromItself {
		a.keys.markIncomplete()
	}
	return k, ok, err
}

// findKeyElsewhere finds a key whose app does not exist under its ID any longer
// under the app's new ID, which Clarifai may not tell. One listing serves all
// keys; where it is refused, the key counts as not found.
func (a *account) findKeyElsewhere(ctx context.Context, appID, fingerprint string) (k clarifai.Key, ok bool, err error) {
	all, err := share(ctx, a.inv, "everywhere/"+a.userID, func(ctx context.Context) (keysByFingerprint, error) {
		a.mu.Lock()
		known := a.everywhere
		a.mu.Unlock()
		if known != nil {
			return known, nil
		}
		keys, err := a.inv.AccountKeys(ctx, a.userID)
		if err != nil && !clarifai.IsRefused(err) {
			return nil, err
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.everywhere = byFingerprint(keys)
		return a.everywhere, nil
	})
	if err != nil {
		return clarifai.Key{}, false, err
	}
	k, ok = all[fingerprint]
	return k, ok && k.AppID != appID, nil // a listing may lag behind the deletion of the app
}

// AccountKeys reads all keys of an account, completely and afresh.
func (i *Inventory) AccountKeys(ctx context.Context, userID string) ([]clarifai.Key, error) {
	return readUntilStable(ctx, func() *clarifai.Pager[clarifai.Key] {
		return i.client.ListKeys(userID)
	}, keyFingerprint)
}

// ListedAppKeys returns all keys of an app, oldest first. If those of many apps
// are wanted, it believes the account's listing.
func (i *Inventory) ListedAppKeys(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	keys, from, err := acc.keys.listedOrIncomplete(ctx, appID)
	if from == notListed && err == nil {
		keys, err = acc.keys.direct(ctx, appID)
	}
	if err != nil {
		return nil, i.OrGone(ctx, userID, err)
	}
	return acc.withWrites(appID, keys), nil
}

// KnownAppKeys returns the keys of an app that a listing shows, of the app or of the
// account. It may lack some, and does not ask further for those.
func (i *Inventory) KnownAppKeys(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	keys, _, err := acc.keys.listedOrIncomplete(ctx, appID)
	if err != nil {
		return nil, err
	}
	return acc.withWrites(appID, keys), nil
}

// AppKeysDirect returns all keys of an app, oldest first, from the app's own
// listing: for a caller that has to know that there is no other.
func (i *Inventory) AppKeysDirect(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	keys, err := acc.keys.direct(ctx, appID)
	if err != nil {
		return nil, i.OrGone(ctx, userID, err)
	}
	return acc.withWrites(appID, keys), nil
}

// AppKeysAfresh returns all keys of an app, oldest first, as its own listing shows
// them now.
func (i *Inventory) AppKeysAfresh(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	keys, err := share(ctx, i, "afresh/"+userID+"/"+appID, func(ctx context.Context) ([]clarifai.Key, error) {
		return acc.readAppKeys(ctx, appID)
	})
	if err != nil {
		return nil, i.OrGone(ctx, userID, err)
	}
	return acc.withWrites(appID, byFingerprint(keys)), nil
}

// withWrites returns the keys of an app that a listing shows, corrected by what
// this run wrote, oldest first.
func (a *account) withWrites(appID string, listed keysByFingerprint) []clarifai.Key {
	return a.corrected(listed, func(k clarifai.Key) bool { return k.AppID == appID })
}

// corrected returns the keys that a listing shows, corrected by those of the
// wanted keys that this run wrote, oldest first.
func (a *account) corrected(listed keysByFingerprint, wanted func(clarifai.Key) bool) []clarifai.Key {
	a.mu.Lock()
	defer a.mu.Unlock()
	keys := make([]clarifai.Key, 0, len(listed))
	for fingerprint, k := range listed {
		if own, written := a.writtenKeys[fingerprint]; written && wanted(own) {
			continue
		}
		if !a.revokedKeys[fingerprint] {
			keys = append(keys, k)
		}
	}
	for _, k := range a.writtenKeys {
		if wanted(k) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y clarifai.Key) int {
		if n := x.CreatedAt.Compare(y.CreatedAt.Time); n != 0 {
			return n
		}
		return strings.Compare(x.Fingerprint, y.Fingerprint)
	})
	return keys
}
