package inventory

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A key that gives access to several apps is no app's own: no resource can have it, and
// to revoke it for one app would cut off the users of the others. So it is no key of any
// conclusion. It is only shown, and never taken for gone.

// SharedKeyError reports that a key that was asked for gives access to other apps as well.
type SharedKeyError struct{ Key clarifai.Key }

func (e *SharedKeyError) Error() string {
	return clarifai.Escape(fmt.Sprintf("it exists, but gives access to other apps as well: %v", e.Key.AlsoIn))
}

// unlessShared returns the [SharedKeyError] of a key that was taken for gone, or the error.
func (a *account) unlessShared(ref clarifai.KeyRef, k clarifai.Key, err error) (clarifai.Key, error) {
	if !errors.Is(err, ErrGone) || a.inv.Record(ref).KeyRevoked {
		return k, err
	}
	a.locked(ref.AppID, func(r *appRecord) {
		if shared, ok := r.shared[ref.Fingerprint]; ok {
			k, err = shared, &SharedKeyError{shared}
		}
	})
	return k, err
}

// SharedKeys returns the keys that give access to an app and to others, oldest first, as
// far as answers about keys have shown them; without an app ID, those of the account's
// own apps, by app.
func (i *Inventory) SharedKeys(ref clarifai.AppRef) (keys []clarifai.Key) {
	a := i.account(ref.UserID)
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, app := range a.apps {
		if ref.AppID == "" || ref.AppID == id {
			keys = slices.AppendSeq(keys, maps.Values(app.shared))
		}
	}
	slices.SortFunc(keys, byAppAndAge)
	return keys
}

func isShared(k clarifai.Key) bool { return len(k.AlsoIn) > 0 }

// sawShared notes a key of several apps in a listing of the account. An app's own
// listing knows better. The caller holds the lock.
func (a *account) sawShared(k clarifai.Key) {
	refs := append([]clarifai.AppRef{k.Ref().AppRef()}, k.AlsoIn...)
	for i, ref := range refs {
		app := a.app(ref.AppID)
		if ref.UserID != a.userID || app.removed || app.keysAsOf > 0 {
			continue
		}
		k.UserID, k.AppID, k.AlsoIn = ref.UserID, ref.AppID, slices.Delete(slices.Clone(refs), i, i+1)
		app.shared[k.Fingerprint] = k
	}
}

// sawSharedIn notes the keys of several apps in a page of an app's own listing, in place
// of what was known if it is the first, and returns the other keys.
func (a *account) sawSharedIn(appID string, keys []clarifai.Key, first bool) []clarifai.Key {
	a.locked(appID, func(r *appRecord) {
		if first {
			clear(r.shared)
		}
		for _, k := range keys {
			if isShared(k) && k.AppID == appID {
				r.shared[k.Fingerprint] = k
			}
		}
	})
	return slices.DeleteFunc(keys, isShared)
}
