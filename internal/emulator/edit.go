package emulator

import (
	"cmp"
	"fmt"
	"slices"
)

// PutKey creates a key without an API request, or replaces the key with that ID.
// It generates an empty ID. A key without an AppID is a personal access token.
func (e *Emulator) PutKey(k Key) error {
	return e.edit(func() ([]change, error) {
		p := k.clone()
		p.seq = 0
		p.ID = cmp.Or(p.ID, NewSecret())
		if !wellFormedSecret(p.ID) {
			return nil, fmt.Errorf("emulator: the id of a key must have 32 hexadecimal digits")
		}
		p.Type = cmp.Or(p.Type, typeAppKey)
		if p.AppID == "" {
			p.Type = typePAT
		}
		if e.store.users[p.UserID] == nil {
			return nil, fmt.Errorf("emulator: user %q does not exist", p.UserID)
		}
		if !p.isPAT() && e.store.apps[p.app()] == nil {
			return nil, e.noApp(p.app())
		}
		if p.CreatedAt.IsZero() {
			p.CreatedAt = e.opts.Now()
		}
		return []change{{Key: p}}, nil
	})
}

// DeleteApp deletes an app and its keys without an API request. Listings stop
// showing them at once.
func (e *Emulator) DeleteApp(userID, id string) error {
	return e.editApp(userID, id, func(a *App) ([]change, error) {
		ref := a.ref()
		return []change{{DropApp: &ref}}, nil
	})
}

// DeleteKey deletes a key or personal access token without an API request.
// Listings stop showing it at once.
func (e *Emulator) DeleteKey(keyID string) error {
	return e.edit(func() ([]change, error) {
		if e.store.keys[keyID] == nil {
			return nil, errNoKey
		}
		return []change{{DropKey: keyID}}, nil
	})
}

// EditKey changes a key without an API request. It ignores a changed ID.
func (e *Emulator) EditKey(keyID string, modify func(*Key)) error {
	return e.edit(func() ([]change, error) {
		old := e.store.keys[keyID]
		if old == nil {
			return nil, errNoKey
		}
		k := old.clone()
		modify(k)
		k.ID, k.seq = old.ID, old.seq
		return []change{{Key: k}}, nil
	})
}

// EditApp changes an app without an API request. It ignores a changed ID or
// owner: see [Emulator.RenameApp].
func (e *Emulator) EditApp(userID, id string, modify func(*App)) error {
	return e.editApp(userID, id, func(old *App) ([]change, error) {
		a := old.clone()
		a.ModifiedAt = e.opts.Now()
		modify(a)
		a.ID, a.UserID, a.seq = old.ID, old.UserID, old.seq
		return []change{{App: a}}, nil
	})
}

// RenameApp changes the ID of an app without an API request. The switch
// rename_keys decides what happens to its keys.
func (e *Emulator) RenameApp(userID, id, newID string) error {
	return e.editApp(userID, id, func(a *App) ([]change, error) {
		if e.store.apps[appRef{userID, newID}] != nil || newID == "" {
			return nil, fmt.Errorf("emulator: cannot rename an app to %q: the id is empty or taken", newID)
		}
		return []change{{Rename: &rename{From: a.ref(), To: newID, DropKeys: e.switches.RenameKeys == "dropped"}}}, nil
	})
}

// SetCounts sets the numbers of items that an app holds.
func (e *Emulator) SetCounts(userID, appID string, c Counts) error {
	return e.EditApp(userID, appID, func(a *App) { a.Counts = c })
}

// AddWorkflow adds a workflow to an app, which can then become its default.
func (e *Emulator) AddWorkflow(userID, appID, workflowID string) error {
	return e.EditApp(userID, appID, func(a *App) {
		if !slices.Contains(a.Workflows, workflowID) {
			a.Workflows = append(a.Workflows, workflowID)
			a.Counts.Workflows++
		}
	})
}

// errNoKey does not name the key, because its ID is the secret.
var errNoKey = fmt.Errorf("emulator: the key does not exist")

func (e *Emulator) noApp(ref appRef) error {
	return fmt.Errorf("emulator: user %q has no app %q", ref.UserID, ref.AppID)
}

func (e *Emulator) editApp(userID, id string, do func(*App) ([]change, error)) error {
	return e.edit(func() ([]change, error) {
		a := e.store.apps[appRef{userID, id}]
		if a == nil {
			return nil, e.noApp(appRef{userID, id})
		}
		return do(a)
	})
}
