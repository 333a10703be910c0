package scope

import (
	"fmt"
	"slices"
	"strings"
)

// Warning is advice on a set of scopes or endpoints. There is at most one of a kind, and its summary names
// nothing, so that Terraform can fold those of a thousand keys into one.
type Warning struct {
	// Scope holds the scopes or endpoints concerned, as written, separated by a comma and a space.
	Scope   string
	Summary string
	Detail  string
}

func newWarning(names []string, summary, detail string) Warning {
	return Warning{Scope: strings.Join(names, ", "), Summary: summary, Detail: detail}
}

// Warnings advises on the scopes of an app-specific key: unknown, deprecated or useless ones, and missing dependencies.
func Warnings(names []string) []Warning {
	d := catalogue()
	var unknown, deprecated, patOnly, unused []string
	var have bits
	for _, name := range sorted(names) {
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
		out = append(out, newWarning(unknown, "Unknown scope", unknownDetail(unknown)))
	}
	if len(deprecated) > 0 {
		out = append(out, newWarning(deprecated, "Deprecated scope", fmt.Sprintf(
			"Clarifai has deprecated %s, and no API method this version of the provider knows needs it. Remove it from scopes.", list(deprecated))))
	}
	if len(patOnly)+len(unused) > 0 {
		out = append(out, newWarning(slices.Concat(patOnly, unused), "Scope has no use on an app key", uselessDetail(patOnly, unused)))
	}
	if w, ok := lacking(d, names, have); ok {
		out = append(out, w)
	}
	return out
}

func unknownDetail(unknown []string) string {
	var b strings.Builder
	for _, name := range unknown {
		fmt.Fprintf(&b, "%q is not a scope this version of the provider knows%s.\n", name, suggestScope(name))
	}
	b.WriteString("Correct the spelling. If Clarifai added the scope after this version was released, leave it as it is: it is sent unchanged.")
	return b.String()
}

func uselessDetail(patOnly, unused []string) string {
	var parts []string
	if len(patOnly) > 0 {
		parts = append(parts, fmt.Sprintf(
			"Only API methods that refuse app-specific keys need %s: use a personal access token for them.", list(patOnly)))
	}
	if len(unused) > 0 {
		parts = append(parts, fmt.Sprintf("No API method this version of the provider knows needs %s.", list(unused)))
	}
	parts = append(parts, "Remove it from scopes: it grants the key nothing.")
	return strings.Join(parts, "\n")
}

// lacking is silent beside All, which covers every dependency, and about scopes that another warning wants removed.
func lacking(d *data, names []string, have bits) (Warning, bool) {
	if have.has(d.byName[AllScope].bit) {
		return Warning{}, false
	}
	var concerned, add []string
	var b strings.Builder
	for _, name := range sorted(names) {
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
	fmt.Fprintf(&b, "Clarifai may refuse the key, or the key may be refused where it is used. Add to scopes: %s.", list(sorted(add)))
	return newWarning(concerned, "Scope lacks what it depends on", b.String()), true
}

// EndpointWarnings advises on the endpoints of an app-specific key: unknown ones, and those that refuse such keys.
// What is not even of the form of an endpoint is left to ValidEndpoint.
func EndpointWarnings(endpoints []string) []Warning {
	d := catalogue()
	var unknown, refusing []string
	var b strings.Builder
	for _, name := range sorted(endpoints) {
		if !ValidEndpoint(name) {
			continue
		}
		m, ok := d.methodByName[name]
		switch {
		case !ok:
			unknown = append(unknown, name)
			fmt.Fprintf(&b, "%q is not a method this version of the provider knows%s.\n", name, suggestEndpoint(name))
		case !m.Auth.AllowsAppKey():
			refusing = append(refusing, name)
		}
	}
	var out []Warning
	if len(unknown) > 0 {
		b.WriteString("Correct the spelling. If Clarifai added the method after this version was released, leave it as it is: it is sent unchanged.")
		out = append(out, newWarning(unknown, "Unknown endpoint", b.String()))
	}
	if len(refusing) > 0 {
		out = append(out, newWarning(refusing, "Endpoint refuses app keys", fmt.Sprintf(
			"App-specific keys can not call %s, whatever they list. Remove it from endpoints, and use a personal access token for these calls.",
			list(refusing))))
	}
	return out
}

func sorted(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// list quotes the names so that they can be pasted into a configuration.
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}
