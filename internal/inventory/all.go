package inventory

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// AllAppsAfresh returns the account's own apps by ID, as its listing shows them
// now. If search is not empty, it returns only those that Clarifai finds with it.
func (i *Inventory) AllAppsAfresh(ctx context.Context, userID, search string) ([]clarifai.App, error) {
	acc := i.account(userID)
	listed, err := share(ctx, i, "all apps/"+userID+"/"+search, func(ctx context.Context) (map[string]clarifai.App, error) {
		apps, err := collect(i.StreamApps(ctx, userID, search))
		return acc.appsByID(apps), err
	})
	if err != nil {
		return nil, err
	}
	return acc.allApps(listed, search), nil
}

// ListedApps is [Inventory.AllAppsAfresh] without a search that believes what a
// complete listing of this run has shown.
func (i *Inventory) ListedApps(ctx context.Context, userID string) ([]clarifai.App, error) {
	acc := i.account(userID)
	if listed, ok := acc.apps.complete(ctx); ok {
		return acc.allApps(listed, ""), nil
	}
	return i.AllAppsAfresh(ctx, userID, "")
}

// AllKeysAfresh returns the keys of the account's own apps, by app and then oldest
// first, as the account's listing shows them now, or, where Clarifai refuses that,
// the listings of its apps.
func (i *Inventory) AllKeysAfresh(ctx context.Context, userID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	listed, err := share(ctx, i, "all keys/"+userID, func(ctx context.Context) (map[string]keysByFingerprint, error) {
		keys, err := collect(i.StreamKeys(ctx, userID))
		return acc.keysByApp(keys), err
	})
	if err != nil {
		return nil, err
	}
	return acc.allKeys(listed), nil
}

// ListedKeys is [Inventory.AllKeysAfresh] that believes what a complete listing of
// this run has shown.
func (i *Inventory) ListedKeys(ctx context.Context, userID string) ([]clarifai.Key, error) {
	acc := i.account(userID)
	if listed, ok := acc.keys.complete(ctx); ok {
		return acc.allKeys(listed), nil
	}
	return i.AllKeysAfresh(ctx, userID)
}

// Scopes returns the scopes that the PAT holds for an account, as Clarifai reports
// them now.
func (i *Inventory) Scopes(ctx context.Context, userID string) ([]string, error) {
	scopes, _, err := i.client.MyScopes(ctx, userID)
	return scopes, i.orUnverified(ctx, userID, err)
}

// collect returns what a sequence yields before its first error.
func collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// allApps returns the apps that a listing shows, corrected by what this run wrote,
// by ID. Whether a search finds an app that it lacks, only Clarifai knows.
func (a *account) allApps(listed map[string]clarifai.App, search string) []clarifai.App {
	a.mu.Lock()
	defer a.mu.Unlock()
	var apps []clarifai.App
	for id, app := range listed {
		if _, written := a.writtenApps[id]; !written {
			apps = append(apps, app)
		}
	}
	for id, app := range a.writtenApps {
		if _, found := listed[id]; app != nil && (found || search == "") {
			apps = append(apps, *app)
		}
	}
	slices.SortFunc(apps, func(x, y clarifai.App) int { return strings.Compare(x.ID, y.ID) })
	return apps
}

// allKeys returns the keys that a listing shows, corrected by what this run wrote,
// by app and then oldest first.
func (a *account) allKeys(byApp map[string]keysByFingerprint) []clarifai.Key {
	listed := keysByFingerprint{}
	a.mu.Lock()
	for appID, keys := range byApp {
		if own, written := a.writtenApps[appID]; written && own == nil {
			continue // deleted or renamed away
		}
		maps.Copy(listed, keys)
	}
	a.mu.Unlock()
	keys := a.corrected(listed, func(clarifai.Key) bool { return true })
	slices.SortStableFunc(keys, func(x, y clarifai.Key) int { return strings.Compare(x.AppID, y.AppID) })
	return keys
}
