package inventory

import (
	"context"
	"maps"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Freshness says how much an answer may rest on what was read before.
type Freshness int

const (
	// Listed rests on a listing of the account, which may lack something.
	Listed Freshness = iota
	// Checked asks by itself for what the account's listing lacks.
	Checked
	// Itself rests on an answer of this run about the item itself.
	Itself
	// Now asks, whatever was answered before.
	Now
)

func newAccount(inv *Inventory, userID string) *account {
	a := &account{inv: inv, userID: userID, apps: map[string]*appRecord{}, keys: map[string]*keyRecord{}}
	a.appReads = &batch[clarifai.App]{
		acc: a, name: "apps of " + userID, asked: map[string]bool{}, whole: true,
		item:     func(r *appRecord) *asking { return &r.self },
		fetchOne: func(ctx context.Context, id string) error { return apiError(a.getApp(ctx, id)) },
		pager:    inv.client.ListApps(userID, ""),
		record:   a.sawApps,
	}
	a.keyReads = &batch[clarifai.Key]{
		acc: a, name: "keys of " + userID, asked: map[string]bool{},
		item:     func(r *appRecord) *asking { return &r.list },
		fetchOne: func(ctx context.Context, id string) error { return apiError(a.readAppKeys(ctx, id)) },
		pager:    inv.client.ListKeys(userID),
		record:   func(keys []clarifai.Key) []clarifai.Key { return a.sawKeys(keys, 0) },
	}
	return a
}

func (a *account) ref(appID string) clarifai.AppRef {
	return clarifai.AppRef{UserID: a.userID, AppID: appID}
}

// getApp asks for an app.
func (a *account) getApp(ctx context.Context, id string) (clarifai.App, error) {
	app, err := patiently(ctx, a, id, func(ctx context.Context) (clarifai.App, error) { return a.inv.client.GetApp(ctx, a.userID, id) })
	a.sawApp(id, app, err)
	return app, err
}

// readAppKeys reads an app's own listing of keys to its end.
func (a *account) readAppKeys(ctx context.Context, appID string) ([]clarifai.Key, error) {
	number := a.nextListing()
	keys, err := patiently(ctx, a, appID, func(ctx context.Context) ([]clarifai.Key, error) {
		return collect(a.listAppKeys(ctx, appID))
	})
	if err != nil {
		a.sawRefusal(err)
		return nil, err
	}
	a.sawAppKeys(appID, keys, number)
	return keys, nil
}

// readAllKeys reads the account's listing of keys afresh and to its end.
func (a *account) readAllKeys(ctx context.Context) ([]clarifai.Key, error) {
	number := a.nextListing()
	keys, err := collect(a.listKeys(ctx, number))
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.facts.search, a.searchedAsOf = answer{asked: true}, number
	}
	return keys, err
}

// searchKeys reads the account's listing of keys to its end, once per run.
func (a *account) searchKeys(ctx context.Context) error {
	return a.inv.join(ctx, "search/"+a.userID, func(ctx context.Context) error {
		if search := a.accountFacts().search; search.asked {
			return search.err
		}
		err := a.keyReads.readPages(ctx, func() bool { return true })
		if err == nil && a.keyReads.incomplete.Load() {
			_, err = a.readAllKeys(ctx)
		}
		a.sawRefusal(err)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.facts.search = answer{err == nil || clarifai.IsRefused(err), err}
		return err
	})
}

// askApps asks for the keys of the apps that states hold: one of them may have been the
// app of a key, and have another ID since.
func (a *account) askApps(ctx context.Context) error {
	a.mu.Lock()
	ids := slices.Collect(maps.Keys(a.apps))
	a.mu.Unlock()
	for _, id := range ids {
		if !a.inv.cfg.StateHolds(a.ref(id)) {
			continue
		}
		_, err := a.keyReads.listed(ctx, id)
		if _, moved := clarifai.IsMoved(err); err != nil && !moved && !clarifai.IsNotFound(err) {
			return err
		}
	}
	return nil
}

func (a *account) nextListing() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.listings++
	return a.listings
}

// patiently asks about an app. If this run created the app a moment ago, it asks
// until it is found, for a while: Clarifai may show it late.
func patiently[T any](ctx context.Context, a *account, appID string, ask func(context.Context) (T, error)) (T, error) {
	for n := 0; ; n++ {
		v, err := ask(ctx)
		if !clarifai.IsNotFound(err) {
			return v, err
		}
		missing := isCreatedMissing(a.about(appID).createdAt, a.inv.Now(), a.inv.cfg.CreatedWait)
		switch {
		case missing == yes && n > 0:
			return v, &CreatedMissingError{What: "app " + a.ref(appID).String()}
		case missing != contradicted:
			return v, err
		}
		if err := a.inv.sleep(ctx, a.inv.cfg.AskAgain/4<<n); err != nil {
			return v, err
		}
	}
}

// concludeApp decides what it means that an app was not found when it was asked for
// by itself: nil says that it is there after all.
func (a *account) concludeApp(ctx context.Context, id string) error {
	for {
		r := a.about(id)
		right, _ := isRightAccount(a.accountFacts())
		var err error
		switch gone := isAppGone(&r, right); {
		case gone == yes && !r.removed && a.lists(ctx, id): // on a page that nobody had read
		case gone == yes:
			return ErrGone
		case gone == contradicted:
			err = a.appReads.insist(ctx, id, "another answer of this run shows it")
		case !r.missing:
			return nil
		default: // the account was not asked, or does not answer
			err = a.inv.VerifyAccount(ctx, a.userID)
		}
		if err != nil {
			return err
		}
	}
}

// concludeKeys decides what the answer to an app's listing of keys means. "Not found"
// says nothing of the keys: the app is asked for and, if it is there, the listing
// again.
func (a *account) concludeKeys(ctx context.Context, appID string, err error) error {
	if _, moved := clarifai.IsMoved(err); moved || !clarifai.IsNotFound(err) {
		return err
	}
	if _, err := a.inv.App(ctx, a.ref(appID), Itself); err != nil {
		return err
	}
	return a.keyReads.insist(ctx, appID, "the app itself answers")
}
