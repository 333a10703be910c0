package main

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// TestScopesGuide: each task has a row with the scopes that its methods need,
// which the catalog says.
func TestScopesGuide(t *testing.T) {
	t.Parallel()
	guide, err := scopesGuide(clarifai.PATScopes())
	apitest.Must(t, err)
	for _, row := range []string{
		"| Predict with a model | `PostModelOutputs` | `Apps:Get`, `Concepts:Get`, `Models:Get`, `Predict` |",
		"| Read inputs | `GetInput`, `ListInputs` | `Annotations:Get`, `Apps:Get`, `Concepts:Get`, `Inputs:Get` |",
	} {
		apitest.Says(t, guide, row+"\n")
	}
	byTask, _, _ := strings.Cut(guide, "## Scopes of the personal access token")
	apitest.Equal(t, strings.Count(byTask, "\n| "), len(tasks)+1, "rows")
}

func TestOutput_unknown(t *testing.T) {
	t.Parallel()
	apitest.Fails(t, apitest.Err(output("catalog")))
}
