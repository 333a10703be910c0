package inventory

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file updates the records: from answers of Clarifai, and from what this run wrote.

// sawApp notes an app in an answer about itself. A listing does not correct what
// this run wrote.
func (a *account) sawApp(id string, app clarifai.App, err error) {
	a.locked(id, func(r *appRecord) {
		if r.missing = clarifai.IsNotFound(err); err == nil && !r.removed {
			r.app, r.shown = app, true
		}
	})
}

// sawApps notes a page of the account's listing of apps and returns its own ones;
// another owner shares the others. One that this run deleted, or tried to, may still
// be listed.
func (a *account) sawApps(apps []clarifai.App) (own []clarifai.App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.answers[listing] = answer{asked: true}
	for _, app := range apps {
		if app.UserID != "" && app.UserID != a.userID && a.userID != aliasMe {
			continue
		}
		own = append(own, app)
		r := a.app(app.ID)
		r.self.listed = true
		if !r.written && !r.removed && r.lateUntil.IsZero() && (!r.self.itself.asked || !r.shown) {
			r.app, r.shown = app, true
		}
	}
	return own
}

// sawKeys notes a page of a reading of the account's listing of keys and returns those
// of its own apps alone. A user's keys may be for an app of somebody else, which may
// have the ID of one of the user's own.
func (a *account) sawKeys(keys []clarifai.Key, reading int) (own []clarifai.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.answers[private] = answer{asked: true}
	for _, k := range keys {
		if isShared(k) {
			a.sawShared(k)
			continue
		}
		if k.UserID != a.userID {
			continue
		}
		own = append(own, k)
		r, app := a.key(k.Fingerprint), a.app(k.AppID)
		r.listedIn, r.listedAsOf = k.AppID, reading
		app.list.listed = true
		if !r.written && !app.removed && app.keysAsOf == 0 && !app.list.outdated && (r.key.AppID == "" || r.keysAsOf == 0) {
			a.place(r, k)
		}
	}
	return own
}

// sawAppKeys notes an app's own listing, which was read to its end. What this run
// wrote stays although a listing lacks it.
func (a *account) sawAppKeys(appID string, keys []clarifai.Key, number int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.facts.answers[private] = answer{asked: true}
	app := a.app(appID)
	if number < app.since || number < app.keysAsOf {
		return
	}
	app.keysAsOf = number
	for fingerprint, r := range app.keys {
		if !r.written {
			delete(app.keys, fingerprint)
			r.key.AppID = ""
		}
	}
	for _, k := range keys {
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
	a.removedApp(app.ID, nil)
	a.wroteApp(app)
	a.locked(app.ID, func(r *appRecord) {
		r.isNew = true
		note(r)
	})
}

// removedApp notes that this run deleted the app, or gave it another ID: its keys
// are gone, or have that ID now. It does nothing if another app got the ID since the record
// was, unless that is nil.
func (a *account) removedApp(id string, was *appRecord) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.app(id)
	if was != nil && was != before {
		return
	}
	for _, r := range before.keys {
		r.key.AppID, r.written = "", false
	}
	delete(a.apps, id)
	after := a.app(id)
	after.removed, after.nowAt, after.isNew = true, before.nowAt, before.isNew
	after.creating, after.lateUntil = before.creating, before.lateUntil
	after.since, after.list.outdated = a.listings+1, a.keyReads.started
}

// wroteKey notes a key as this run wrote or saw it last. With created, this run
// created it.
func (a *account) wroteKey(k clarifai.Key, created bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.key(k.Fingerprint)
	if created {
		r.createdAt = a.inv.Now()
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

// noteSuccessor notes which key another one succeeds by its description. The caller
// holds the lock.
func (a *account) noteSuccessor(k clarifai.Key) {
	predecessor := a.inv.succeeds(k)
	if predecessor == "" {
		return
	}
	if r := a.key(predecessor); !slices.Contains(r.successors, k.Fingerprint) {
		r.successors = append(r.successors, k.Fingerprint)
	}
}
