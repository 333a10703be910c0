package emulator

import (
	"cmp"
	"hash/fnv"
	"slices"
	"sort"
)

// change is one step from one state to the next; exactly one field is set.
// Every state is the outcome of a list of changes, which is also how it is
// written to a file. Records in a change belong to the store from then on and
// are never modified, only replaced: what a listing hands out stays valid.
type change struct {
	User    *user    `json:"user,omitempty"`
	App     *App     `json:"app,omitempty"`
	Key     *Key     `json:"key,omitempty"`
	DropApp *appRef  `json:"drop_app,omitempty"` // its keys go with it
	DropKey string   `json:"drop_key,omitempty"`
	Rename  *rename  `json:"rename,omitempty"`
	Primary *primary `json:"primary,omitempty"`
}

type rename struct {
	From     appRef `json:"from"`
	To       string `json:"to"`
	DropKeys bool   `json:"drop_keys,omitempty"`
}

// store is the state: users, apps, keys, and the indexes over them.
type store struct {
	primary primary
	users   map[string]*user
	apps    map[appRef]*App
	keys    map[string]*Key
	moved   map[appRef]string // old app id to new

	appsOf   map[string]*appList // by user
	keysOf   map[string]*keyList // by user
	keysIn   map[appRef]*keyList // by app
	appKeys  int                 // live keys that are no personal access tokens
	seq      uint64              // of the last record made
	listings int                 // listing requests so far
	secrets  []string            // all ever made, in order
	known    map[string]struct{} // the same
}

func newStore() *store {
	return &store{
		users:  map[string]*user{},
		apps:   map[appRef]*App{},
		keys:   map[string]*Key{},
		moved:  map[appRef]string{},
		appsOf: map[string]*appList{},
		keysOf: map[string]*keyList{},
		keysIn: map[appRef]*keyList{},
		known:  map[string]struct{}{},
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

func (s *store) putApp(a *App) {
	list := entry(s.appsOf, a.UserID)
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
	entry(s.appsOf, ref.UserID).remove(a)
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
	entry(s.keysOf, k.UserID).add(k)
	if !k.isPAT() {
		s.appKeys++
		entry(s.keysIn, k.app()).add(k)
	}
}

func (s *store) remember(secret string) {
	if _, ok := s.known[secret]; !ok {
		s.known[secret] = struct{}{}
		s.secrets = append(s.secrets, secret)
	}
}

func (s *store) dropKey(id string) {
	k := s.keys[id]
	if k == nil {
		return
	}
	delete(s.keys, id)
	entry(s.keysOf, k.UserID).remove(k)
	if !k.isPAT() {
		s.appKeys--
		entry(s.keysIn, k.app()).remove(k)
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

// movedTo follows the renames of an app that is no longer there.
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

// mayActFor tells whether a user's tokens reach what is under another user id.
func (s *store) mayActFor(caller, userID string) bool {
	if caller == userID {
		return true
	}
	org := s.users[userID]
	return org != nil && org.Owner == caller
}

// entry returns m[k], made on first use.
func entry[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}

// keyList is the keys of a user or an app in the order they were made.
type keyList struct {
	keys     []*Key
	shuffled []*Key // cache; nil when it has to be made again
	ghosts   []ghost[*Key]
	turns    int // pages after the first so far
}

// ghost is something deleted that listings still show.
type ghost[T any] struct {
	what T
	last int // number of the last listing that shows it
}

func (l *keyList) add(k *Key) {
	i := sort.Search(len(l.keys), func(i int) bool { return l.keys[i].seq >= k.seq })
	l.keys = slices.Insert(l.keys, i, k)
	l.shuffled = nil
}

func (l *keyList) remove(k *Key) {
	i := sort.Search(len(l.keys), func(i int) bool { return l.keys[i].seq >= k.seq })
	if i < len(l.keys) && l.keys[i].ID == k.ID {
		l.keys = slices.Delete(l.keys, i, i+1)
	}
	l.shuffled = nil
}

// inShuffledOrder returns the keys in an order that has nothing to do with when
// they were made but is the same each time.
func (l *keyList) inShuffledOrder() []*Key {
	if l.shuffled == nil {
		rank := make(map[*Key]uint64, len(l.keys))
		for _, k := range l.keys {
			h := fnv.New64a()
			h.Write([]byte(k.ID))
			rank[k] = h.Sum64()
		}
		l.shuffled = slices.Clone(l.keys)
		slices.SortFunc(l.shuffled, func(a, b *Key) int { return cmp.Compare(rank[a], rank[b]) })
	}
	return l.shuffled
}

// appList is the apps of a user.
type appList struct {
	apps   []*App // in the order they were made
	sorted map[appOrder][]*App
	ghosts []ghost[*App]
	turns  int
}

func (l *appList) add(a *App) {
	i := sort.Search(len(l.apps), func(i int) bool { return l.apps[i].seq >= a.seq })
	l.apps = slices.Insert(l.apps, i, a)
	l.sorted = nil
}

func (l *appList) remove(a *App) {
	l.apps = slices.DeleteFunc(l.apps, func(b *App) bool { return b.ID == a.ID })
	l.sorted = nil
}
