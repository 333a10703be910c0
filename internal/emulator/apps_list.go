package emulator

import (
	"slices"
	"strings"
	"unicode"
)

// listApps sorts by ID or, as service.proto says of the default, by modified_at,
// descending unless sort_ascending is true.
func (e *Emulator) listApps(x *exchange) (answer, *failure) {
	for _, name := range []string{"sort_by_id", "sort_ascending"} {
		if !slices.Contains([]string{"", "true", "false"}, x.query.Get(name)) {
			return nil, fail(codeInvalidRequest, "query parameter '%s' must be true or false", name)
		}
	}
	e.store.listings++
	words := wordsOf(x.query.Get("search"))
	matches := func(a *App) bool { return a.UserID == x.userID && e.shows(x, a) && a.contains(words) }
	var apps []*App
	for _, a := range e.store.apps.all {
		if matches(a) {
			apps = append(apps, a)
		}
	}
	slices.SortStableFunc(apps, func(a, b *App) int {
		c := a.ModifiedAt.Compare(b.ModifiedAt)
		if x.query.Get("sort_by_id") == "true" {
			c = strings.Compare(a.ID, b.ID)
		}
		if x.query.Get("sort_ascending") != "true" {
			c = -c
		}
		return c
	})
	for _, s := range e.store.staleApps {
		if s.lastListing >= e.store.listings && matches(s.item) && e.store.app(s.item.ref()) == nil {
			apps = append(apps, s.item)
		}
	}
	wires, f := listed(e, x, apps, x.sw.app)
	return answer{"apps": wires}, f
}

// contains reports whether the texts of an app have a word that starts with each of the
// words. Clarifai's search also stems them.
func (a *App) contains(words []string) bool {
	text := wordsOf(strings.Join([]string{a.ID, a.Name, a.Description, a.Notes, a.UserID}, " "))
	for _, word := range words {
		if !slices.ContainsFunc(text, func(t string) bool { return strings.HasPrefix(t, word) }) {
			return false
		}
	}
	return true
}

// wordsOf splits text into lower-case words.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
