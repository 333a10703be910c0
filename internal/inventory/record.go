package inventory

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// account is what this run knows of one user or organization: a record per app
// and per key. Every answer of Clarifai and every write of this run updates the
// record that it is about, whoever asked; nothing is remembered beside them.
type account struct {
	inv    *Inventory
	userID string

	appPages *accountListing[clarifai.App]
	keyPages *accountListing[clarifai.Key]
	appReads *batch
	keyReads *batch

	mu    sync.Mutex // guards the fields below
	apps  map[string]*appRecord
	keys  map[string]*keyRecord // by fingerprint
	facts accountFacts
	found *Preflight // nil: none was made

	listings     int    // of keys that were begun
	search       answer // to the account's listing of keys, read to its end
	searchedAsOf int    // the number of the reading that was the last to get there
}

// appRecord is what this run knows of an app ID of an account.
type appRecord struct {
	id      string
	app     clarifai.App // as this run wrote it, or as an answer showed it last
	shown   bool         // an answer about the app has shown it since this run's last write
	written bool         // by this run: listings may lag behind it
	removed bool         // by this run, which deleted the app or gave it another ID
	nowAt   string       // the ID that this run gave to the app that had this one
	isNew   bool         // the ID was free before this run
	told    bool         // Clarifai told this run that it created the app
	missing bool         // asked for by itself, it was not found

	doubt, listDoubt error // what asking again for the app, or for its keys, came to

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
	notedFrom  source                  // by what they were noted
}

// keyRecord is what this run knows of a key.
type keyRecord struct {
	key        clarifai.Key
	keysAsOf   int       // the number of the app's own listing that showed it last
	listedIn   string    // the app in which the account's listing showed it last
	listedAsOf int       // the number of that reading
	written    bool      // by this run: listings may lag behind it
	created    bool      // by this run
	createdAt  time.Time // by this run
	revoked    bool      // by this run
	confirmed  bool      // Clarifai said that it revoked the key
	existing   bool      // before this run's first create in its app
	successors []string  // the keys whose descriptions said that they succeed this one
}

