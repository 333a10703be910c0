package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// authorize identifies the caller, checks that they may call this method, and
// resolves whose resources the path names.
func (e *Emulator) authorize(x *exchange) *failure {
	if x.route.auth == noAuth {
		return nil
	}
	caller, f := e.authenticate(x.request.Header.Get("Authorization"), x.sw)
	if f != nil {
		return f
	}
	x.caller = caller
	if x.route.auth == sessionAuth {
		return fail(codeKeyInvalid, "%s requires a session token.", x.route.name)
	}
	if x.route.auth == patAuth && !caller.isPAT() {
		code := codeKeyInvalid
		if x.sw.ForeignAccount == "refused" {
			code = codeInsufficientScopes
		}
		return fail(code, "%s requires a personal access token; an app-specific key will not work.", x.route.name)
	}
	if f := x.checkScopes(); f != nil {
		return f
	}
	return e.checkOwner(x)
}

func (e *Emulator) authenticate(header string, sw Switches) (*Key, *failure) {
	if header == "" {
		return nil, &failure{http: http.StatusUnauthorized, code: codeInvalidRequest,
			details: "The Authorization header is missing."}
	}
	secret, ok := strings.CutPrefix(header, "Key ")
	if !ok || !wellFormedSecret(secret) {
		return nil, fail(codeKeyInvalid, "Invalid format of key.")
	}
	caller := e.store.keys.byName[secret]
	if caller == nil {
		// Clarifai does echo the key here, as a captured answer shows.
		return nil, fail(codeKeyNotFound, "invalid key(%s)", secret)
	}
	if caller.expired(e.opts.Now()) && sw.ExpiredKeys != "served" {
		return nil, fail(codeKeyInvalid, "The key has expired.")
	}
	return caller, nil
}

// checkScopes requires every scope of the method and, if the key is limited to
// endpoints, the method itself. The MyScopes methods require neither, so that a
// key can find out what it may do. GetUser requires no scope but does require its
// endpoint, as an error reported by users of Clarifai's client shows.
func (x *exchange) checkScopes() *failure {
	if strings.HasPrefix(x.route.name, "MyScopes") {
		return nil
	}
	if lacking := missingScopes(x.route.scopes, x.caller.Scopes); len(lacking) > 0 {
		return fail(codeInsufficientScopes, "missing scopes: %s", strings.Join(lacking, ", "))
	}
	endpoint := methodPrefix + x.route.name
	if len(x.caller.Endpoints) > 0 && !slices.Contains(x.caller.Endpoints, endpoint) {
		return fail(codeInsufficientScopes, "missing endpoints: %s", endpoint)
	}
	return nil
}

// checkOwner resolves the user in the path. If the caller may not act for that
// user, the answer is the same as for a user that does not exist.
func (e *Emulator) checkOwner(x *exchange) *failure {
	x.userID = x.vars["user"]
	if x.userID == "me" || x.userID == "" {
		x.userID = x.caller.UserID
	}
	if x.route.name == "GetUser" || x.route.name == "MyScopesUser" && x.sw.MyScopesUser == "ignored" {
		return nil
	}
	x.foreign = !e.store.mayActFor(x.caller.UserID, x.userID)
	if readsApps := x.route.name == "ListApps" || x.route.name == "GetApp"; x.foreign && !(readsApps && x.sw.ForeignApps == "public") {
		if x.sw.ForeignAccount == "refused" {
			return fail(codeInsufficientScopes, "the key may not act for user_id '%s'.", x.userID)
		}
		return noUser(x.userID)
	}
	app, named := x.vars["app"]
	if named && !x.caller.isPAT() && x.caller.app() != (appRef{x.userID, app}) {
		return fail(codeKeyInvalid, "The key is not for application '%s'.", app)
	}
	return nil
}
