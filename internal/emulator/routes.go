package emulator

import (
	"net/http"
	"net/url"
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

var (
	pageParams    = []string{"user_app_id.app_id", "page", "per_page"}
	listKeyParams = append([]string{"not_expired", "scopes", "endpoints", "type"}, pageParams...)
	listAppParams = append([]string{"additional_fields", "sort_ascending", "sort_by_name", "sort_by_modified_at",
		"sort_by_created_at", "sort_by_star_count", "sort_by_id", "sort_by_relevance", "featured_only",
		"starred_only", "template_only", "visibility.gettable", "search", "query", "name", "id"}, pageParams...)
)

// routes holds what is served. Where two paths match, the first one wins.
var routes = []*route{
	{name: "PostApps", verb: http.MethodPost, path: "users/{user}/apps", auth: patAuth,
		scopes: []string{"Apps:Add", "Apps:Get", "Models:Get", "Workflows:Add", "Workflows:Get"},
		list:   "apps", body: true, handle: (*Emulator).postApps},
	{name: "ListApps", verb: http.MethodGet, path: "users/{user}/apps", auth: patAuth,
		scopes: []string{"Apps:Get", "Workflows:Get"}, params: listAppParams,
		list: "apps", handle: (*Emulator).listApps},
	{name: "PatchApps", verb: http.MethodPatch, path: "users/{user}/apps", auth: patAuth,
		scopes: []string{"Apps:Add", "Apps:Get"}, list: "apps", body: true, handle: (*Emulator).patchApps},
	{name: "PatchAppsIds", verb: http.MethodPatch, path: "users/{user}/apps/ids", auth: patAuth,
		scopes: []string{"Apps:Add", "Apps:Get"}, list: "apps", body: true, handle: (*Emulator).patchAppsIDs},
	{name: "GetApp", verb: http.MethodGet, path: "users/{user}/apps/{app}", auth: keyAuth,
		scopes: []string{"Apps:Get", "Workflows:Get"}, params: []string{"additional_fields"},
		handle: (*Emulator).getApp},
	{name: "PatchApp", verb: http.MethodPatch, path: "users/{user}/apps/{app}", auth: patAuth,
		scopes: []string{"Apps:Add", "Apps:Get"}, body: true, handle: (*Emulator).patchApp},
	{name: "DeleteApp", verb: http.MethodDelete, path: "users/{user}/apps/{app}", auth: patAuth,
		scopes: []string{"Apps:Add", "Apps:Delete", "Apps:Get", "Workflows:Get"}, handle: (*Emulator).deleteApp},
	{name: "GetResourceCounts", verb: http.MethodGet, path: "users/{user}/apps/{app}/resource_counts", auth: keyAuth,
		scopes: []string{"Apps:Get", "Datasets:Get", "Models:Get", "Pipelines:Get", "Workflows:Get"},
		handle: (*Emulator).getResourceCounts},
	{name: "ListAppKeys", verb: http.MethodGet, path: "users/{user}/apps/{app}/keys", auth: patAuth,
		scopes: []string{"Apps:Get", "Keys:Get"}, params: []string{"page", "per_page"},
		list: "keys", handle: (*Emulator).listAppKeys},
	{name: "PostKeys", verb: http.MethodPost, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Apps:Get", "Keys:Add", "Keys:Get"}, list: "keys", body: true, handle: (*Emulator).postKeys},
	{name: "ListKeys", verb: http.MethodGet, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Keys:Get"}, params: listKeyParams, list: "keys", handle: (*Emulator).listKeys},
	{name: "PatchKeys", verb: http.MethodPatch, path: "users/{user}/keys", auth: patAuth,
		scopes: []string{"Keys:Add", "Keys:Get"}, list: "keys", body: true, handle: (*Emulator).patchKeys},
	{name: "GetKey", verb: http.MethodGet, path: "users/{user}/keys/{key}", auth: patAuth,
		scopes: []string{"Keys:Get"}, params: []string{"user_app_id.app_id"}, handle: (*Emulator).getKey},
	{name: "DeleteKey", verb: http.MethodDelete, path: "users/{user}/keys/{key}", auth: patAuth,
		scopes: []string{"Keys:Add", "Keys:Delete", "Keys:Get"}, params: []string{"user_app_id.app_id"},
		handle: (*Emulator).deleteKey},
	{name: "GetUser", verb: http.MethodGet, path: "users/{user}", auth: patAuth,
		params: []string{"user_app_id.app_id", "additional_fields"}, handle: (*Emulator).getUser},
	{name: "MyScopesUser", verb: http.MethodGet, path: "users/{user}/myscopes", auth: patAuth,
		params: []string{"user_app_id.app_id"}, handle: (*Emulator).myScopesUser},
	{name: "MyScopes", verb: http.MethodGet, path: "users/{user}/apps/{app}/myscopes", auth: keyAuth,
		handle: (*Emulator).myScopes},
	{name: "MyScopes", verb: http.MethodGet, path: "myscopes", auth: keyAuth,
		params: []string{"user_app_id.user_id", "user_app_id.app_id"}, handle: (*Emulator).myScopes},
	{name: "MyScopesRoot", verb: http.MethodGet, path: "myscopesroot", auth: patAuth,
		handle: (*Emulator).myScopesUser},
	{name: "ListStatusCodes", verb: http.MethodGet, path: "status_codes", handle: (*Emulator).listStatusCodes},
	{name: "GetStatusCode", verb: http.MethodGet, path: "status_codes/{code}", handle: (*Emulator).getStatusCode},
}

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
