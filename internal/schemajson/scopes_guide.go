package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

//go:embed scopes.md.tmpl
var guide string

// tasks are what keys are commonly made for, with the methods that they need.
var tasks = []struct{ name, methods string }{
	{"Upload inputs and follow their status", "PostInputs GetInput ListInputs"},
	{"Read inputs", "GetInput ListInputs"},
	{"Delete inputs", "DeleteInputs"},
	{"Annotate inputs", "PostAnnotations ListAnnotations"},
	{"Manage concepts", "PostConcepts PatchConcepts ListConcepts"},
	{"Search inputs", "PostInputsSearches"},
	{"Predict with a model", "PostModelOutputs"},
	{"Predict with a workflow", "PostWorkflowResults"},
	{"Train a model", "PostModels PostModelVersions GetModelVersion"},
	{"Evaluate a model", "PostModelVersionEvaluations GetModelVersionEvaluation"},
	{"Manage workflows", "PostWorkflows PatchWorkflows ListWorkflows"},
	{"Manage datasets", "PostDatasets PostDatasetInputs ListDatasets"},
	{"See what the app holds", "GetApp GetResourceCounts"},
}

type task struct {
	Name            string
	Methods, Scopes []string
}

// group has the types of a kind.
type group struct {
	Kind, Title string
	Types       []clarifai.TypeScopes
}

// groups are in the order of the guide.
var groups = []group{
	{"resource", "Resources", nil}, {"data", "Data sources", nil}, {"ephemeral", "Ephemeral resources", nil},
	{"list", "List resources", nil}, {"action", "Actions", nil},
}

// scopesGuide returns the guide about scopes, in Markdown.
func scopesGuide(types []clarifai.TypeScopes) (string, error) {
	var content struct {
		Tasks  []task
		Groups []group
	}
	for _, t := range tasks {
		methods := strings.Fields(t.methods)
		for _, name := range methods {
			if m, ok := scope.LookupMethod(name); !ok || m.Auth != scope.AuthKey {
				return "", fmt.Errorf("task %q: %s is no method that an app key can call", t.name, name)
			}
		}
		content.Tasks = append(content.Tasks, task{t.name, methods, scope.MethodScopes(methods)})
	}
	for _, g := range groups {
		g.Types = slices.DeleteFunc(slices.Clone(types), func(t clarifai.TypeScopes) bool { return t.Kind != g.Kind })
		content.Groups = append(content.Groups, g)
	}
	parsed, err := template.New("").Funcs(template.FuncMap{"code": enumeration, "further": further}).Parse(guide)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = parsed.Execute(&b, content)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// further returns the scopes that only an apply needs.
func further(t clarifai.TypeScopes) string {
	return enumeration(slices.DeleteFunc(slices.Clone(t.Scopes), func(name string) bool { return slices.Contains(t.ReadScopes, name) }))
}

func enumeration(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
