package clarifai

import "context"

// key finds a key of an app. Where the account's listing lacks it, the app's
// own is asked before it is believed to be missing.
func (a *account) key(ctx context.Context, appID, print string) (k Key, ok bool, err error) {
	a.mu.Lock()
	own, written := a.ownKeys[print]
	gone := a.goneKeys[print]
	a.mu.Unlock()
	switch {
	case gone:
		return Key{}, false, nil
	case written && own.AppID == appID:
		return own, true, nil
	}
	there, _, err := a.rings.cached(ctx, appID)
	if err != nil {
		return Key{}, false, err
	}
	if k, ok = there[print]; ok {
		return k, true, nil
	}
	if there, err = a.rings.direct(ctx, appID); err != nil {
		return Key{}, false, err
	}
	if k, ok = there[print]; !ok && len(there) > 0 && len(there) < PageSize {
		if there, err = a.toTheEnd(ctx, appID); err != nil {
			return Key{}, false, err
		}
		k, ok = there[print]
	}
	if ok {
		a.rings.incomplete()
	}
	return k, ok, nil
}

// toTheEnd reads an app's keys until a page is empty: the server may serve pages
// of any size, and what is on none of them is believed gone.
func (a *account) toTheEnd(ctx context.Context, appID string) (keyring, error) {
	return a.once(ctx, appID, func(ctx context.Context) ([]Key, error) {
		return a.c.listAppKeys(ctx, a.userID, appID, true)
	})
}

// elsewhere finds a key whose app is not there any more under the app's new id,
// which Clarifai may not tell. One listing serves all keys; where it is refused,
// the key counts as not found.
func (a *account) elsewhere(ctx context.Context, appID, print string) (k Key, ok bool, err error) {
	all, err := a.once(ctx, "", func(ctx context.Context) ([]Key, error) {
		keys, err := a.c.ListKeys(ctx, a.userID)
		if isRefused(err) {
			err = nil
		}
		return keys, err
	})
	if err != nil {
		return Key{}, false, err
	}
	k, ok = all[print]
	return k, ok && k.AppID != appID, nil // a listing may lag behind the deletion of the app
}

// once makes a reading that looks for what is missing, of an app or, without one,
// of the account, and keeps it for all who look.
func (a *account) once(ctx context.Context, appID string, read func(context.Context) ([]Key, error)) (keyring, error) {
	v, err := a.c.shared(ctx, "missing/"+a.userID+"/"+appID, func(ctx context.Context) (any, error) {
		a.mu.Lock()
		known := a.read[appID]
		a.mu.Unlock()
		if known != nil {
			return known, nil
		}
		keys, err := read(ctx)
		if err != nil {
			return nil, err
		}
		all := ring(keys)
		a.mu.Lock()
		a.read[appID] = all
		a.mu.Unlock()
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(keyring), nil
}
