package emulator

import (
	"maps"
	"slices"
	"time"
)

// table holds records by name and in order of creation. It never changes a record,
// only replaces it.
type table[K, T comparable] struct {
	name    func(T) K
	byName  map[K]T
	all     []T
	changes int // how often it changed
}

func newTable[K, T comparable](name func(T) K) table[K, T] {
	return table[K, T]{name: name, byName: map[K]T{}}
}

// put adds a record, or replaces the one of its name.
func (t *table[K, T]) put(item T) { t.replace(t.byName[t.name(item)], item) }

// replace puts a record in the place of another one, whose name may differ. If there
// is no other one, it adds the record.
func (t *table[K, T]) replace(old, item T) {
	t.changes++
	var none T
	if old == none {
		t.all = append(t.all, item)
	} else {
		delete(t.byName, t.name(old))
		t.all[slices.Index(t.all, old)] = item
	}
	t.byName[t.name(item)] = item
}

func (t *table[K, T]) drop(item T) {
	t.changes++
	delete(t.byName, t.name(item))
	t.all = slices.DeleteFunc(t.all, func(other T) bool { return other == item })
}

// store holds the state: users, apps, keys, and what only listings still show.
type store struct {
	primary primary
	users   table[string, *user]
	apps    table[appRef, *App]
	keys    table[string, *Key]
	moved   renames

	staleApps []stale[*App]
	staleKeys []stale[*Key]
	lagging   map[string]lag      // keys that listings show as before a rename, by ID
	listings  int                 // number of listing requests
	rotations map[string]int      // for the switch shifting_pages, by path
	misses    map[string]int      // for the switch delete_misses, by path
	secrets   map[string]struct{} // every key and token that ever existed
}

// renames are the new IDs of renamed apps, by user and old ID.
type renames map[string]map[string]string

// stale is a deleted item that listings still show.
type stale[T any] struct {
	item        T
	lastListing int // number of the last listing that shows it
}

// lag is what listings show of a key whose app was renamed a short time ago.
type lag struct {
	appID string // the ID of the app before the rename
	until time.Time
}

func newStore() *store {
	return &store{
		users:     newTable(func(u *user) string { return u.ID }),
		apps:      newTable((*App).ref),
		keys:      newTable(func(k *Key) string { return k.ID }),
		moved:     renames{},
		lagging:   map[string]lag{},
		rotations: map[string]int{},
		misses:    map[string]int{},
		secrets:   map[string]struct{}{},
	}
}

// version increases with every change.
func (s *store) version() int { return s.users.changes + s.apps.changes + s.keys.changes }

func (s *store) app(ref appRef) *App { return s.apps.byName[ref] }

func (s *store) putApp(a *App) {
	delete(s.moved[a.UserID], a.ID)
	s.apps.put(a)
}

func (s *store) putKey(k *Key) {
	s.secrets[k.ID] = struct{}{}
	s.keys.put(k)
}

// keysOf returns the app-specific keys of a user: those of one app, or of all apps if
// appID is "".
func (s *store) keysOf(userID, appID string) []*Key {
	var keys []*Key
	for _, k := range s.keys.all {
		if !k.isPAT() && k.UserID == userID && (appID == "" || k.AppID == appID) {
			keys = append(keys, k)
		}
	}
	return keys
}

// dropApp deletes an app with its keys, which it returns.
func (s *store) dropApp(a *App) []*Key {
	keys := s.keysOf(a.UserID, a.ID)
	for _, k := range keys {
		s.keys.drop(k)
	}
	s.apps.drop(a)
	return keys
}

// renameApp gives an app another ID. Its keys follow it or are dropped. It returns the
// app, and the keys as they were.
func (s *store) renameApp(old *App, to string, at time.Time, dropKeys bool) (*App, []*Key) {
	a := old.clone()
	a.ID, a.ModifiedAt = to, at
	if a.DefaultWorkflow.AppID == old.ID && a.DefaultWorkflow.UserID == old.UserID {
		a.DefaultWorkflow.AppID = to
	}
	delete(s.moved[a.UserID], to)
	s.apps.replace(old, a)
	if s.moved[a.UserID] == nil {
		s.moved[a.UserID] = map[string]string{}
	}
	s.moved[a.UserID][old.ID] = to
	keys := s.keysOf(old.UserID, old.ID)
	for _, k := range keys {
		if dropKeys {
			s.keys.drop(k)
			continue
		}
		follows := k.clone()
		follows.AppID = to
		s.keys.put(follows)
	}
	return a, keys
}

// movedTo follows the renames of an app that no longer exists under this ID. It
// returns the app.
func (s *store) movedTo(ref appRef) *App {
	for range len(s.moved[ref.UserID]) {
		ref.AppID = s.moved[ref.UserID][ref.AppID]
		if a := s.app(ref); a != nil {
			return a
		}
	}
	return nil
}

// keepListed shows deleted keys in this number of further listings.
func (s *store) keepListed(lag int, keys ...*Key) {
	for _, k := range keys {
		s.staleKeys = append(s.staleKeys, stale[*Key]{k, s.listings + lag})
	}
}

// isRenamed reports whether an old ID leads to the app.
func (s *store) isRenamed(a *App) bool {
	for from := range s.moved[a.UserID] {
		if s.app(appRef{a.UserID, from}) == nil && s.movedTo(appRef{a.UserID, from}) == a {
			return true
		}
	}
	return false
}

// lagRename makes listings show keys, given as before a rename at this time, with
// their old app for the duration d. During several renames in a row, listings show
// the first ID.
func (s *store) lagRename(keys []*Key, at time.Time, d time.Duration) {
	maps.DeleteFunc(s.lagging, func(_ string, old lag) bool { return !at.Before(old.until) })
	for _, k := range keys {
		s.lagging[k.ID] = lag{s.listedApp(k, at), at.Add(d)}
	}
}

// listedApp returns the ID of the app that listings show for a key.
func (s *store) listedApp(k *Key, now time.Time) string {
	if old, ok := s.lagging[k.ID]; ok && now.Before(old.until) {
		return old.appID
	}
	return k.AppID
}

// mayActFor reports whether a user's tokens give access to the resources of userID.
func (s *store) mayActFor(caller, userID string) bool {
	org := s.users.byName[userID]
	return caller == userID || org != nil && org.Owner == caller
}
