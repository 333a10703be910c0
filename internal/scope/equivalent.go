package scope

import (
	"slices"
	"strings"
)

// maxScopes is how many scopes a bits value can hold.
const maxScopes = 256

// bits is a set of catalogue scopes by position.
type bits [maxScopes / 64]uint64

func (b *bits) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b *bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b *bits) add(o bits) {
	for i := range b {
		b[i] |= o[i]
	}
}

// Canonical is the colon spelling of a scope: Inputs_Get becomes Inputs:Get. The protobuf enum has the
// underscore, JSON has the colon, and which of the two a server accepts and answers is undocumented.
func Canonical(name string) string {
	if strings.IndexByte(name, '_') < 0 || strings.IndexByte(name, ':') >= 0 {
		return name
	}
	if e, ok := catalogue().byName[name]; ok {
		return e.Name
	}
	resource, verb, _ := strings.Cut(name, "_")
	if !capitalised(resource) || !capitalised(verb) {
		return name
	}
	return resource + ":" + verb
}

// capitalised tells whether s is one CamelCase word.
func capitalised(s string) bool {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// Closure is the given scopes and all that they depend on, in the colon spelling, sorted, each once.
// All stays All.
func Closure(names []string) []string {
	d := catalogue()
	var known bits
	out := make([]string, 0, 2*len(names))
	for _, name := range names {
		if e, ok := d.byName[name]; ok {
			known.add(e.closure)
		} else {
			out = append(out, Canonical(name))
		}
	}
	for i := range d.scopes {
		if known.has(i) {
			out = append(out, d.scopes[i].Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Equivalent tells whether the scopes a server shows are those that were wanted: the same set in either
// spelling, or that set and everything it depends on, since a server may store either. Some dependencies
// but not all, or anything else, is a difference. A server may also spell out All as all that Clarifai offers.
func Equivalent(want, server []string) bool {
	if slices.Equal(want, server) {
		return true
	}
	if slices.Contains(want, AllScope) && hasAllOffered(server) {
		return true
	}
	d := catalogue()
	var w, closed, s bits
	// Nil until a scope outside the catalogue turns up, which is rare.
	var strangers map[string]bool
	for _, name := range want {
		if e, ok := d.byName[name]; ok {
			w.set(e.bit)
			closed.add(e.closure)
			continue
		}
		if strangers == nil {
			strangers = make(map[string]bool)
		}
		strangers[Canonical(name)] = false
	}
	for _, name := range server {
		if e, ok := d.byName[name]; ok {
			s.set(e.bit)
			continue
		}
		name = Canonical(name)
		if _, ok := strangers[name]; !ok {
			return false
		}
		strangers[name] = true
	}
	for _, seen := range strangers {
		if !seen {
			return false
		}
	}
	return s == w || s == closed
}

// hasAllOffered tells whether nothing is missing of what Clarifai offers for keys.
func hasAllOffered(server []string) bool {
	d := catalogue()
	var have bits
	for _, name := range server {
		if e, ok := d.byName[name]; ok {
			have.set(e.bit)
		}
	}
	for i, e := range d.scopes {
		if e.Offered && !e.Deprecated && e.Name != AllScope && !have.has(i) {
			return false
		}
	}
	return true
}
