// Package scope knows Clarifai's scopes and API methods, and gives Terraform a set type that is cheap for large sets of them.
//
// Facts in the catalogue come from Clarifai's public protobuf definitions
// (scope.proto and the options of the V2 service, clarifai-grpc 12.5.1). The platform adds
// scopes faster than providers are released, so the catalogue advises and never refuses.
package scope

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

var (
	//go:embed scopes.txt
	scopesText string

	//go:embed methods.txt
	methodsText string
)

// AllScope is the one scope that stands for every other. What the server makes of it is undocumented.
const AllScope = "All"

// Scope is one permission that a key can hold.
type Scope struct {
	// Name is the spelling used in JSON, such as Inputs:Get.
	Name string
	// Offered tells whether Clarifai lists the scope to users (clarfai_exposed in scope.proto).
	Offered bool
	// Deprecated scopes are still in the enum (option deprecated in scope.proto); no known method needs one.
	Deprecated bool
	// DependsOn are the scopes recommended with this one, dependencies of dependencies included. Not to be modified.
	DependsOn []string
	// AppKeyMethods counts the API methods that an app-specific key can call and that need this scope.
	AppKeyMethods int
	// PATOnlyMethods counts the methods that need this scope and refuse app-specific keys.
	PATOnlyMethods int
}

// AuthKind is the kind of credential that an API method takes.
type AuthKind string

// The kinds of credential, as named in the authorizer option of Clarifai's protobuf definitions, without "Auth".
const (
	AuthNone         AuthKind = "No"
	AuthKey          AuthKind = "Key"
	AuthPAT          AuthKind = "PAT"
	AuthSessionToken AuthKind = "SessionToken"
)

// AllowsAppKey tells whether an app-specific key will do.
func (k AuthKind) AllowsAppKey() bool { return k == AuthKey || k == AuthNone }

// Method is one method of the service clarifai.api.V2.
type Method struct {
	// Name is the bare name, such as PostInputs.
	Name string
	// Auth is the kind of credential the method takes.
	Auth AuthKind
	// Scopes are all those a caller needs. Not to be modified.
	Scopes []string
}

// Endpoint is the method's full name, the form in which a key's endpoints list it.
func (m Method) Endpoint() string { return EndpointPrefix + m.Name }

// EndpointPrefix stands before the method name in an endpoint.
const EndpointPrefix = "/clarifai.api.V2/"

type entry struct {
	Scope
	bit     int
	closure bits
}

type data struct {
	scopes  []Scope
	methods []Method
	// byName has both spellings of each scope.
	byName       map[string]*entry
	methodByName map[string]Method
}

// The catalogue is parsed when first asked for, not when the provider starts.
var catalogue = sync.OnceValue(func() *data {
	d, err := parse(scopesText, methodsText)
	if err != nil {
		panic("embedded scope catalogue: " + err.Error())
	}
	return d
})

func parse(scopesText, methodsText string) (*data, error) {
	d := &data{byName: make(map[string]*entry, 256), methodByName: make(map[string]Method, 512)}
	var entries []*entry
	for line := range lines(scopesText) {
		f := strings.Fields(line)
		if len(f) < 2 {
			return nil, fmt.Errorf("scope line %q: want a name and flags", line)
		}
		e := &entry{bit: len(entries)}
		if e.bit >= maxScopes {
			return nil, fmt.Errorf("more than %d scopes: enlarge the type bits", maxScopes)
		}
		e.Name, e.DependsOn = f[0], f[2:]
		e.Offered = strings.Contains(f[1], "o")
		e.Deprecated = strings.Contains(f[1], "d")
		entries = append(entries, e)
		d.byName[e.Name] = e
		d.byName[strings.Replace(e.Name, ":", "_", 1)] = e
	}
	for line := range lines(methodsText) {
		f := strings.Fields(line)
		if len(f) < 2 {
			return nil, fmt.Errorf("method line %q: want a name and a kind of credential", line)
		}
		m := Method{Name: f[0], Auth: AuthKind(f[1]), Scopes: f[2:]}
		d.methods = append(d.methods, m)
		d.methodByName[m.Name] = m
		d.methodByName[m.Endpoint()] = m
		for _, name := range m.Scopes {
			e, ok := d.byName[name]
			switch {
			case !ok:
				return nil, fmt.Errorf("method %s needs the scope %s, which is not listed", m.Name, name)
			case m.Auth.AllowsAppKey():
				e.AppKeyMethods++
			default:
				e.PATOnlyMethods++
			}
		}
	}
	for _, e := range entries {
		e.closure.set(e.bit)
		for _, name := range e.DependsOn {
			dep, ok := d.byName[name]
			if !ok {
				return nil, fmt.Errorf("scope %s depends on %s, which is not listed", e.Name, name)
			}
			e.closure.set(dep.bit)
		}
		d.scopes = append(d.scopes, e.Scope)
	}
	return d, nil
}

func lines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if !yield(line) {
				return
			}
		}
	}
}

// Lookup finds a scope by either of its spellings.
func Lookup(name string) (Scope, bool) {
	if e, ok := catalogue().byName[name]; ok {
		return e.Scope, true
	}
	return Scope{}, false
}

// All lists the known scopes by name.
func All() []Scope { return slices.Clone(catalogue().scopes) }

// Methods lists the known API methods by name.
func Methods() []Method { return slices.Clone(catalogue().methods) }

// LookupMethod finds a method by its bare name or by its endpoint.
func LookupMethod(name string) (Method, bool) {
	m, ok := catalogue().methodByName[name]
	return m, ok
}
