package emulator

import (
	"cmp"
	"fmt"
	"slices"
)

// commit writes changes to the state file, if there is one, and then makes
// them. What could not be written is not done.
func (e *Emulator) commit(changes ...change) *failure {
	if e.journal != nil {
		if err := e.journal.append(changes); err != nil {
			return fail(codeInternal, "writing the state: %v", err)
		}
	}
	e.store.applyAll(changes)
	return nil
}

// edit commits changes that come from outside the API. find runs under the lock
// and returns what to do.
func (e *Emulator) edit(find func() ([]change, error)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	changes, err := find()
	if err != nil {
		return err
	}
	if f := e.commit(changes...); f != nil {
		return fmt.Errorf("emulator: %s", f.details)
	}
	return nil
}

// mustEdit is for changes that can only fail when the state file can not be
// written.
func (e *Emulator) mustEdit(find func() []change) {
	if err := e.edit(func() ([]change, error) { return find(), nil }); err != nil {
		panic(err)
	}
}

// AddUser adds an account with a public profile and returns a personal access
// token of it that holds every scope.
func (e *Emulator) AddUser(id string) (pat string) { return e.AddPAT(id, scopeAll) }

// AddPAT adds a personal access token with these scopes and no others, in
// either spelling, to an account, which is made if there is none. It panics on
// a scope that does not exist.
func (e *Emulator) AddPAT(userID string, scopes ...string) string {
	pat := NewSecret()
	scopes = slices.Clone(scopes)
	for i, name := range scopes {
		scope, ok := canonicalScope(name)
		if !ok {
			panic(fmt.Sprintf("emulator: there is no scope %q", name))
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

// AddOrganization adds an organization. The tokens of its owner act for it.
func (e *Emulator) AddOrganization(id, ownerUserID string) {
	e.mustEdit(func() []change {
		return []change{{User: &user{ID: id, Owner: ownerUserID, Public: true, CreatedAt: e.opts.Now()}}}
	})
}

// SetPublic makes an account's profile public, as it is at first, or private.
func (e *Emulator) SetPublic(userID string, public bool) error {
	return e.edit(func() ([]change, error) {
		u := e.store.users[userID]
		if u == nil {
			return nil, fmt.Errorf("emulator: there is no user %q", userID)
		}
		changed := *u
		changed.Public = public
		return []change{{User: &changed}}, nil
	})
}

// Apps returns a user's apps in the order they were made.
func (e *Emulator) Apps(userID string) []App {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []App
	for _, a := range entry(e.store.appsOf, userID).apps {
		out = append(out, *a.clone())
	}
	return out
}

// Keys returns a user's live app-specific keys in the order they were made:
// those of one app, or of all with appID "".
func (e *Emulator) Keys(userID, appID string) []Key {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Key
	for _, k := range entry(e.store.keysOf, userID).keys {
		if !k.isPAT() && (appID == "" || k.AppID == appID) {
			out = append(out, *k.clone())
		}
	}
	return out
}

// LiveKeys is the number of app-specific keys that exist now.
func (e *Emulator) LiveKeys() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store.appKeys
}

// LiveApps is the number of apps that exist now.
func (e *Emulator) LiveApps() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.store.apps)
}

// Secrets returns every key and personal access token ever made, also deleted
// ones, so that a test can look for them where they must not be.
func (e *Emulator) Secrets() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.store.secrets)
}

// PutApp makes an app from outside the API, or replaces the one of that id.
// Fields left at zero get the defaults of a new app, but for the default
// workflow.
func (e *Emulator) PutApp(a App) error {
	return e.edit(func() ([]change, error) {
		if e.store.users[a.UserID] == nil || a.ID == "" {
			return nil, fmt.Errorf("emulator: an app needs an id and a user that exists, not %q and %q", a.ID, a.UserID)
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
