// Package scope holds the catalog of Clarifai's scopes and API methods, and a Terraform set type that stays fast
// for large sets of them.
//
// The catalog comes from Clarifai's public protobuf definitions (scope.proto and the options of the V2 service,
// clarifai-grpc 12.5.1). Clarifai adds scopes faster than providers are released, so the package warns about
// scopes it does not know but never rejects them.
package scope

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var (
	//go:embed scopes.txt
	scopesText string

	//go:embed methods.txt
	methodsText string
)

// AllScope is the scope that grants every other scope. How the server stores it is undocumented.
const AllScope = "All"

// Scope is one permission that a key can hold.
type Scope struct {
	// Name is the spelling used in JSON, such as Inputs:Get.
	Name string
	// Offered reports whether Clarifai lists the scope to users (clarfai_exposed in scope.proto).
	Offered bool
	// Deprecated reports whether scope.proto marks the scope as deprecated. No known method needs a deprecated scope.
	Deprecated bool
	// DependsOn lists the scopes recommended with this one, including indirect dependencies. Do not modify it.
	DependsOn []string
	// AppKeyMethods counts the API methods that need this scope and accept an app-specific key.
	AppKeyMethods int
	// PATOnlyMethods counts the API methods that need this scope and refuse app-specific keys.
	PATOnlyMethods int
}

// AuthKind is the kind of credential that an API method accepts.
type AuthKind string

// The kinds of credential, named as in the authorizer option of Clarifai's protobuf definitions, without "Auth".
const (
	AuthNone         AuthKind = "No"
	AuthKey          AuthKind = "Key"
	AuthPAT          AuthKind = "PAT"
	AuthSessionToken AuthKind = "SessionToken"
)

// AllowsAppKey reports whether a method of this kind accepts an app-specific key.
func (k AuthKind) AllowsAppKey() bool { return k == AuthKey || k == AuthNone }

// Method is one method of the service clarifai.api.V2.
type Method struct {
	// Name is the method's name without a prefix, such as PostInputs.
	Name string
	// Auth is the kind of credential the method accepts.
	Auth AuthKind
	// Scopes lists every scope the caller needs. Do not modify it.
	Scopes []string
	needs  bits // Scopes
}

// Endpoint returns the method's full name, as listed in the endpoints of a key.
func (m Method) Endpoint() string { return clarifai.EndpointPrefix + m.Name }

type entry struct {
	Scope
	bit     int
	closure bits
}

type data struct {
	entries []*entry
	scopes  []Scope
	methods []Method
	// byName finds a scope by either spelling.
	byName       map[string]*entry
	methodByName map[string]Method
}

// catalog parses the embedded files on first use, so that starting the provider costs nothing.
var catalog = sync.OnceValue(func() *data {
	d, err := parse(scopesText, methodsText)
	if err != nil {
		panic("embedded scope catalog: " + err.Error())
	}
	return d
})

func parse(scopesText, methodsText string) (*data, error) {
	d := &data{byName: make(map[string]*entry, 256), methodByName: make(map[string]Method, 512)}
	if err := d.parseScopes(scopesText); err != nil {
		return nil, err
	}
	if err := d.parseMethods(methodsText); err != nil {
		return nil, err
	}
	return d, d.resolveDependencies()
}

func (d *data) parseScopes(text string) error {
	for line := range lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 {
			return fmt.Errorf("scope line %q: want a name and flags", line)
		}
		if len(d.entries) == maxScopes {
			return fmt.Errorf("more than %d scopes: enlarge the type bits", maxScopes)
		}
		e := &entry{bit: len(d.entries)}
		e.Name, e.DependsOn = f[0], f[2:]
		e.Offered = strings.Contains(f[1], "o")
		e.Deprecated = strings.Contains(f[1], "d")
		d.entries = append(d.entries, e)
		d.byName[e.Name] = e
		d.byName[strings.Replace(e.Name, ":", "_", 1)] = e
	}
	return nil
}

func (d *data) parseMethods(text string) error {
	for line := range lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 {
			return fmt.Errorf("method line %q: want a name and a kind of credential", line)
		}
		m := Method{Name: f[0], Auth: AuthKind(f[1]), Scopes: f[2:]}
		for _, name := range m.Scopes {
			e, ok := d.byName[name]
			if !ok {
				return fmt.Errorf("method %s needs the scope %s, which is not listed", m.Name, name)
			}
			m.needs.set(e.bit)
			if m.Auth.AllowsAppKey() {
				e.AppKeyMethods++
			} else {
				e.PATOnlyMethods++
			}
		}
		d.methods = append(d.methods, m)
		d.methodByName[m.Name] = m
		d.methodByName[m.Endpoint()] = m
	}
	return nil
}

// resolveDependencies computes each scope's closure and completes the list of scopes.
func (d *data) resolveDependencies() error {
	for _, e := range d.entries {
		e.closure.set(e.bit)
		for _, name := range e.DependsOn {
			dep, ok := d.byName[name]
			if !ok {
				return fmt.Errorf("scope %s depends on %s, which is not listed", e.Name, name)
			}
			e.closure.set(dep.bit)
		}
		d.scopes = append(d.scopes, e.Scope)
	}
	return nil
}

// lines yields the lines of text that are neither empty nor comments.
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

// Lookup returns the scope with this name, in either spelling, and reports whether the catalog has it.
func Lookup(name string) (Scope, bool) {
	if e, ok := catalog().byName[name]; ok {
		return e.Scope, true
	}
	return Scope{}, false
}

// All returns every scope in the catalog, sorted by name.
func All() []Scope { return slices.Clone(catalog().scopes) }

// Methods returns every API method in the catalog, sorted by name.
func Methods() []Method { return slices.Clone(catalog().methods) }

// LookupMethod returns the method with this name or endpoint and reports whether the catalog has it.
func LookupMethod(name string) (Method, bool) {
	m, ok := catalog().methodByName[name]
	return m, ok
}

// outsideMethods are the methods that Clarifai refuses to an app-specific key, now or soon, if the base workflow of
// its app uses models of other apps. They come from Clarifai's announcement of API changes for June 2025 and from its
// own client tests.
var outsideMethods = []string{
	"PostAnnotations", "PostAnnotationsSearches", "PostInputs", "PostInputsSearches", "PostModelOutputs", "PostWorkflowResults",
}

// OutsideMethods returns the methods that a key with these scopes and endpoints may call only if its app uses no
// models of other apps, sorted. Clarifai may add the dependencies of scopes, so they count as held. A key without
// scopes is limited by its endpoints alone.
func OutsideMethods(scopes, endpoints []string) []string {
	d := catalog()
	held := map[string]bool{}
	for _, name := range scopes {
		e, ok := d.byName[name]
		if !ok {
			continue
		}
		held[e.Name] = true
		for _, dep := range e.DependsOn {
			held[dep] = true
		}
	}
	var reached []string
	for _, name := range outsideMethods {
		m := d.methodByName[name]
		listed := len(endpoints) == 0 || slices.Contains(endpoints, m.Endpoint())
		lacks := slices.ContainsFunc(m.Scopes, func(s string) bool { return !held[s] })
		if listed && (len(scopes) == 0 || held[AllScope] || !lacks) {
			reached = append(reached, name)
		}
	}
	return reached
}
