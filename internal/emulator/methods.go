package emulator

import (
	_ "embed"
	"net/http"
	"strings"
)

// methodsJSON holds the authorizer and the scopes of each method of the service
// clarifai.api.V2, from the method options of Clarifai's service.proto (12.5.1).
//
//go:embed methods.json
var methodsJSON []byte

// published is what Clarifai publishes about who may call a method.
type published struct {
	Auth   authKind `json:"auth"`
	Scopes []string `json:"scopes"`
}

// methods are all methods of the API by name, whether or not the emulator
// implements them.
var methods = mustDecode[map[string]published]("methods.json", methodsJSON)

// authKind is the kind of credential that a method accepts, as cl_auth_type in
// service.proto names it.
type authKind string

// Kinds of authorization.
const (
	noAuth      authKind = "NoAuth"
	keyAuth     authKind = "KeyAuth"          // an app-specific key is enough
	patAuth     authKind = "PATAuth"          // only a personal access token is accepted
	sessionAuth authKind = "SessionTokenAuth" // for the web site: no key is accepted
)

// withPublished completes routes with what Clarifai publishes about their methods.
func withPublished(routes []*route) []*route {
	for _, r := range routes {
		m, ok := methods[r.name]
		if !ok {
			panic("emulator: methods.json lacks " + r.name)
		}
		r.auth, r.scopes = m.Auth, m.Scopes
	}
	return routes
}

// byName returns the route for a request by the name of a method, as gRPC makes
// it: POST /clarifai.api.V2/Method. Every method of the API has one, so that a key
// can be tried on methods that the emulator does not implement: a caller who is let
// through gets [codeNotImplemented].
func byName(verb, escapedPath string) (*route, bool) {
	name, ok := strings.CutPrefix(escapedPath, methodPrefix)
	m, known := methods[name]
	if !ok || !known || verb != http.MethodPost {
		return nil, false
	}
	return &route{name: name, verb: verb, auth: m.Auth, scopes: m.Scopes, handle: (*Emulator).notImplemented}, true
}

func (*Emulator) notImplemented(x *exchange) (answer, *failure) {
	return nil, fail(codeNotImplemented, "%s is authorized, but its result is not emulated.", x.route.name)
}
