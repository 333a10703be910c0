package scope

import (
	"fmt"
	"slices"
	"strings"
)

// Warning is advice on a set of scopes or endpoints. A set gets at most one warning of each kind. Summaries name no
// scope or endpoint, so that Terraform can merge the warnings of a thousand keys into one.
type Warning struct {
	// Scope lists the scopes or endpoints concerned, as written, separated by ", ".
	Scope   string
	Summary string
	Detail  string
}

// newWarning adds to the advice on an attribute what it costs to follow it.
func newWarning(attribute string, names []string, summary, detail string) Warning {
	detail += " A change of " + attribute + " replaces an existing key, or rotates it."
	return Warning{Scope: strings.Join(names, ", "), Summary: summary, Detail: detail}
}

// Warnings returns advice on the scopes of an app-specific key: unknown, deprecated and useless ones, and missing
// dependencies.
func Warnings(names []string) []Warning {
	d := catalog()
	// What is no name at all is an error: see ScopeNames.
	names = slices.DeleteFunc(sortedUnique(names), func(name string) bool { return scopeProblem(name) != "" })
	var unknown, deprecated, patOnly, unused []string
	var have bits
	for _, name := range names {
		e, ok := d.byName[name]
		if !ok {
			unknown = append(unknown, name)
			continue
		}
		have.set(e.bit)
		switch {
		case e.Deprecated:
			deprecated = append(deprecated, name)
		case e.AppKeyMethods > 0 || e.Name == AllScope:
		case e.PATOnlyMethods > 0:
			patOnly = append(patOnly, name)
		default:
			unused = append(unused, name)
		}
	}
	var out []Warning
	if len(unknown) > 0 {
		out = append(out, newWarning("scopes", unknown, "Unknown scope", unknownDetail("scope", unknown, suggestScope)))
	}
	if len(deprecated) > 0 {
		out = append(out, newWarning("scopes", deprecated, "Deprecated scope", deprecatedDetail(deprecated)))
	}
	if len(patOnly)+len(unused) > 0 {
		out = append(out, newWarning("scopes", slices.Concat(patOnly, unused), "Scope has no effect on an app key",
			uselessDetail(patOnly, unused)))
	}
	if w, ok := missingDependencies(d, names, have); ok {
		out = append(out, w)
	}
	return out
}

// CallsNothing returns advice on the scopes of a key without endpoints that can call no API method, because each
// needs other scopes as well. It reports false if it can call one, and where other advice comes first: a scope is
// unknown, or none is of use.
func CallsNothing(names []string) (Warning, bool) {
	d := catalog()
	names = sortedUnique(names)
	var have bits
	for _, name := range names {
		e, ok := d.byName[name]
		if !ok || e.Name == AllScope {
			return Warning{}, false
		}
		have.set(e.bit)
	}
	var nearest Method
	var best [3]int // how near it is: by the scopes that differ, then by those in common, then by its plain name
	for _, m := range d.methods {
		if !m.Auth.AllowsAppKey() || len(m.Scopes) == 0 {
			continue
		}
		missing := m.needs.missingIn(have)
		if missing == 0 {
			return Warning{}, false
		}
		common := len(m.Scopes) - missing
		rank := [...]int{missing - common, -common, len(m.Name)}
		if common > 0 && (nearest.Name == "" || slices.Compare(rank[:], best[:]) < 0) {
			nearest, best = m, rank
		}
	}
	if nearest.Name == "" {
		return Warning{}, false
	}
	missing := slices.DeleteFunc(slices.Clone(nearest.Scopes), func(name string) bool { return have.has(d.byName[name].bit) })
	return newWarning("scopes", names, "Scopes allow no API call", fmt.Sprintf(
		"A key with %s alone can call no API method: each needs other scopes as well. %s, for example, also needs %s. Add to scopes what the "+
			"calls of this key need; provider::clarifai::required_scopes([%[2]q]) computes it.", quoteAll(names), nearest.Name, quoteAll(missing))), true
}

