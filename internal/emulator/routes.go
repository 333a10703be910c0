package emulator

import (
	"net/url"
	"slices"
	"strings"
)

// route is one method of the API: its address, who may call it, and its handler.
type route struct {
	name   string // Clarifai's name for the method
	verb   string
	path   string   // relative to /v2/, with variables in braces
	auth   authKind // this and the next from methods.json
	scopes []string // scopes the caller needs
	params []string // query parameters it accepts
	list   string   // list in the answer that is present even if empty
	body   bool     // the request has a JSON body
	handle func(*Emulator, *exchange) (answer, *failure)
}

// routes lists every method served, one list per noun. If two paths match, the
// first one wins.
var routes = withPublished(slices.Concat(appRoutes, keyRoutes, userRoutes, contentRoutes))

// methodNames returns Clarifai's names of the methods served.
func methodNames() []string {
	var names []string
	for _, r := range routes {
		names = append(names, r.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

var pageParams = []string{"page", "per_page"}

// match finds the route for a request, which is empty beside a failure. For a known path with an unknown verb,
// Clarifai answers 11103 with HTTP 400, not 405, as a captured answer shows.
func match(verb, escapedPath string) (*route, map[string]string, *failure) {
	if r, ok := byName(verb, escapedPath); ok {
		return r, nil, nil
	}
	segments := strings.Split(strings.Trim(escapedPath, "/"), "/")
	if segments[0] != "v2" {
		return &route{}, nil, fail(codeDoesNotExist, "Check the url of your request.")
	}
	known := false
	for _, r := range routes {
		vars, ok := r.vars(segments[1:])
		if !ok {
			continue
		}
		if r.verb == verb {
			return r, vars, nil
		}
		known = true
	}
	if known {
		return &route{}, nil, fail(codeMethodNotAllowed, "Method Not Allowed")
	}
	return &route{}, nil, fail(codeDoesNotExist, "Check the url of your request.")
}

// vars returns the variables of the path and reports whether the segments match.
func (r *route) vars(segments []string) (map[string]string, bool) {
	pattern := strings.Split(r.path, "/")
	if len(pattern) != len(segments) {
		return nil, false
	}
	vars := map[string]string{}
	for i, want := range pattern {
		got, err := url.PathUnescape(segments[i])
		name, isVar := strings.CutPrefix(want, "{")
		switch {
		case err != nil || got == "":
			return nil, false
		case isVar:
			vars[strings.TrimSuffix(name, "}")] = got
		case got != want:
			return nil, false
		}
	}
	return vars, true
}
