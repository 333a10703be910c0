package inventory

import (
	"context"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Record is what this run knows of a key and its app, without asking.
type Record struct {
	// AppIsNew reports that the app's ID was free before this run.
	AppIsNew bool
	// AppCreated reports that this run created the app, so that it holds nothing from
	// before, and AppTold that Clarifai said so: one that was only found after a lost
	// answer may be somebody else's, with keys in it.
	AppCreated, AppTold bool
	KeyCreated          bool // by this run
	KeyRevoked          bool // by this run
	// KeyConfirmed reports that Clarifai said so. One that was only not found any
	// longer may be listed again.
	KeyConfirmed bool
	// Successors are the living keys of the app, oldest first, whose descriptions say
	// that they succeed the key.
	Successors []clarifai.Key
}

// Record returns what this run knows of a key and its app.
func (i *Inventory) Record(ref clarifai.KeyRef) (known Record) {
	a := i.account(ref.UserID)
	a.mu.Lock()
	defer a.mu.Unlock()
	app, k := a.apps[ref.AppID], a.keys[ref.Fingerprint]
	if app != nil {
		known.AppIsNew, known.AppCreated, known.AppTold = app.isNew, app.isNew && !app.renamed, app.told
	}
	if k == nil {
		return known
	}
	known.KeyCreated, known.KeyRevoked, known.KeyConfirmed = k.created, k.revoked, k.confirmed
	if app == nil {
		return known
	}
	for _, fingerprint := range k.successors {
		if s := app.keys[fingerprint]; s != nil && i.succeeds(s.key) == ref.Fingerprint {
			known.Successors = append(known.Successors, s.key)
		}
	}
	slices.SortFunc(known.Successors, byAge)
	return known
}

// succeeds returns the fingerprint of the key that another one succeeds by its
// description, or "".
func (i *Inventory) succeeds(k clarifai.Key) (fingerprint string) {
	_, fingerprint = i.cfg.CutMark(k.Description)
	return fingerprint
}

// ForeignKeys returns those of the keys, which a listing of the app has just
// shown, that this run did not create. It waits until the creates under way in the
// app are done: the listing may show their results before their answers come.
func (i *Inventory) ForeignKeys(ctx context.Context, app clarifai.AppRef, keys []clarifai.Key) (foreign []clarifai.Key, err error) {
	a := i.account(app.UserID)
	for a.about(app.AppID).creating > 0 {
		if err := i.sleep(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if !i.Record(k.Ref()).KeyCreated {
			foreign = append(foreign, k)
		}
	}
	return foreign, nil
}

// beginCreate notes that the create of a key in an app is under way, until the
// returned function is called.
func (a *account) beginCreate(appID string) (end func()) {
	add := func(n int) { a.locked(appID, func(r *appRecord) { r.creating += n }) }
	add(1)
	return func() { add(-1) }
}
