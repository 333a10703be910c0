package inventory

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Wrote is what this run has done to a key and to its app.
type Wrote struct {
	// AppIsNew reports that the app's ID was free before this run.
	AppIsNew bool
	// AppCreated reports that this run created the app, so that it holds nothing from
	// before, and AppTold that Clarifai said so: one that was only found after a lost
	// answer may be somebody else's, with keys in it.
	AppCreated, AppTold bool
	KeyCreated          bool
	KeyRevoked          bool
	// KeyConfirmed reports that Clarifai said so. One that was only not found any
	// longer may be listed again.
	KeyConfirmed bool
}

// Wrote returns what this run has done to a key and to its app.
func (i *Inventory) Wrote(ref clarifai.KeyRef) (w Wrote) {
	a := i.account(ref.UserID)
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.apps[ref.AppID]; r != nil {
		w.AppIsNew, w.AppCreated, w.AppTold = r.isNew, r.isNew && !r.renamed, r.told
	}
	if r := a.keys[ref.Fingerprint]; r != nil {
		w.KeyCreated, w.KeyRevoked, w.KeyConfirmed = r.created, r.revoked, r.confirmed
	}
	return w
}

// ForeignKeys returns those of the keys, which a listing of the app has just
// shown, that this run did not create. It waits until the creates under way in the
// app are done: the listing may show their results before their answers come.
func (i *Inventory) ForeignKeys(ctx context.Context, app clarifai.AppRef, keys []clarifai.Key) (foreign []clarifai.Key, err error) {
	a := i.account(app.UserID)
	for creating := 1; creating > 0; {
		if a.locked(app.AppID, func(r *appRecord) { creating = r.creating }); creating == 0 {
			break
		}
		if err := i.sleep(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if !i.Wrote(k.Ref()).KeyCreated {
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
