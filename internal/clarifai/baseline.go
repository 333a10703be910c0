package clarifai

import "context"

// baseline is what an app held before this run made its first key in it, by
// fingerprint.
type baseline map[string]bool

// establish notes what an app holds before the first key is made in it.
func (a *account) establish(ctx context.Context, appID string) error {
	a.mu.Lock()
	_, known := a.baselines[appID]
	made := a.newApps[appID]
	a.mu.Unlock()
	if known {
		return nil
	}
	var listed keyring
	var err error
	if made {
		listed, _, err = a.rings.known(ctx, appID)
	} else { // a key that the account's listing lacks would be taken for a new one
		listed, err = a.rings.direct(ctx, appID)
	}
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.baselines[appID]; !known {
		before := make(baseline, len(listed))
		for print := range listed {
			before[print] = true
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
func (a *account) newcomers(ctx context.Context, n NewKey) ([]Key, error) {
	keys, err := a.c.ListAppKeys(ctx, a.userID, n.AppID)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.baselines[n.AppID]
	var found []Key
	for _, k := range keys {
		if before[k.Fingerprint] || a.claimed[k.Fingerprint] || a.goneKeys[k.Fingerprint] {
			continue
		}
		if k.Description == n.Description && a.c.cfg.SameScopes(n.Scopes, k.Scopes) &&
			(len(n.Endpoints) == 0 || sameSet(n.Endpoints, k.Endpoints)) {
			found = append(found, k)
		}
	}
	return found, nil
}
