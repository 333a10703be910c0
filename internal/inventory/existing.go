package inventory

import (
	"context"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// noteExisting notes which keys an app holds before the first one is created in
// it: from its own listing or, if keys are created in many apps, from the
// account's, which costs one listing instead of one per app.
func (a *account) noteExisting(ctx context.Context, appID string) error {
	if a.about(appID).noted {
		return nil
	}
	if err := a.concludeKeys(ctx, appID, a.keyReads.read(ctx, appID, Listed)); err != nil {
		return err
	}
	a.locked(appID, func(r *appRecord) {
		if r.noted {
			return
		}
		r.noted, r.notedAll = true, r.list.itself.asked
		for _, k := range r.keys {
			k.existing = true
		}
	})
	return nil
}

// clockDoubt is by how much two times that one server tells may differ. The Date
// of an answer is cut to seconds, and may be of another machine than the one that
// creates keys.
const clockDoubt = 2 * time.Second

// candidates lists the app afresh and returns the keys that a create of n, sent
// at the server's time since, may have created: they match n, did not exist
// before this run's first create, and no other create has claimed them.
func (a *account) candidates(ctx context.Context, n NewKey, since time.Time) ([]clarifai.Key, error) {
	keys, err := a.readAppKeys(ctx, n.AppID)
	if err != nil {
		return nil, err
	}
	found, complete := a.matching(n, keys)
	wasRenamed := !a.about(n.AppID).renamedAt.IsZero() // so that older keys may be listed only now
	var created, doubtful, older []clarifai.Key
	for _, k := range found {
		switch {
		case since.IsZero() || k.CreatedAt.IsZero():
			doubtful = append(doubtful, k)
		case !k.CreatedAt.Before(since):
			created = append(created, k)
		case since.Sub(k.CreatedAt.Time) <= clockDoubt:
			doubtful = append(doubtful, k)
		case !wasRenamed:
			older = append(older, k)
		}
	}
	switch {
	case len(doubtful)+len(older) == 0:
		return created, nil
	case complete && len(created)+len(doubtful) == 0: // a listing that lagged behind may have lacked them
		return nil, &AmbiguousError{AppID: n.AppID, Fingerprints: fingerprints(older)}
	case complete:
		return append(created, doubtful...), nil
	}
	// The account's listing may have lacked keys: one that it lacks still, and that is
	// older than the request, existed before. One that it shows by now is new.
	listed, err := a.readAllKeys(ctx)
	if err != nil {
		return nil, err
	}
	isUnlisted := func(k clarifai.Key) bool {
		return !slices.ContainsFunc(listed, func(l clarifai.Key) bool { return l.Fingerprint == k.Fingerprint })
	}
	created = append(created, slices.DeleteFunc(slices.Concat(doubtful, older), isUnlisted)...)
	if slices.ContainsFunc(doubtful, isUnlisted) { // its age does not tell
		return nil, &AmbiguousError{AppID: n.AppID, Fingerprints: fingerprints(append(created, doubtful...))}
	}
	return created, nil
}

// matching returns those of the keys that may be n's. Complete reports whether all
// keys that existed before are known, so that none of them is among these.
func (a *account) matching(n NewKey, keys []clarifai.Key) (found []clarifai.Key, complete bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var withoutEndpoints []clarifai.Key // as far as Clarifai shows them
	for _, k := range keys {
		r := a.key(k.Fingerprint)
		switch {
		case r.existing || !r.createdAt.IsZero() || r.revoked, !a.inv.isAlike(n, k):
		case len(n.Endpoints) == 0, sameSet(n.Endpoints, k.Endpoints):
			found = append(found, k)
		case len(k.Endpoints) == 0:
			withoutEndpoints = append(withoutEndpoints, k)
		}
	}
	if len(found) == 0 {
		found = withoutEndpoints
	}
	return found, a.app(n.AppID).notedAll
}

// isAlike reports whether a key has the description, the scopes and the date of a new one.
func (i *Inventory) isAlike(n NewKey, k clarifai.Key) bool {
	return k.Description == n.Description && (!n.mustExpire() || n.ExpiresAt.IsSameDate(k.ExpiresAt)) && (len(n.Scopes) == 0 || i.cfg.SameScopes(n.Scopes, k.Scopes))
}

// alike returns the keys in n's app, other than those of this run, that look like n,
// but for marks in their descriptions, oldest first.
func (a *account) alike(n NewKey) (found []clarifai.Key) {
	n.Description, _ = a.inv.cfg.CutMark(n.Description)
	for _, k := range a.appKeys(n.AppID) {
		plain := k
		plain.Description, _ = a.inv.cfg.CutMark(k.Description)
		endpoints := sameSet(n.Endpoints, k.Endpoints) || len(k.Endpoints) == 0 // Clarifai may not show them
		if a.inv.isAlike(n, plain) && endpoints && !a.inv.Record(k.Ref()).KeyCreated {
			found = append(found, k)
		}
	}
	return found
}

// sameSet compares without regard to order and repetition.
func sameSet(a, b []string) bool {
	sorted := func(set []string) []string { return slices.Compact(slices.Sorted(slices.Values(set))) }
	return slices.Equal(sorted(a), sorted(b))
}

func fingerprints(keys []clarifai.Key) (all []string) {
	for _, k := range keys {
		all = append(all, k.Fingerprint)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
