package clarifai

import (
	"context"
	"time"
)

// baseline is what an app held before this run made its first key in it.
type baseline struct {
	keys map[string]bool // by fingerprint
	// listed: taken from the account's listing, which may have lacked some.
	listed bool
}

// establish notes what an app holds before the first key is made in it: by its
// own listing or, where keys of many apps are made, by the account's.
func (a *account) establish(ctx context.Context, appID string) error {
	a.mu.Lock()
	_, known := a.baselines[appID]
	a.mu.Unlock()
	if known {
		return nil
	}
	there, from, err := a.rings.known(ctx, appID)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.baselines[appID]; !known {
		before := baseline{keys: make(map[string]bool, len(there)), listed: from != alone}
		for print := range there {
			before.keys[print] = true
		}
		a.baselines[appID] = before
	}
	return nil
}

func (a *account) claim(k Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.claimed[k.Fingerprint] = true
	a.ownKeys[k.Fingerprint] = k
}

// newcomers lists the app afresh and gives the keys that answer to n, were not
// there before this run's first create and are not claimed by another create.
// Since is the server's time before n was sent.
func (a *account) newcomers(ctx context.Context, n NewKey, since time.Time) ([]Key, error) {
	keys, err := a.c.ListAppKeys(ctx, a.userID, n.AppID)
	if err != nil {
		return nil, err
	}
	found, sure := a.alike(n, keys)
	if sure || len(found) == 0 {
		return found, nil
	}
	return a.sift(ctx, n.AppID, found, since)
}

// alike gives the keys that may be n's. Not sure: some of them may have been
// there before, unlisted.
func (a *account) alike(n NewKey, keys []Key) (found []Key, sure bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.baselines[n.AppID]
	var silent []Key // of their endpoints, which Clarifai may not show
	for _, k := range keys {
		known := before.keys[k.Fingerprint] || a.claimed[k.Fingerprint] || a.goneKeys[k.Fingerprint]
		switch {
		case known, k.Description != n.Description, len(n.Scopes) > 0 && !a.c.cfg.SameScopes(n.Scopes, k.Scopes):
		case len(n.Endpoints) == 0, sameSet(n.Endpoints, k.Endpoints):
			found = append(found, k)
		case len(k.Endpoints) == 0:
			silent = append(silent, k)
		}
	}
	if len(found) == 0 {
		found = silent
	}
	return found, !before.listed
}

// clockDoubt is by how much the times that one server tells may differ. The
// Date of an answer is cut to seconds, and may be another machine's than the
// one that makes keys.
const clockDoubt = 2 * time.Second

// sift drops the keys that were there before and that the account's listing
// lacked then. What is as young as the send is new. So is what that listing
// shows now. Older than that, and unlisted still, is old; what has no such time
// can not be told.
func (a *account) sift(ctx context.Context, appID string, found []Key, since time.Time) ([]Key, error) {
	var fresh, older []Key
	for _, k := range found {
		if since.IsZero() || k.CreatedAt.IsZero() || k.CreatedAt.Before(since) {
			older = append(older, k)
			continue
		}
		fresh = append(fresh, k)
	}
	if len(older) == 0 {
		return fresh, nil
	}
	keys, err := a.c.ListKeys(ctx, a.userID)
	if err != nil {
		return nil, err
	}
	listed := ring(keys)
	var doubtful []Key
	for _, k := range older {
		if _, now := listed[k.Fingerprint]; now {
			fresh = append(fresh, k)
		} else if since.IsZero() || k.CreatedAt.IsZero() || since.Sub(k.CreatedAt.Time) < clockDoubt {
			doubtful = append(doubtful, k)
		}
	}
	if len(doubtful) > 0 {
		return nil, &AmbiguousError{AppID: appID, Fingerprints: fingerprints(append(fresh, doubtful...))}
	}
	return fresh, nil
}
