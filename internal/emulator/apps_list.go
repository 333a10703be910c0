package emulator

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var listAppParams = append([]string{"additional_fields", "sort_ascending", "sort_by_name", "sort_by_modified_at",
	"sort_by_created_at", "sort_by_star_count", "sort_by_id", "sort_by_relevance", "featured_only",
	"starred_only", "template_only", "visibility.gettable", "search", "query", "name", "id"}, pageParams...)

// appOrder is the sort order of a listing of apps.
type appOrder struct {
	by        string // a sort_by_ parameter
	ascending bool
}

// appFilter restricts a listing of apps.
type appFilter struct {
	words      []string // each must be the start of a word in the app
	name, id   *regexp.Regexp
	visibility int
	template   bool
	none       bool // matches nothing: no app here is starred or featured
}

func (e *Emulator) listApps(x *exchange) (answer, *failure) {
	p, f := x.page()
	if f != nil {
		return answer{}, f
	}
	order, f := x.query.appOrder()
	if f != nil {
		return answer{}, f
	}
	filter, f := x.query.appFilter()
	if f != nil {
		return answer{}, f
	}
	e.store.listings++
	list := listOf(e.store.appsOf, x.userID)
	var apps []*App
	for _, a := range list.inOrder(order) {
		if filter.matches(a) {
			apps = append(apps, a)
		}
	}
	list.stale = dropExpired(list.stale, e.store.listings)
	for _, s := range list.stale {
		if filter.matches(s.item) && e.store.apps[s.item.ref()] == nil {
			apps = append(apps, s.item)
		}
	}
	wires := []wireApp{}
	for _, a := range pageOf(p, rotated(apps, p, &list.rotation, x.sw)) {
		wires = append(wires, x.sw.app(a))
	}
	return answer{fields: map[string]any{"apps": wires}}, nil
}

// appOrder reads the sort parameters. service.proto defines them as a oneof; the
// default is modified_at, descending.
func (q query) appOrder() (appOrder, *failure) {
	order := appOrder{}
	for name := range q.values {
		if !strings.HasPrefix(name, "sort_by_") {
			continue
		}
		on, f := q.flag(name)
		if f != nil {
			return order, f
		}
		if on && order.by != "" {
			return order, fail(codeInvalidRequest, "%s and %s are mutually exclusive", order.by, name)
		}
		if on {
			order.by = name
		}
	}
	if order.by == "sort_by_relevance" && q.values.Get("search") == "" {
		return order, fail(codeInvalidRequest, "sort_by_relevance requires search")
	}
	order.by = cmp.Or(order.by, "sort_by_modified_at")
	var f *failure
	order.ascending, f = q.flag("sort_ascending")
	return order, f
}

// inOrder returns the apps in the given order, from a cache that every change empties.
func (l *appList) inOrder(order appOrder) []*App {
	if apps, ok := l.sorted[order]; ok {
		return apps
	}
	apps := slices.Clone(l.apps)
	slices.SortStableFunc(apps, func(a, b *App) int {
		c := order.compare(a, b)
		if !order.ascending {
			c = -c
		}
		return c
	})
	if l.sorted == nil {
		l.sorted = map[appOrder][]*App{}
	}
	l.sorted[order] = apps
	return apps
}

func (o appOrder) compare(a, b *App) int {
	switch o.by {
	case "sort_by_name":
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.seq, b.seq))
	case "sort_by_id":
		return strings.Compare(a.ID, b.ID)
	case "sort_by_created_at":
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.seq, b.seq))
	case "sort_by_modified_at":
		return cmp.Or(a.ModifiedAt.Compare(b.ModifiedAt), cmp.Compare(a.seq, b.seq))
	}
	return cmp.Compare(a.seq, b.seq) // no app here has stars, and all are equally relevant
}

func (q query) appFilter() (appFilter, *failure) {
	f := appFilter{
		words: words(q.values.Get("search") + " " + q.values.Get("query")),
		name:  wildcards(q.values.Get("name")),
		id:    wildcards(q.values.Get("id")),
	}
	var err error
	if f.visibility, err = parseVisibility(q.values.Get("visibility.gettable")); err != nil {
		return f, fail(codeInvalidRequest, "%v", err)
	}
	for _, name := range []string{"template_only", "starred_only", "featured_only"} {
		on, bad := q.flag(name)
		if bad != nil {
			return f, bad
		}
		f.template = f.template || on && name == "template_only"
		f.none = f.none || on && name != "template_only"
	}
	return f, nil
}

// matches reports whether the filter includes an app.
func (f *appFilter) matches(a *App) bool {
	switch {
	case f.none,
		f.template && !a.IsTemplate,
		f.visibility != 0 && f.visibility != a.Visibility,
		f.name != nil && !f.name.MatchString(a.Name),
		f.id != nil && !f.id.MatchString(a.ID):
		return false
	}
	if len(f.words) == 0 {
		return true
	}
	text := words(strings.Join([]string{a.ID, a.Name, a.Description, a.Notes, a.UserID}, " "))
	for _, word := range f.words {
		if !slices.ContainsFunc(text, func(t string) bool { return strings.HasPrefix(t, word) }) {
			return false
		}
	}
	return true
}

// words splits text into lower-case words, as a search does. Clarifai's search
// also stems them.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// wildcards converts a pattern with * to a regular expression, or returns nil for
// an empty pattern.
func wildcards(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	return regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `$`)
}
