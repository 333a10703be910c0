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
	from, err := a.keyReads.read(ctx, appID, Listed)
	if err = a.concludeKeys(ctx, appID, err); err != nil {
		return err
	}
	a.locked(appID, func(r *appRecord) {
		if r.noted {
			return
		}
		r.noted, r.notedFrom = true, from
		for _, k := range r.keys {
			k.existing = true
		}
	})
	return nil
}

// candidates lists the app afresh and returns the keys that a create of n, sent
// at the server's time since, may have created: they match n, did not exist
// before this run's first create, and no other create has claimed them.
func (a *account) candidates(ctx context.Context, n NewKey, since time.Time) ([]clarifai.Key, error) {
	keys, err := a.readAppKeys(ctx, n.AppID)
	if err != nil {
		return nil, err
	}
	found, complete := a.matching(n, keys)
	switch {
	case len(found) == 0:
		return nil, nil
	case complete:
		return youngest(n.AppID, found, since)
	}
	return a.withoutUnlisted(ctx, n.AppID, found, since)
}

// youngest drops the keys that are older than the request although the app did
// not list them before: a listing that lagged behind may have lacked them. If all
// are, it cannot be determined whether the request created one.
func youngest(appID string, found []clarifai.Key, since time.Time) ([]clarifai.Key, error) {
	var young []clarifai.Key
	for _, k := range found {
		if since.IsZero() || k.CreatedAt.IsZero() || since.Sub(k.CreatedAt.Time) <= clockDoubt {
			young = append(young, k)
		}
	}
	if len(young) == 0 {
		return nil, &AmbiguousError{AppID: appID, Fingerprints: fingerprints(found)}
	}
	return young, nil
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
		case r.existing || r.created || r.revoked, !a.inv.isAlike(n, k):
		case len(n.Endpoints) == 0, sameSet(n.Endpoints, k.Endpoints):
			found = append(found, k)
		case len(k.Endpoints) == 0:
			withoutEndpoints = append(withoutEndpoints, k)
		}
	}
	if len(found) == 0 {
		found = withoutEndpoints
	}
	return found, a.app(n.AppID).notedFrom == fromItself
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

// clockDoubt is by how much two times that one server tells may differ. The Date
// of an answer is cut to seconds, and may be of another machine than the one that
// creates keys.
const clockDoubt = 2 * time.Second

// withoutUnlisted drops the keys that existed before although the account's
// listing lacked them. A key as young as the request is new, and so is one that
// the listing shows now. One that is older and still unlisted existed before; one
// whose age does not tell makes the result ambiguous.
func (a *account) withoutUnlisted(ctx context.Context, appID string, found []clarifai.Key, since time.Time) ([]clarifai.Key, error) {
	var created, older []clarifai.Key
	for _, k := range found {
		if since.IsZero() || k.CreatedAt.IsZero() || k.CreatedAt.Before(since) {
			older = append(older, k)
			continue
		}
		created = append(created, k)
	}
	if len(older) == 0 {
		return created, nil
	}
	keys, err := a.readAllKeys(ctx)
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for _, k := range keys {
		listed[k.Fingerprint] = true
	}
	var ambiguous []clarifai.Key
	for _, k := range older {
		if listed[k.Fingerprint] {
			created = append(created, k)
		} else if since.IsZero() || k.CreatedAt.IsZero() || since.Sub(k.CreatedAt.Time) < clockDoubt {
			ambiguous = append(ambiguous, k)
		}
	}
	if len(ambiguous) > 0 {
		return nil, &AmbiguousError{AppID: appID, Fingerprints: fingerprints(append(created, ambiguous...))}
	}
	return created, nil
}

// sameSet compares without regard to order and repetition.
func sameSet(a, b []string) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(slices.Compact(x), slices.Compact(y))
}

func fingerprints(keys []clarifai.Key) []string {
	var out []string
	for _, k := range keys {
		out = append(out, k.Fingerprint)
	}
	slices.Sort(out)
	return out
}
