package emulator

import (
	"net/url"
	"slices"
	"strings"
)

type authKind int

// Kinds of authorization, from cl_auth_type in Clarifai's service.proto.
const (
	noAuth  authKind = iota
	keyAuth          // an app-specific key will do
	patAuth          // it takes a personal access token
)

// route is one method: where it is, who may call it, and what it takes.
type route struct {
	name   string // Clarifai's name of the method
	verb   string
	path   string // below /v2/, variables in braces
	auth   authKind
	scopes []string // that the caller needs, from cl_depending_scopes
	params []string // of the query
	list   string   // member that is there even when empty
	body   bool
	handle func(*Emulator, *exchange) (answer, *failure)
}

// routes lists every method served, one list per noun. If two paths match, the
// first one wins.
var routes = slices.Concat(appRoutes, keyRoutes, userRoutes, statusRoutes)

var pageParams = []string{"user_app_id.app_id", "page", "per_page"}

// match finds the method for a request. A known path with another verb answers
// 11103 with HTTP 400, not 405, as a captured answer shows.
func match(verb, escapedPath string) (*route, map[string]string, *failure) {
	segments := strings.Split(strings.Trim(escapedPath, "/"), "/")
	if segments[0] != "v2" {
		return nil, nil, fail(codeDoesNotExist, "Check the url of your request.")
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
		return nil, nil, fail(codeMethodNotAllowed, "Method Not Allowed")
	}
	return nil, nil, fail(codeDoesNotExist, "Check the url of your request.")
}

// vars returns the path's variables if the segments match.
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