// app returns the record of an app. The caller holds the lock.
func (a *account) app(id string) *appRecord {
	r := a.apps[id]
	if r == nil {
		r = &appRecord{id: id, keys: map[string]*keyRecord{}}
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

// locked calls f with the record of an app under the lock.
func (a *account) locked(id string, f func(*appRecord)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f(a.app(id))
}

// sawApp notes an app in an answer about itself. A listing does not correct what
// this run wrote.
func (a *account) sawApp(id string, app clarifai.App, err error) {
	a.locked(id, func(r *appRecord) {
		if r.missing = clarifai.IsNotFound(err); err == nil && !r.removed {
			r.app, r.shown, r.doubt = app, true, nil
		}
	})
}

// sawApps notes the account's own apps in a page of its listing. One that this run
// deleted, or tried to, may still be listed.
func (a *account) sawApps(apps []clarifai.App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.listing = answer{asked: true}
	for _, app := range apps {
		if !isOwn(app.UserID, a.userID) {
			continue
		}
		r := a.app(app.ID)
		r.self.listed = true
		if !r.written && !r.removed && r.lateUntil.IsZero() && (r.self.answer == nil || !r.shown) {
			r.app, r.shown = app, true
		}
	}
}

// sawKeys notes the keys in a page of a reading of the account's listing. A user's
// keys may be for an app of somebody else, which may have the ID of one of the
// user's own.
func (a *account) sawKeys(keys []clarifai.Key, reading int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.private = answer{asked: true}
	for _, k := range keys {
		if isShared(k) {
			a.sawShared(k)
			continue
		}
		if k.UserID != a.userID {
			continue
		}
		r, app := a.key(k.Fingerprint), a.app(k.AppID)
		r.listedIn, r.listedAsOf = k.AppID, reading
		app.list.listed = true
		if !r.written && !app.removed && app.keysAsOf == 0 && !app.list.outdated && (r.key.AppID == "" || r.keysAsOf == 0) {
			a.place(r, k)
		}
	}
}

// sawAppKeys notes an app's own listing, which was read to its end. What this run
// wrote stays although a listing lacks it.
func (a *account) sawAppKeys(appID string, keys []clarifai.Key, number int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.private = answer{asked: true}
	app := a.app(appID)
	if number < app.since || number < app.keysAsOf {
		return
	}
	app.keysAsOf, app.shared = number, nil
	for fingerprint, r := range app.keys {
		if !r.written {
			delete(app.keys, fingerprint)
			r.key.AppID = ""
		}
	}
	for _, k := range keys {
		if isShared(k) {
			if k.AppID == appID {
				app.share(k)
			}
			continue
		}
		r := a.key(k.Fingerprint)
		r.keysAsOf = number
		if k.AppID == appID && !(r.written && r.key.AppID == appID) {
			a.place(r, k)
		}
	}
}

// place puts a key into its app. The caller holds the lock.
func (a *account) place(r *keyRecord, k clarifai.Key) {
	if r.key.AppID != k.AppID && r.key.AppID != "" {
		delete(a.app(r.key.AppID).keys, k.Fingerprint)
		r.written = false
	}
	r.key = k
	a.noteSuccessor(k)
	if !r.revoked {
		a.app(k.AppID).keys[k.Fingerprint] = r
	}
}

// wroteApp notes an app as this run wrote it.
func (a *account) wroteApp(app clarifai.App) {
	a.locked(app.ID, func(r *appRecord) { r.app, r.written, r.shown, r.removed, r.missing = app, true, true, false, false })
}

// wroteNewApp notes an app that did not exist under its ID before: what was read
// about that ID until now is about another app, or about none. Note notes what
// brought it there.
func (a *account) wroteNewApp(app clarifai.App, note func(*appRecord)) {
	a.removedApp(app.ID)
	a.wroteApp(app)
	a.locked(app.ID, func(r *appRecord) {
		r.isNew = true
		note(r)
	})
}

// removedApp notes that this run deleted the app, or gave it another ID: its keys
// are gone, or have that ID now.
func (a *account) removedApp(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.app(id)
	for _, r := range before.keys {
		r.key.AppID, r.written = "", false
	}
	after := &appRecord{id: id, keys: map[string]*keyRecord{}, removed: true, nowAt: before.nowAt, isNew: before.isNew,
		creating: before.creating, lateUntil: before.lateUntil, since: a.listings + 1}
	after.list.outdated = a.keyPages.started
	a.apps[id] = after
}

// wroteKey notes a key as this run wrote or saw it last. With created, this run
// created it.
func (a *account) wroteKey(k clarifai.Key, created bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.key(k.Fingerprint)
	if created {
		r.created, r.createdAt = true, a.inv.Now()
	}
	a.place(r, k)
	r.written, r.keysAsOf = true, a.listings // older listings say nothing of it
}

// revokedKey notes that a key is revoked, by a DELETE that was confirmed or before.
func (a *account) revokedKey(fingerprint string, confirmed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.key(fingerprint)
	r.revoked, r.confirmed, r.written = true, confirmed, false
	if r.key.AppID != "" {
		delete(a.app(r.key.AppID).keys, fingerprint)
	}
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
	slices.SortFunc(keys, byAge)
	return keys
}

// allKeys returns all keys that are known, by app and then oldest first.
func (a *account) allKeys() (keys []clarifai.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, app := range a.apps {
		for _, r := range app.keys {
			keys = append(keys, r.key)
		}
	}
	slices.SortFunc(keys, byAppAndAge)
	return keys
}

// corrected returns the keys in a listing of the account, corrected by what this run
// wrote, by app and then oldest first.
func (a *account) corrected(listed []clarifai.Key) (keys []clarifai.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, k := range listed {
		if r := a.key(k.Fingerprint); !r.revoked && !r.written && !a.app(k.AppID).removed {
			keys = append(keys, k)
		}
	}
	for _, r := range a.keys {
		if r.written {
			keys = append(keys, r.key)
		}
	}
	slices.SortFunc(keys, byAppAndAge)
	return keys
}

func byAppAndAge(x, y clarifai.Key) int {
	if n := strings.Compare(x.AppID, y.AppID); n != 0 {
		return n
	}
	return byAge(x, y)
}

func byAge(x, y clarifai.Key) int {
	if n := x.CreatedAt.Compare(y.CreatedAt.Time); n != 0 {
		return n
	}
	return strings.Compare(x.Fingerprint, y.Fingerprint)
}

// knownKey returns a key that an app is known to hold. Where the app is not found, a
// listing of the account does not show that.
func (a *account) knownKey(appID, fingerprint string) (clarifai.Key, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	app := a.app(appID)
	r := app.keys[fingerprint]
	if r == nil || app.missing && r.keysAsOf == 0 {
		return clarifai.Key{}, false
	}
	return r.key, true
}
