package main

import (
	"fmt"
	"strings"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// scopesHead is the text of the guide before the table of tasks.
const scopesHead = `---
page_title: "Scopes"
subcategory: "Reference"
description: |-
  The least scopes of an app key for common tasks, and the scopes that the provider's personal access token needs.
---

# Scopes

Scopes say what a key may do. This page lists those of app keys by task, and those of the personal access token (PAT) by
what a configuration uses.

## Scopes of an app key

Give a key what its service calls, and nothing else. This table has the least scopes for common tasks, including what
each scope depends on:

| task | API methods | scopes |
|---|---|---|
`

const scopesOfOtherTasks = `
For any other set of methods, the function [` + "`required_scopes`" + `](../functions/required_scopes.md) returns the scopes
within a configuration. It needs Terraform 1.8 or OpenTofu 1.7:

<!-- from: Terraform 1.8, OpenTofu 1.7 -->
` + "```terraform" + `
# main.tf
terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

provider "clarifai" {}

resource "clarifai_app" "acme" {
  id = "acme-production"

  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "upload" {
  app_id      = clarifai_app.acme.id
  description = "uploads"
  scopes      = provider::clarifai::required_scopes(["GetInput", "ListInputs", "PostInputs"])
}
` + "```" + `

<!-- prints: + "Inputs:Add", -->
` + "```shell" + `
terraform init
terraform plan
` + "```" + `

A scope allows all methods that need it. To limit a key to single methods, set ` + "`endpoints`" + ` as well. The data source
[` + "`clarifai_scopes`" + `](../data-sources/scopes.md) has every scope with what it depends on.

An app key works within its own app only. Predictions of Clarifai's own models, and searches in an app whose base
workflow uses them, need a PAT.
`

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

// scopesGuide returns the guide about scopes, in Markdown.
func scopesGuide(types []clarifai.TypeScopes) (string, error) {
	var b strings.Builder
	b.WriteString(scopesHead)
	for _, t := range tasks {
		methods := strings.Fields(t.methods)
		for _, name := range methods {
			if m, ok := scope.LookupMethod(name); !ok || m.Auth != scope.AuthKey {
				return "", fmt.Errorf("task %q: %s is no method that an app key can call", t.name, name)
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", t.name, strings.Join(methods, "`, `"), enumeration(scope.MethodScopes(methods)))
	}
	b.WriteString(scopesOfOtherTasks)
	writePATScopes(&b, types)
	return strings.TrimSuffix(b.String(), "\n"), nil
}
