package emulator

import (
	"cmp"
	"fmt"
	"slices"
)

// commit writes changes to the state file, if there is one, and then applies them.
// If writing fails, it applies nothing.
func (e *Emulator) commit(changes ...change) *failure {
	if e.journal != nil {
		if err := e.journal.append(changes); err != nil {
			return fail(codeInternal, "writing the state: %v", err)
		}
	}
	e.store.applyAll(changes)
	return nil
}

// edit commits changes that do not come from an API request. plan runs with the lock held
// and returns the changes.
func (e *Emulator) edit(plan func() ([]change, error)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	changes, err := plan()
	if err != nil {
		return err
	}
	if f := e.commit(changes...); f != nil {
		return fmt.Errorf("emulator: %s", f.details)
	}
	return nil
}

// mustEdit is edit for changes that fail only if the state file cannot be written.
// It panics then.
func (e *Emulator) mustEdit(plan func() []change) {
	if err := e.edit(func() ([]change, error) { return plan(), nil }); err != nil {
		panic(err)
	}
}

// AddUser adds an account with a public profile and returns a personal access
// token for it that has every scope.
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
	e.mustEdit(func() []change {
		changes := []change{{Key: e.newPAT(userID, pat, scopes)}}
		if e.store.users[userID] == nil {
			changes = append(changes, change{User: &user{ID: userID, Public: true, CreatedAt: e.opts.Now()}})
		}
		return changes
	})
	return pat
}

// AddOrganization adds an organization. Its owner's tokens may act for it.
func (e *Emulator) AddOrganization(id, ownerUserID string) {
	e.mustEdit(func() []change {
		return []change{{User: &user{ID: id, Owner: ownerUserID, Public: true, CreatedAt: e.opts.Now()}}}
	})
}

// SetPublic makes the profile of an account public or private. New accounts are
// public.
func (e *Emulator) SetPublic(userID string, public bool) error {
	return e.edit(func() ([]change, error) {
		u := e.store.users[userID]
		if u == nil {
			return nil, fmt.Errorf("emulator: user %q does not exist", userID)
		}
		changed := *u
		changed.Public = public
		return []change{{User: &changed}}, nil
	})
}

// Apps returns a user's apps in order of creation.
func (e *Emulator) Apps(userID string) []App {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []App
	for _, a := range listOf(e.store.appsOf, userID).apps {
		out = append(out, *a.clone())
	}
	return out
}

// Keys returns a user's app-specific keys in order of creation: those of one app,
// or of all apps if appID is "".
func (e *Emulator) Keys(userID, appID string) []Key {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Key
	for _, k := range listOf(e.store.keysOf, userID).keys {
		if !k.isPAT() && (appID == "" || k.AppID == appID) {
			out = append(out, *k.clone())
		}
	}
	return out
}

// LiveKeys returns the number of app-specific keys that exist.
func (e *Emulator) LiveKeys() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.appKeys
}

// LiveApps returns the number of apps that exist.
func (e *Emulator) LiveApps() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.store.apps)
}

// Secrets returns every key and personal access token ever created, including
// deleted ones, so that a test can search for leaks.
func (e *Emulator) Secrets() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.store.secrets)
}

// PutApp creates an app without an API request, or replaces the app with that ID.
// Zero fields get the defaults of a new app, except for the default workflow.
func (e *Emulator) PutApp(a App) error {
	return e.edit(func() ([]change, error) {
		if e.store.users[a.UserID] == nil || a.ID == "" {
			return nil, fmt.Errorf("emulator: an app needs an id and an existing user, not %q and %q", a.ID, a.UserID)
		}
		p := a.clone()
		p.seq = 0
		p.Name = cmp.Or(p.Name, p.ID)
		p.DefaultLanguage = cmp.Or(p.DefaultLanguage, defaultLanguage)
		p.SampleMS = cmp.Or(p.SampleMS, defaultSampleMS)
		p.Visibility = cmp.Or(p.Visibility, visibilityPrivate)
		if p.CreatedAt.IsZero() {
			p.CreatedAt = e.opts.Now()
		}
		if p.ModifiedAt.IsZero() {
			p.ModifiedAt = p.CreatedAt
		}
		return []change{{App: p}}, nil
	})
}
