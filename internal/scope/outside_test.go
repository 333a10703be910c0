package scope_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func TestOutsideMethods(t *testing.T) {
	t.Parallel()
	const all = "PostAnnotations PostAnnotationsSearches PostInputs PostInputsSearches PostModelOutputs PostWorkflowResults"
	endpoint := func(names ...string) (endpoints []string) {
		for _, n := range names {
			endpoints = append(endpoints, clarifai.EndpointPrefix+n)
		}
		return endpoints
	}
	for name, c := range map[string]struct {
		scopes, endpoints []string
		want              string
	}{
		"all":                  {[]string{"All"}, nil, all},
		"all, one endpoint":    {[]string{"All"}, endpoint("PostInputs", "ListInputs"), "PostInputs"},
		"endpoints alone":      {nil, endpoint("PostModelOutputs", "GetModel"), "PostModelOutputs"},
		"harmless endpoint":    {nil, endpoint("ListInputs"), ""},
		"read":                 {[]string{"Inputs:Get", "Concepts:Get"}, nil, ""},
		"predict":              {[]string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict"}, nil, "PostModelOutputs"},
		"predict, underscores": {[]string{"Apps_Get", "Concepts_Get", "Models_Get", "Predict"}, nil, "PostModelOutputs"},
		"workflows":            {[]string{"Apps:Get", "Concepts:Get", "Models:Get", "Predict", "Workflows:Get"}, nil, "PostModelOutputs PostWorkflowResults"},
		"scope too few":        {[]string{"Inputs:Get"}, endpoint("PostInputs"), ""},
		"unknown":              {[]string{"New:Get"}, nil, ""},
	} {
		apitest.Equal(t, strings.Join(scope.OutsideMethods(c.scopes, c.endpoints), " "), c.want, name)
	}
}

// The catalog knows each of the methods, and app keys may call them at all.
func TestOutsideMethods_catalog(t *testing.T) {
	t.Parallel()
	for _, name := range scope.OutsideMethods([]string{"All"}, nil) {
		if m, ok := scope.LookupMethod(name); !ok || !m.Auth.AllowsAppKey() || len(m.Scopes) == 0 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
