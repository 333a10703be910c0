package inventory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// account is what this run knows of one user or organization: a record per app
// and per key. Every answer of Clarifai and every write of this run updates the
// record that it is about, whoever asked; nothing is remembered beside them.
type account struct {
	inv    *Inventory
	userID string

	found    atomic.Pointer[Preflight] // nil: none was made
	appReads *batch[clarifai.App]
	keyReads *batch[clarifai.Key]

	mu    sync.Mutex // guards the fields below
	apps  map[string]*appRecord
	keys  map[string]*keyRecord // by fingerprint
	facts accountFacts

	listings     int // of keys that were begun
	searchedAsOf int // the number of the last one of the account's that was read to its end
}

// appRecord is what this run knows of an app ID of an account.
type appRecord struct {
	id      string
	app     clarifai.App // as this run wrote it, or as an answer showed it last
	shown   bool         // an answer about the app has shown it since this run's last write
	written bool         // by this run: listings may lag behind it
	removed bool         // by this run, which deleted the app or gave it another ID
	nowAt   string       // the ID that this run gave to the app that had this one
	maybeAt string       // the ID that the app of a state, which had this one, probably has now
	isNew   bool         // the ID was free before this run
	told    bool         // Clarifai told this run that it created the app
	missing bool         // asked for by itself, it was not found

	createdAt time.Time // by this run's own POST
	renamedAt time.Time // when this run gave it this ID, or noticed that somebody did
	renamed   bool      // by this run
	lateUntil time.Time // a DELETE that got no answer may still be carried out until then

	self, list asking                  // how far the app and the listing of its keys were asked for
	keys       map[string]*keyRecord   // that it holds, as far as known
	shared     map[string]clarifai.Key // that give access to other apps as well
	keysAsOf   int                     // the number of its own listing that was read last; 0: none
	since      int                     // listings with a lower number are about what had the ID before
	creating   int                     // creates of keys that are under way
	noted      bool                    // its keys were noted as existing before this run's first create
	notedAll   bool                    // from its own listing; the account's may have lacked some
}

// keyRecord is what this run knows of a key.
type keyRecord struct {
	key        clarifai.Key
	keysAsOf   int       // the number of the app's own listing that showed it last
	listedIn   string    // the app in which the account's listing showed it last
	listedAsOf int       // the number of that reading
	written    bool      // by this run: listings may lag behind it
	createdAt  time.Time // by this run; zero: it did not
	revoked    bool      // by this run
	confirmed  bool      // Clarifai said that it revoked the key
	existing   bool      // before this run's first create in its app
	successors []string  // the keys whose descriptions said that they succeed this one
}

// app returns the record of an app. The caller holds the lock.
func (a *account) app(id string) *appRecord {
	r := a.apps[id]
	if r == nil {
		r = &appRecord{id: id, keys: map[string]*keyRecord{}, shared: map[string]clarifai.Key{}}
		a.apps[id] = r
	}
	return r
}

// key returns the record of a key. The caller holds the lock.
func (a *account) key(fingerprint string) *keyRecord {
	r := a.keys[fingerprint]
	if r == nil {
		r = &keyRecord{}
		a.keys[fingerprint] = r
	}
	return r
}

// about returns what is known of an app.
func (a *account) about(id string) (r appRecord) {
	a.locked(id, func(now *appRecord) { r = *now })
	return r
}

// accountFacts returns what the account has answered.
func (a *account) accountFacts() accountFacts {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.facts
}

// locked calls f with the record of an app under the lock.
func (a *account) locked(id string, f func(*appRecord)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f(a.app(id))
}

// appKeys returns the keys that an app is known to hold, oldest first.
func (a *account) appKeys(appID string) []clarifai.Key {
	a.mu.Lock()
	defer a.mu.Unlock()
	app := a.app(appID)
	keys := make([]clarifai.Key, 0, len(app.keys))
	for _, r := range app.keys {
		keys = append(keys, r.key)
	}
	slices.SortFunc(keys, byAppAndAge)
	return keys
}

// knownKeys returns the keys in a listing of the account, nil for the one that this run
// has read completely, corrected by what this run wrote, by app and then oldest first.
func (a *account) knownKeys(listed map[string]clarifai.Key) (keys []clarifai.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, app := range a.apps {
		for _, r := range app.keys {
			if listed == nil || r.written {
				keys = append(keys, r.key)
			}
		}
	}
	for _, k := range listed {
		if r := a.key(k.Fingerprint); !r.revoked && !r.written && !a.app(k.AppID).removed {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, byAppAndAge)
	return keys
}

func byAppAndAge(x, y clarifai.Key) int {
	return cmp.Or(strings.Compare(x.AppID, y.AppID), x.CreatedAt.Compare(y.CreatedAt.Time), strings.Compare(x.Fingerprint, y.Fingerprint))
}

// knownKey returns a key that an app is known to hold. Where the app, or its own listing,
// is not found, a listing of the account does not show that.
func (a *account) knownKey(appID, fingerprint string) (clarifai.Key, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	app := a.app(appID)
	r := app.keys[fingerprint]
	if r == nil || (app.missing || app.list.itself.err != nil) && r.keysAsOf == 0 {
		return clarifai.Key{}, false
	}
	return r.key, true
}

// Record is what this run knows of a key and its app, without asking.
type Record struct {
	App clarifai.App // without an ID: not known
	Key clarifai.Key // likewise, without a fingerprint
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
	app, k := a.app(ref.AppID), a.key(ref.Fingerprint)
	known.AppIsNew, known.AppCreated, known.AppTold = app.isNew, app.isNew && !app.renamed, app.told
	if app.shown {
		known.App = app.app
	}
	if there := app.keys[ref.Fingerprint]; there != nil {
		known.Key = there.key
	}
	known.KeyCreated, known.KeyRevoked, known.KeyConfirmed = !k.createdAt.IsZero(), k.revoked, k.confirmed
	for _, fingerprint := range k.successors {
		if s := app.keys[fingerprint]; s != nil && i.succeeds(s.key) == ref.Fingerprint {
			known.Successors = append(known.Successors, s.key)
		}
	}
	slices.SortFunc(known.Successors, byAppAndAge)
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
func (i *Inventory) ForeignKeys(ctx context.Context, app clarifai.AppRef, keys []clarifai.Key) ([]clarifai.Key, error) {
	a := i.account(app.UserID)
	for a.about(app.AppID).creating > 0 {
		if err := i.sleep(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k clarifai.Key) bool { return i.Record(k.Ref()).KeyCreated }), nil
}
