package main

import (
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// taskGuideHead is the text of the guide before its table.
const taskGuideHead = `---
page_title: "Scopes by task"
subcategory: ""
description: |-
  The least scopes of an app key for common tasks, and how to find those of any other.
---

# Scopes by task

Give a key what its service calls, and nothing else. This table has the least scopes for common tasks, with what each
scope depends on:

| task | API methods | scopes |
|---|---|---|
`

const taskGuideEnd = `
For any other set of methods, the function [` + "`required_scopes`" + `](../functions/required_scopes.md) returns the same
within a configuration. It needs Terraform 1.8 or OpenTofu 1.7:

` + "```terraform" + `
# main.tf
resource "clarifai_app_key" "upload" {
  app_id      = "acme-production"
  description = "uploads"
  scopes      = provider::clarifai::required_scopes(["GetInput", "ListInputs", "PostInputs"])
}
` + "```" + `

The data source [` + "`clarifai_scopes`" + `](../data-sources/scopes.md) has every scope with what it depends on. A scope allows
all methods that need it; to limit a key to single methods, set ` + "`endpoints`" + ` as well.

An app key works within its own app only. Predictions of Clarifai's own models, and searches in an app whose base
workflow uses them, need a PAT. These are the scopes of app keys: those of the provider's PAT are in
[Scopes of the personal access token](pat-scopes.md).`

// tasks are what keys are commonly made for.
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

// taskScopesGuide returns the guide about scopes by task, in Markdown.
func taskScopesGuide() (string, error) {
	var b strings.Builder
	b.WriteString(taskGuideHead)
	for _, t := range tasks {
		methods := strings.Fields(t.methods)
		for _, name := range methods {
			if m, ok := scope.LookupMethod(name); !ok || m.Auth != scope.AuthKey {
				return "", fmt.Errorf("task %q: %s is no method that an app key can call", t.name, name)
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", t.name, strings.Join(methods, "`, `"), enumeration(scope.MethodScopes(methods)))
	}
	b.WriteString(taskGuideEnd)
	return b.String(), nil
}
