package scope

import (
	mathbits "math/bits"
	"slices"
	"strings"
)

// maxScopes is the number of scopes that a bits value can hold.
const maxScopes = 256

// bits is a set of catalog scopes, one bit per scope.
type bits [maxScopes / 64]uint64

func (b *bits) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b *bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b *bits) add(o bits) {
	for i := range b {
		b[i] |= o[i]
	}
}

// missingIn counts what another set lacks.
func (b *bits) missingIn(o bits) (n int) {
	for i := range b {
		n += mathbits.OnesCount64(b[i] &^ o[i])
	}
	return n
}

// Canonical returns the colon spelling of a scope: Inputs_Get becomes Inputs:Get. The protobuf enum uses the
// underscore and JSON the colon; which of the two the server accepts and returns is undocumented.
func Canonical(name string) string {
	if strings.IndexByte(name, '_') < 0 {
		return name
	}
	if e, ok := catalog().byName[name]; ok {
		return e.Name
	}
	resource, verb, _ := strings.Cut(name, "_")
	if !capitalized(resource) || !capitalized(verb) {
		return name
	}
	return resource + ":" + verb
}

// capitalized reports whether s is one word in CamelCase.
func capitalized(s string) bool {
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

// Closure returns the given scopes and everything they depend on, in the colon spelling, sorted and without
// duplicates. All remains All.
func Closure(names []string) []string {
	d := catalog()
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

// Equivalent reports whether the scopes on the server are the wanted ones: the same set in either spelling, or
// that set plus everything it depends on, since a server may store either. A set with only some of the
// dependencies is different. A server may also replace All by every scope that Clarifai offers.
func Equivalent(want, server []string) bool {
	if slices.Equal(want, server) {
		return true
	}
	if slices.Contains(want, AllScope) && hasAllOffered(server) {
		return true
	}
	d := catalog()
	var w, closed, s bits
	// Whether the server has each wanted scope outside the catalog. Such scopes are rare, so the map starts nil.
	var unknown map[string]bool
	for _, name := range want {
		if e, ok := d.byName[name]; ok {
			w.set(e.bit)
			closed.add(e.closure)
			continue
		}
		if unknown == nil {
			unknown = make(map[string]bool)
		}
		unknown[Canonical(name)] = false
	}
	for _, name := range server {
		if e, ok := d.byName[name]; ok {
			s.set(e.bit)
			continue
		}
		name = Canonical(name)
		if _, ok := unknown[name]; !ok {
			return false
		}
		unknown[name] = true
	}
	for _, seen := range unknown {
		if !seen {
			return false
		}
	}
	return s == w || s == closed
}

// Beyond returns which of the held scopes neither are among those allowed nor follow from them.
func Beyond(allowed, held []string) (beyond []string) {
	if slices.Contains(allowed, AllScope) {
		return nil
	}
	closed := Closure(allowed)
	for _, name := range held {
		if !slices.Contains(closed, Canonical(name)) {
			beyond = append(beyond, name)
		}
	}
	return beyond
}

// hasAllOffered reports whether the server has every scope that Clarifai offers.
func hasAllOffered(server []string) bool {
	d := catalog()
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
