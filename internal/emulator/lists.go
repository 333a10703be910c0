package emulator

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"sort"
	"time"
)

// keyList holds the keys of a user or an app in order of creation.
type keyList struct {
	keys     []*Key
	shuffled []*Key // cache of inShuffledOrder; nil if stale
	stale    []staleItem[*Key]
	rotation int // for the switch shifting_pages
}

// staleItem is a deleted item that listings still show.
type staleItem[T any] struct {
	item        T
	lastListing int // number of the last listing that shows it
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

// inShuffledOrder returns the keys in a stable order that is unrelated to the order
// of creation.
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

// appList holds the apps of a user.
type appList struct {
	apps     []*App              // in order of creation
	sorted   map[appOrder][]*App // cache of inOrder
	stale    []staleItem[*App]
	rotation int // for the switch shifting_pages
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

// lag is what listings show of a key whose app was renamed a short time ago.
type lag struct {
	appID string // the ID of the app before the rename
	until time.Time
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

// dropExpired removes the items that this listing no longer shows.
func dropExpired[T any](items []staleItem[T], listing int) []staleItem[T] {
	return slices.DeleteFunc(items, func(s staleItem[T]) bool { return s.lastListing < listing })
}

// rotated shifts a listing by one more place for each page after the first, if
// the switch shifting_pages is on.
func rotated[T any](items []T, p page, rotation *int, sw Switches) []T {
	if !sw.ShiftingPages || len(items) == 0 {
		return items
	}
	if p.number > 1 {
		*rotation++
	}
	n := *rotation % len(items)
	return slices.Concat(items[len(items)-n:], items[:len(items)-n])
}
