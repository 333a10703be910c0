package clarifai

import (
	"context"
	"net/http"
	"sync"
)

// keyring is the keys of one app by fingerprint.
type keyring map[string]Key

// account is what this run knows of one user's or organization's apps and
// keys: listings, put right by the run's own writes.
type account struct {
	c      *Client
	userID string
	apps   *shelf[App]
	rings  *shelf[keyring]

	mu        sync.Mutex
	ownApps   map[string]*App // written by this run; nil: deleted or renamed away
	newApps   map[string]bool // of an id that was free before
	ownKeys   map[string]Key  // by fingerprint
	goneKeys  map[string]bool
	claimed   map[string]bool
	baselines map[string]baseline // by app

	read map[string]keyring // to find what is missing, by app; "": the whole account
}

func (c *Client) account(userID string) *account {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.accounts[userID]; ok {
		return a
	}
	a := &account{
		c: c, userID: userID,
		ownApps: map[string]*App{}, newApps: map[string]bool{},
		ownKeys: map[string]Key{}, goneKeys: map[string]bool{}, claimed: map[string]bool{},
		baselines: map[string]baseline{}, read: map[string]keyring{},
	}
	a.apps = &shelf[App]{
		window: c.cfg.GatherWindow, singles: map[string]*future[App]{}, stale: map[string]bool{},
		one: func(ctx context.Context, id string) (App, error) {
			return guarded(c, func() (App, error) { return c.GetApp(ctx, userID, id) })
		},
		all: func(ctx context.Context) (map[string]App, error) {
			return guarded(c, func() (map[string]App, error) { return a.listApps(ctx) })
		},
	}
	a.rings = &shelf[keyring]{
		window: c.cfg.GatherWindow, singles: map[string]*future[keyring]{}, stale: map[string]bool{},
		one: func(ctx context.Context, id string) (keyring, error) {
			keys, err := guarded(c, func() ([]Key, error) { return c.ListAppKeys(ctx, userID, id) })
			return ring(keys), err
		},
		all: func(ctx context.Context) (map[string]keyring, error) {
			return guarded(c, func() (map[string]keyring, error) { return a.listKeys(ctx) })
		},
	}
	c.accounts[userID] = a
	return a
}

// listApps lists the account's apps for the shelf.
func (a *account) listApps(ctx context.Context) (map[string]App, error) {
	apps, overlapped, err := a.c.readApps(ctx, a.userID, "")
	if overlapped { // where one came twice, another one was passed over
		a.apps.incomplete()
	}
	byID := make(map[string]App, len(apps))
	for _, app := range apps {
		if app.UserID == "" || app.UserID == a.userID || a.userID == aliasMe { // else shared by another owner
			byID[app.ID] = app
		}
	}
	return byID, err
}

// listKeys lists the account's keys for the shelf.
func (a *account) listKeys(ctx context.Context) (map[string]keyring, error) {
	keys, overlapped, err := a.c.readKeys(ctx, "ListKeys", a.userID, "", accountKeys(a.userID), false)
	if overlapped {
		a.rings.incomplete()
	}
	return rings(a.userID, keys), err
}

func ring(keys []Key) keyring {
	r := make(keyring, len(keys))
	for _, k := range keys {
		r[k.Fingerprint] = k
	}
	return r
}

// rings sorts the keys of an account by app. A user's keys may be for somebody
// else's app, which may have the same id as one of the user's own.
func rings(userID string, keys []Key) map[string]keyring {
	byApp := map[string]keyring{}
	for _, k := range keys {
		if k.UserID != userID {
			continue
		}
		r := byApp[k.AppID]
		if r == nil {
			r = keyring{}
			byApp[k.AppID] = r
		}
		r[k.Fingerprint] = k
	}
	return byApp
}

// app reads an app off the shelf, unless this run has written it.
func (a *account) app(ctx context.Context, id string, read func(*shelf[App], context.Context, string) (App, error)) (App, error) {
	a.mu.Lock()
	own, written := a.ownApps[id]
	a.mu.Unlock()
	if written {
		if own == nil {
			return App{}, &Error{Method: "GetApp", HTTPStatus: http.StatusNotFound, Code: CodeDoesNotExist, Description: "deleted or renamed by this run"}
		}
		return *own, nil
	}
	return read(a.apps, ctx, id)
}

// taken tells whether the account has an app of this id.
func (a *account) taken(ctx context.Context, id string) (bool, error) {
	a.mu.Lock()
	own, written := a.ownApps[id]
	a.mu.Unlock()
	if written {
		return own != nil, nil
	}
	_, from, err := a.apps.known(ctx, id)
	there := err == nil && from != unlisted
	if there { // a listing may lag behind the deletion of the app
		_, err = a.apps.direct(ctx, id)
	}
	if _, moved := IsMoved(err); moved || IsNotFound(err) {
		return false, nil
	}
	return there, err
}

func (a *account) putApp(app App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ownApps[app.ID] = &app
}

// bearApp is putApp for an app that was not there before under its id: what
// was read of the id's keys until now is about another app, or about none.
func (a *account) bearApp(app App) {
	a.mu.Lock()
	a.ownApps[app.ID] = &app
	a.newApps[app.ID] = true
	a.mu.Unlock()
	a.rings.forget(app.ID)
}

func (a *account) dropApp(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ownApps[id] = nil
	delete(a.baselines, id) // another app may come to bear the id
	delete(a.read, id)
	for print, k := range a.ownKeys {
		if k.AppID == id { // gone with the app, or under its new name
			delete(a.ownKeys, print)
		}
	}
	a.rings.forget(id)
}

func (a *account) isNew(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newApps[id]
}

func (a *account) putKey(k Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ownKeys[k.Fingerprint] = k
}

func (a *account) dropKey(print string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.ownKeys, print)
	a.goneKeys[print] = true
}

// ring gives the keys of an app as this run knows them: by the account's listing,
// where that has shown no gaps, or by the app's own.
func (a *account) ring(ctx context.Context, appID string, own bool) (keyring, error) {
	there, from, err := keyring(nil), unlisted, error(nil)
	if !own {
		there, from, err = a.rings.known(ctx, appID)
	}
	if from == unlisted && err == nil {
		there, err = a.rings.direct(ctx, appID)
	}
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make(keyring, len(there))
	for print, k := range there {
		if !a.goneKeys[print] {
			out[print] = k
		}
	}
	for print, k := range a.ownKeys {
		if k.AppID == appID {
			out[print] = k
		}
	}
	return out, nil
}