// unknownDetail describes names that the catalog does not have. The noun says what they are.
func unknownDetail(noun string, unknown []string, suggest func(string) string) string {
	var b strings.Builder
	for _, name := range unknown {
		fmt.Fprintf(&b, "This version of the provider does not know the %s %q%s.\n", noun, name, suggest(name))
	}
	fmt.Fprintf(&b, "Correct the spelling. If Clarifai added the %[1]s after this version was released, keep it: the provider sends "+
		"it unchanged. Where Clarifai does not know the %[1]s either, the apply fails, and without create_before_destroy "+
		"a plain key that it replaces is revoked by then.", noun)
	return b.String()
}

func deprecatedDetail(deprecated []string) string {
	return fmt.Sprintf("Clarifai has deprecated %s, and this version of the provider knows no API method that needs %s. Remove %[2]s "+
		"from scopes.",
		quoteAll(deprecated), pronoun(deprecated))
}

func uselessDetail(patOnly, unused []string) string {
	var parts []string
	if len(patOnly) > 0 {
		parts = append(parts, fmt.Sprintf(
			"Only API methods that refuse app-specific keys need %s. Use a personal access token to call them.", quoteAll(patOnly)))
	}
	if len(unused) > 0 {
		parts = append(parts, fmt.Sprintf("This version of the provider knows no API method that needs %s.", quoteAll(unused)))
	}
	parts = append(parts, fmt.Sprintf(
		"Remove %s from scopes: the key can do just as much without %[1]s.", pronoun(slices.Concat(patOnly, unused))))
	return strings.Join(parts, "\n")
}

// missingDependencies returns a warning if a scope lacks one it depends on. It is silent if the set has All, which
// covers every dependency, and about scopes that another warning asks to remove.
func missingDependencies(d *data, names []string, have bits) (Warning, bool) {
	if have.has(d.byName[AllScope].bit) {
		return Warning{}, false
	}
	var concerned, add []string
	var b strings.Builder
	for _, name := range names {
		e, ok := d.byName[name]
		if !ok || e.Deprecated || e.AppKeyMethods == 0 {
			continue
		}
		var missing []string
		for _, dep := range e.DependsOn {
			if !have.has(d.byName[dep].bit) {
				missing = append(missing, dep)
			}
		}
		if len(missing) > 0 {
			concerned = append(concerned, name)
			add = append(add, missing...)
			fmt.Fprintf(&b, "%s depends on %s.\n", name, strings.Join(missing, " and "))
		}
	}
	if len(concerned) == 0 {
		return Warning{}, false
	}
	fmt.Fprintf(&b, "Clarifai may refuse to create the key, or refuse calls made with it. Add to scopes: %s.", quoteAll(sortedUnique(add)))
	return newWarning("scopes", concerned, "Scope lacks a dependency", b.String()), true
}

// EndpointWarnings returns advice on the endpoints of an app-specific key: unknown ones, and those that refuse such
// keys. It ignores strings that ValidEndpoint rejects.
func EndpointWarnings(endpoints []string) []Warning {
	d := catalog()
	var unknown, refusing []string
	for _, name := range sortedUnique(endpoints) {
		m, ok := d.methodByName[name]
		switch {
		case !ValidEndpoint(name):
		case !ok:
			unknown = append(unknown, name)
		case !m.Auth.AllowsAppKey():
			refusing = append(refusing, name)
		}
	}
	var out []Warning
	if len(unknown) > 0 {
		out = append(out, newWarning("endpoints", unknown, "Unknown endpoint", unknownDetail("method", unknown, suggestEndpoint)))
	}
	if len(refusing) > 0 {
		out = append(out, newWarning("endpoints", refusing, "Endpoint refuses app keys", fmt.Sprintf(
			"App-specific keys cannot call %s, even if their endpoints list %s. "+
				"Remove %[2]s from endpoints, and use a personal access token for these calls.",
			quoteAll(refusing), pronoun(refusing))))
	}
	return out
}

func sortedUnique(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// quoteAll quotes the names so that they can be pasted into a configuration.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}

// pronoun returns the pronoun for the names, as the object of a sentence.
func pronoun(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}
