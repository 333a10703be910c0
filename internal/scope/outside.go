package scope

import (
	"slices"
)

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
	d := catalogue()
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
