package inventory

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func appID(app clarifai.App) string { return app.ID }

func fingerprint(k clarifai.Key) string { return k.Fingerprint }

// listKeys yields the keys in the account's listing. Number is of this reading.
func (a *account) listKeys(ctx context.Context, number int) iter.Seq2[clarifai.Key, error] {
	return a.inv.client.ListKeys(a.userID).Items(ctx, func(page []clarifai.Key) []clarifai.Key { return a.sawKeys(page, number) })
}

// listAppKeys yields the keys in an app's own listing.
func (a *account) listAppKeys(ctx context.Context, appID string) iter.Seq2[clarifai.Key, error] {
	pages := 0
	return a.inv.client.ListAppKeys(a.userID, appID).Items(ctx, func(page []clarifai.Key) []clarifai.Key {
		pages++
		return a.sawSharedIn(appID, page, pages == 1)
	})
}

// collect returns what a sequence yields before its first error.
func collect[T any](items iter.Seq2[T, error]) (all []T, err error) {
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// byID is [collect] by the ID of each item.
func byID[T any](items iter.Seq2[T, error], id func(T) string) (map[string]T, error) {
	all, err := collect(items)
	found := map[string]T{}
	for _, item := range all {
		found[id(item)] = item
	}
	return found, err
}

// StreamApps yields the account's own apps as their pages arrive. If search is not
// empty, Clarifai yields only those whose ID, name or texts match it. A consumer
// that stops early causes no further request. An error is the last thing that it
// yields.
func (i *Inventory) StreamApps(ctx context.Context, userID, search string) iter.Seq2[clarifai.App, error] {
	a := i.account(userID)
	return func(yield func(clarifai.App, error) bool) {
		for app, err := range i.client.ListApps(userID, search).Items(ctx, a.sawApps) {
			if !yield(app, i.orUnverified(ctx, userID, err)) {
				return
			}
		}
	}
}

// Apps returns the account's own apps by ID, as its listing shows them now. If search
// is not empty, it returns only those that Clarifai finds with it. With less than
// Now, it rests on what a complete listing of this run has shown.
func (i *Inventory) Apps(ctx context.Context, userID, search string, fresh Freshness) ([]clarifai.App, error) {
	a := i.account(userID)
	if search == "" && fresh < Now && a.appReads.isComplete(ctx) {
		return a.knownApps(nil), nil
	}
	listed, err := share(ctx, i, "all apps/"+userID+"/"+search, func(ctx context.Context) (map[string]clarifai.App, error) {
		return byID(i.StreamApps(ctx, userID, search), appID)
	})
	if err != nil {
		return nil, err
	}
	apps := a.knownApps(listed)
	if search != "" { // whether a search finds an app that it lacks, only Clarifai knows
		apps = slices.DeleteFunc(apps, func(app clarifai.App) bool { _, found := listed[app.ID]; return !found })
	}
	return apps, nil
}

// knownApps returns the apps in a listing, nil for the one that this run has read
// completely, corrected by what this run wrote, by ID.
func (a *account) knownApps(listed map[string]clarifai.App) (apps []clarifai.App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, r := range a.apps {
		app, shows := listed[id]
		switch {
		case r.removed:
		case r.written, listed == nil && r.self.listed:
			apps = append(apps, r.app)
		case shows:
			apps = append(apps, app)
		}
	}
	slices.SortFunc(apps, func(x, y clarifai.App) int { return strings.Compare(x.ID, y.ID) })
	return apps
}

// StreamKeys yields the keys of an app or, without an app ID, of the account's own
// apps as their pages arrive, as [Inventory.StreamApps] does apps. The error
// [ErrGone] says that there is no such app. Where Clarifai refuses to list the keys
// of an account, it lists those of one app after the other.
func (i *Inventory) StreamKeys(ctx context.Context, ref clarifai.AppRef) iter.Seq2[clarifai.Key, error] {
	a, userID := i.account(ref.UserID), ref.UserID
	if ref.AppID != "" {
		return a.streamAppKeys(ctx, ref.AppID)
	}
	return func(yield func(clarifai.Key, error) bool) {
		served := false
		for k, err := range a.listKeys(ctx, a.nextListing()) {
			if clarifai.IsRefused(err) && !clarifai.IsNotFound(err) && !served {
				a.sawRefusal(err)
				a.streamKeysByApp(ctx, err, yield)
				return
			}
			served = true
			if !yield(k, i.orUnverified(ctx, userID, err)) {
				return
			}
		}
	}
}

// streamKeysByApp yields the keys of one app after the other. If Clarifai refuses to
// list the apps as well, it yields why it refused the listing of keys.
func (a *account) streamKeysByApp(ctx context.Context, refused error, yield func(clarifai.Key, error) bool) {
	for app, err := range a.inv.StreamApps(ctx, a.userID, "") {
		if clarifai.IsRefused(err) {
			err = refused
		}
		if err != nil {
			yield(clarifai.Key{}, err)
			return
		}
		for k, err := range a.streamAppKeys(ctx, app.ID) {
			if !yield(k, err) || err != nil {
				return
			}
		}
	}
}

// streamAppKeys yields the keys of one app as their pages arrive.
func (a *account) streamAppKeys(ctx context.Context, appID string) iter.Seq2[clarifai.Key, error] {
	return func(yield func(clarifai.Key, error) bool) {
		yielded := map[string]bool{}
		for k, err := range a.listAppKeys(ctx, appID) {
			if clarifai.IsNotFound(err) {
				if err = a.concludeKeys(ctx, appID, err); err == nil { // there after all
					for _, k := range a.appKeys(appID) {
						if !yielded[k.Fingerprint] && !yield(k, nil) {
							return
						}
					}
					return
				}
			}
			if yielded[k.Fingerprint] = true; !yield(k, err) {
				return
			}
		}
	}
}

// Scopes returns the scopes that the PAT holds for an account, as Clarifai reports
// them now.
func (i *Inventory) Scopes(ctx context.Context, userID string) ([]string, error) {
	scopes, _, err := i.client.MyScopes(ctx, userID)
	return scopes, i.orUnverified(ctx, userID, err)
}
