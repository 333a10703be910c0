package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// This file is what a test does to an account without an API request. Listings show
// it at once.

// edit makes changes with the lock held, and saves them.
func (e *Emulator) edit(do func() error) error {
	e.mu.Lock()
	err := do()
	version := e.store.version()
	e.mu.Unlock()
	return cmp.Or(err, e.persist(version))
}

// mustEdit is edit for a change that fails only if the state file cannot be written. It
// panics then.
func (e *Emulator) mustEdit(do func()) {
	if err := e.edit(func() error { do(); return nil }); err != nil {
		panic(err)
	}
}

// AddUser adds an account and returns a personal access token for it that has every
// scope.
func (e *Emulator) AddUser(id string) (pat string) { return e.AddPAT(id, scopeAll) }

// AddPAT adds a personal access token with exactly these scopes, in either
// spelling, and creates the account if it does not exist. It panics on an unknown
// scope.
func (e *Emulator) AddPAT(userID string, scopes ...string) string {
	pat := NewSecret()
	scopes = slices.Clone(scopes)
	for i, name := range scopes {
		scope, ok := canonicalScope(name)
		if !ok {
			panic(fmt.Sprintf("emulator: unknown scope %q", name))
		}
		scopes[i] = scope
	}
	e.mustEdit(func() { e.store.addPAT(e.opts.Now(), primary{userID, pat}, scopes) })
	return pat
}

// addPAT adds a personal access token, and its account if it does not exist.
func (s *store) addPAT(now time.Time, of primary, scopes []string) {
	if s.users.byName[of.UserID] == nil {
		s.users.put(&user{ID: of.UserID, CreatedAt: now})
	}
	s.putKey(&Key{ID: of.PAT, Type: typePAT, Description: "personal access token", Scopes: scopes, UserID: of.UserID, CreatedAt: now})
}

// setPrimary makes an account the first one.
func (s *store) setPrimary(now time.Time, p primary) {
	s.addPAT(now, p, []string{scopeAll})
	named := *s.users.byName[p.UserID]
	named.FirstName, named.LastName, named.Company = "Erin", "Example", "Example Inc."
	s.users.put(&named)
	s.primary = p
}

// AddOrganization adds an organization. Its owner's tokens may act for it.
func (e *Emulator) AddOrganization(id, ownerUserID string) {
	e.mustEdit(func() { e.store.users.put(&user{ID: id, Owner: ownerUserID, CreatedAt: e.opts.Now()}) })
}

// PutApp creates an app, or replaces the app with that ID. Zero fields get the
// defaults of a new app, except for the default workflow.
func (e *Emulator) PutApp(a App) error {
	return e.edit(func() error {
		if e.store.users.byName[a.UserID] == nil || a.ID == "" {
			return fmt.Errorf("emulator: an app needs an id and an existing user, not %q and %q", a.ID, a.UserID)
		}
		e.store.putApp(a.clone().withDefaults(e.opts.Now().Add(-e.switches.CreateLag))) // so that reads show it
		return nil
	})
}

// PutKey creates a key, or replaces the key with that ID. It generates an empty ID.
// A key without an AppID is a personal access token.
func (e *Emulator) PutKey(k Key) error {
	return e.edit(func() error {
		p := k.clone()
		p.ID = cmp.Or(p.ID, NewSecret())
		p.Type = cmp.Or(p.Type, typeAppKey)
		if p.AppID == "" {
			p.Type = typePAT
		}
		p.CreatedAt = cmp.Or(p.CreatedAt, e.opts.Now().Add(-e.switches.CreateLag)) // so that reads show it
		switch {
		case !wellFormedSecret(p.ID):
			return errors.New("emulator: the id of a key must have 32 hexadecimal digits")
		case e.store.users.byName[p.UserID] == nil:
			return fmt.Errorf("emulator: user %q does not exist", p.UserID)
		case !p.isPAT() && e.store.app(p.app()) == nil:
			return noApp(p.app())
		}
		e.store.putKey(p)
		return nil
	})
}

// EditApp changes an app. It ignores a changed ID or owner: see [Emulator.RenameApp].
func (e *Emulator) EditApp(userID, id string, modify func(*App)) error {
	return e.editApp(appRef{userID, id}, func(old *App) error {
		a := old.clone()
		a.ModifiedAt = e.opts.Now()
		modify(a)
		a.ID, a.UserID = old.ID, old.UserID
		e.store.putApp(a)
		return nil
	})
}

// SetCounts sets the numbers of items that an app holds.
func (e *Emulator) SetCounts(userID, appID string, c Counts) error {
	return e.EditApp(userID, appID, func(a *App) { a.Counts = c })
}

// RenameApp changes the ID of an app. The switch rename_keys decides what happens to
// its keys.
func (e *Emulator) RenameApp(userID, id, newID string) error {
	return e.editApp(appRef{userID, id}, func(a *App) error {
		if e.store.app(appRef{userID, newID}) != nil || newID == "" {
			return fmt.Errorf("emulator: cannot rename an app to %q: the id is empty or taken", newID)
		}
		e.store.renameApp(a, newID, e.opts.Now(), e.switches.RenameKeys == "dropped")
		return nil
	})
}

// DeleteApp deletes an app and its keys.
func (e *Emulator) DeleteApp(userID, id string) error {
	return e.editApp(appRef{userID, id}, func(a *App) error {
		e.store.dropApp(a)
		return nil
	})
}

func (e *Emulator) editApp(ref appRef, do func(*App) error) error {
	return e.edit(func() error {
		if a := e.store.app(ref); a != nil {
			return do(a)
		}
		return noApp(ref)
	})
}

func noApp(ref appRef) error {
	return fmt.Errorf("emulator: user %q has no app %q", ref.UserID, ref.AppID)
}

// EditKey changes a key. It ignores a changed ID.
func (e *Emulator) EditKey(keyID string, modify func(*Key)) error {
	return e.editKey(keyID, func(old *Key) {
		k := old.clone()
		modify(k)
		k.ID = old.ID
		e.store.putKey(k)
	})
}

// DeleteKey deletes a key or personal access token.
func (e *Emulator) DeleteKey(keyID string) error {
	return e.editKey(keyID, func(k *Key) { e.store.keys.drop(k) })
}

func (e *Emulator) editKey(keyID string, do func(*Key)) error {
	return e.edit(func() error {
		k := e.store.keys.byName[keyID]
		if k == nil {
			return errors.New("emulator: the key does not exist") // its ID is the secret
		}
		do(k)
		return nil
	})
}

// Apps returns a user's apps in order of creation.
func (e *Emulator) Apps(userID string) []App {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []App
	for _, a := range e.store.apps.all {
		if a.UserID == userID {
			out = append(out, *a.clone())
		}
	}
	return out
}

// Keys returns a user's app-specific keys in order of creation: those of one app,
// or of all apps if appID is "".
func (e *Emulator) Keys(userID, appID string) []Key {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Key
	for _, k := range e.store.keysOf(userID, appID) {
		out = append(out, *k.clone())
	}
	return out
}

// LiveKeys returns the number of app-specific keys that exist.
func (e *Emulator) LiveKeys() int { return e.Stats().Keys }

// LiveApps returns the number of apps that exist.
func (e *Emulator) LiveApps() int { return e.Stats().Apps }

// Secrets returns every key and personal access token ever created, including
// deleted ones, so that a test can search for leaks.
func (e *Emulator) Secrets() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Keys(e.store.secrets))
}
