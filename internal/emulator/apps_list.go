package emulator

import (
	"slices"
	"strings"
	"unicode"
)

// listApps sorts by ID, ascending, if both parameters say so, and otherwise by
// modified_at, descending, as service.proto says of the default.
func (e *Emulator) listApps(x *exchange) (answer, *failure) {
	byID := x.query.Get("sort_by_id")
	if byID != x.query.Get("sort_ascending") || byID != "" && byID != "true" {
		return nil, fail(codeInvalidRequest, "sort_by_id and sort_ascending must both be true, or missing")
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
		if byID == "true" {
			return strings.Compare(a.ID, b.ID)
		}
		return b.ModifiedAt.Compare(a.ModifiedAt)
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
