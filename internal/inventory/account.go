package inventory

import (
	"context"
	"math"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Freshness says how much an answer may rest on what was read before.
type Freshness int

const (
	// Known asks nothing.
	Known Freshness = iota
	// Listed rests on a listing of the account, which may lack something.
	Listed
	// Checked asks by itself for what the account's listing lacks.
	Checked
	// Itself rests on an answer of this run about the item itself.
	Itself
	// Now asks, whatever was answered before.
	Now
)

func newAccount(inv *Inventory, userID string) *account {
	a := &account{inv: inv, userID: userID, apps: map[string]*appRecord{}, keys: map[string]*keyRecord{}}
	a.appPages = &accountListing[clarifai.App]{acc: a, pager: inv.client.ListApps(userID, ""), record: a.sawApps}
	a.keyPages = &accountListing[clarifai.Key]{acc: a, pager: inv.client.ListKeys(userID), record: func(keys []clarifai.Key) { a.sawKeys(keys, 0) }}
	a.appReads = &batch{
		acc: a, name: "apps of " + userID, asked: map[string]bool{}, whole: true,
		item:     func(r *appRecord) *asking { return &r.self },
		fetchOne: func(ctx context.Context, id string) error { _, err := a.getApp(ctx, id); return err },
		fetchAll: a.appPages.readAll,
	}
	a.keyReads = &batch{
		acc: a, name: "keys of " + userID, asked: map[string]bool{},
		item:     func(r *appRecord) *asking { return &r.list },
		fetchOne: func(ctx context.Context, id string) error { _, err := a.readAppKeys(ctx, id); return err },
		fetchAll: a.keyPages.readAll,
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
	return withoutShared(keys), nil
}

// readAllKeys reads the account's listing of keys afresh and to its end.
func (a *account) readAllKeys(ctx context.Context) ([]clarifai.Key, error) {
	number := a.nextListing()
	keys, err := collect(a.listKeys(ctx, number))
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.search, a.searchedAsOf = answer{asked: true}, number
	}
	return withoutShared(keys), err
}

// searchKeys reads the account's listing of keys to its end, once per run.
func (a *account) searchKeys(ctx context.Context) error {
	return a.inv.join(ctx, "search/"+a.userID, func(ctx context.Context) error {
		a.mu.Lock()
		search := a.search
		a.mu.Unlock()
		if search.asked {
			return search.err
		}
		repeated, err := a.keyPages.readAll(ctx, math.MaxInt)
		if repeated && err == nil {
			_, err = a.readAllKeys(ctx)
		}
		a.sawRefusal(err)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.search = answer{err == nil || clarifai.IsRefused(err), err}
		return err
	})
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
	v, err := ask(ctx)
	wait := a.inv.cfg.AskAgain / 4
	for clarifai.IsNotFound(err) {
		createdAt := a.about(appID).createdAt
		if isCreatedMissing(createdAt, a.inv.Now(), a.inv.cfg.CreatedWait) != contradicted {
			return v, err
		}
		if e := a.inv.sleep(ctx, wait); e != nil {
			return v, e
		}
		wait *= 2
		if v, err = ask(ctx); clarifai.IsNotFound(err) && isCreatedMissing(createdAt, a.inv.Now(), a.inv.cfg.CreatedWait) == yes {
			return v, &CreatedMissingError{What: "app " + a.ref(appID).String()}
		}
	}
	return v, err
}

// concludeApp decides what it means that an app was not found when it was asked for
// by itself: nil says that it is there after all.
func (a *account) concludeApp(ctx context.Context, id string) error {
	for {
		r := a.about(id)
		right, _ := isRightAccount(a.accountFacts())
		err := r.doubt
		switch gone := isAppGone(&r, right); {
		case gone == yes:
			return ErrGone
		case gone == contradicted && err == nil:
			err = a.askAgainForApp(ctx, id)
		case gone == contradicted:
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

// askAgainForApp asks for an app a few times more. Callers at the same time share
// the waits. After three apps that were asked for again to no purpose, the others
// are asked for once.
func (a *account) askAgainForApp(ctx context.Context, id string) error {
	return a.inv.join(ctx, "again/"+a.userID+"/"+id, func(ctx context.Context) error {
		begun := a.inv.Now()
		err := a.inv.askAgain(ctx, func() error { return apiError(a.getApp(ctx, id)) })
		if !clarifai.IsNotFound(err) {
			return err
		}
		a.inv.fruitlessLooks.note(begun, a.inv.Now())
		doubt := &ContradictionError{What: "app " + a.ref(id).String(), Said: err.Error(), Shown: "another answer of this run shows it"}
		a.locked(id, func(r *appRecord) { r.doubt = doubt })
		return doubt
	})
}

// askAgain asks again after 1, 2 and 4 seconds, until the answer is not "not found".
func (i *Inventory) askAgain(ctx context.Context, ask func() error) (err error) {
	waits := []time.Duration{i.cfg.AskAgain, 2 * i.cfg.AskAgain, 4 * i.cfg.AskAgain}
	if i.fruitlessLooks.spent() {
		waits = waits[:1]
	}
	for _, wait := range waits {
		if err := i.sleep(ctx, wait); err != nil {
			return err
		}
		if err = ask(); !clarifai.IsNotFound(err) {
			i.fruitlessLooks.reset()
			return err
		}
	}
	return err
}

// concludeKeys decides what the answer to an app's listing of keys means. "Not found"
// says nothing of the keys: the app is asked for and, if it is there, the listing
// again.
func (a *account) concludeKeys(ctx context.Context, appID string, err error) error {
	if !clarifai.IsNotFound(err) {
		return err
	}
	return a.inv.join(ctx, "settle/"+a.userID+"/"+appID, func(ctx context.Context) error {
		if doubt := a.about(appID).listDoubt; doubt != nil {
			return doubt
		}
		if _, err := a.inv.App(ctx, a.ref(appID), Itself); err != nil {
			return err
		}
		again := a.inv.askAgain(ctx, func() error { return a.keyReads.itself(ctx, appID, true) })
		if clarifai.IsNotFound(again) {
			again = &ContradictionError{What: "app " + a.ref(appID).String(), Said: again.Error(), Shown: "the app itself answers"}
			a.locked(appID, func(r *appRecord) { r.listDoubt = again })
		}
		return again
	})
}
