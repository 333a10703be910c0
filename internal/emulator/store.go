package emulator

import (
	"maps"
	"slices"
)

// change is one change of the state, with exactly one field set. A state is the
// result of a list of changes, and that list is also its form on disk. The store
// owns the records in a change. It never modifies them, only replaces them, so
// that a listing in progress stays valid.
type change struct {
	User    *user    `json:"user,omitempty"`
	App     *App     `json:"app,omitempty"`
	Key     *Key     `json:"key,omitempty"`
	DropApp *appRef  `json:"drop_app,omitempty"` // deletes its keys too
	DropKey string   `json:"drop_key,omitempty"`
	Rename  *rename  `json:"rename,omitempty"`
	Primary *primary `json:"primary,omitempty"`
}

type rename struct {
	From     appRef `json:"from"`
	To       string `json:"to"`
	DropKeys bool   `json:"drop_keys,omitempty"`
}

// store holds the state: users, apps, keys, and indexes over them.
type store struct {
	primary primary
	users   map[string]*user
	apps    map[appRef]*App
	keys    map[string]*Key
	moved   map[appRef]string // old app ID to new

	appsOf    map[string]*appList // by user
	keysOf    map[string]*keyList // by user
	keysIn    map[appRef]*keyList // by app
	appKeys   int                 // number of app-specific keys
	lagging   map[string]lag      // keys that listings show as before a rename, by ID
	seq       uint64              // of the last record created
	listings  int                 // number of listing requests
	secrets   []string            // every secret ever created, in order
	secretSet map[string]struct{} // the same secrets
}

func newStore() *store {
	return &store{
		users:     map[string]*user{},
		apps:      map[appRef]*App{},
		keys:      map[string]*Key{},
		moved:     map[appRef]string{},
		appsOf:    map[string]*appList{},
		keysOf:    map[string]*keyList{},
		keysIn:    map[appRef]*keyList{},
		lagging:   map[string]lag{},
		secretSet: map[string]struct{}{},
	}
}

func (s *store) applyAll(changes []change) {
	for i := range changes {
		s.apply(&changes[i])
	}
}

func (s *store) apply(c *change) {
	switch {
	case c.User != nil:
		s.users[c.User.ID] = c.User
	case c.App != nil:
		s.putApp(c.App)
	case c.Key != nil:
		s.putKey(c.Key)
	case c.DropApp != nil:
		s.dropApp(*c.DropApp)
	case c.DropKey != "":
		s.dropKey(c.DropKey)
	case c.Rename != nil:
		s.renameApp(c.Rename)
	case c.Primary != nil:
		s.primary = *c.Primary
	}
}

// snapshot returns changes that build this state from an empty one.
func (s *store) snapshot() []change {
	var all []change
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		all = append(all, change{User: s.users[id]})
	}
	for _, id := range slices.Sorted(maps.Keys(s.appsOf)) {
		for _, a := range s.appsOf[id].apps {
			all = append(all, change{App: a})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.keysOf)) {
		for _, k := range s.keysOf[id].keys {
			all = append(all, change{Key: k})
		}
	}
	for from, to := range s.moved {
		all = append(all, change{Rename: &rename{From: from, To: to}})
	}
	return append(all, change{Primary: &s.primary})
}

func (s *store) putApp(a *App) {
	list := listOf(s.appsOf, a.UserID)
	if old := s.apps[a.ref()]; old != nil {
		a.seq = old.seq
		list.remove(old)
	} else if a.seq == 0 {
		s.seq++
		a.seq = s.seq
	}
	delete(s.moved, a.ref())
	s.apps[a.ref()] = a
	list.add(a)
}

func (s *store) dropApp(ref appRef) {
	a := s.apps[ref]
	if a == nil {
		return
	}
	for _, k := range slices.Clone(s.keysInApp(ref)) {
		s.dropKey(k.ID)
	}
	delete(s.apps, ref)
	delete(s.keysIn, ref)
	listOf(s.appsOf, ref.UserID).remove(a)
}

func (s *store) putKey(k *Key) {
	if old := s.keys[k.ID]; old != nil {
		k.seq = old.seq
		s.dropKey(k.ID)
	} else if k.seq == 0 {
		s.seq++
		k.seq = s.seq
	}
	s.remember(k.ID)
	s.keys[k.ID] = k
	listOf(s.keysOf, k.UserID).add(k)
	if !k.isPAT() {
		s.appKeys++
		listOf(s.keysIn, k.app()).add(k)
	}
}

// remember records a secret, so that tests can search for it.
func (s *store) remember(secret string) {
	if _, ok := s.secretSet[secret]; !ok {
		s.secretSet[secret] = struct{}{}
		s.secrets = append(s.secrets, secret)
	}
}

func (s *store) dropKey(id string) {
	k := s.keys[id]
	if k == nil {
		return
	}
	delete(s.keys, id)
	listOf(s.keysOf, k.UserID).remove(k)
	if !k.isPAT() {
		s.appKeys--
		listOf(s.keysIn, k.app()).remove(k)
	}
}

func (s *store) renameApp(r *rename) {
	old := s.apps[r.From]
	if old == nil {
		s.moved[r.From] = r.To
		return
	}
	keys := slices.Clone(s.keysInApp(r.From))
	s.dropApp(r.From)
	a := old.clone()
	a.ID = r.To
	if a.DefaultWorkflow.AppID == old.ID && a.DefaultWorkflow.UserID == old.UserID {
		a.DefaultWorkflow.AppID = r.To
	}
	s.putApp(a)
	s.moved[r.From] = r.To
	if r.DropKeys {
		return
	}
	for _, k := range keys {
		k = k.clone()
		k.AppID = r.To
		s.putKey(k)
	}
}

// movedTo follows the renames of an app that no longer exists under this ID. It
// returns the current ID.
func (s *store) movedTo(ref appRef) (string, bool) {
	for range len(s.moved) {
		to, ok := s.moved[ref]
		if !ok {
			return "", false
		}
		ref.AppID = to
		if s.apps[ref] != nil {
			return to, true
		}
	}
	return "", false
}

func (s *store) keysInApp(ref appRef) []*Key {
	if list := s.keysIn[ref]; list != nil {
		return list.keys
	}
	return nil
}

// mayActFor reports whether a user's tokens give access to the resources of userID.
func (s *store) mayActFor(caller, userID string) bool {
	if caller == userID {
		return true
	}
	org := s.users[userID]
	return org != nil && org.Owner == caller
}

// listOf returns m[k], which it creates on first use.
func listOf[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}
