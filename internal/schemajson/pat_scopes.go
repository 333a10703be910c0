package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// guideHead is the text of the guide before its tables.
const guideHead = `---
page_title: "Scopes of the personal access token"
description: |-
  The scopes that each resource, data source, ephemeral resource, list resource and action needs of the provider's personal access token (PAT).
---

# Scopes of the personal access token

The provider needs a personal access token (PAT). These tables list the scopes that a PAT needs for what a
configuration uses; tests use each with exactly these scopes. Add up the lines that apply. The same is in
[pat-scopes.json](https://github.com/clarifai/terraform-provider-clarifai/blob/main/pat-scopes.json) for
programs. A PAT with the scope ` + "`All`" + ` can do everything.

The data source [` + "`clarifai_scopes`" + `](../data-sources/scopes.md) reports the scopes that the PAT holds.
These are not the scopes of the app keys that Terraform creates: for those, see the function
[` + "`required_scopes`" + `](../functions/required_scopes.md).

Deleting a ` + "`clarifai_app`" + ` without ` + "`force_destroy`" + ` counts what the app holds. Where Clarifai does not show the
counts with the app, this needs ` + "`Datasets:Get`, `Models:Get` and `Pipelines:Get`" + ` as well. Where Clarifai refuses to list the keys of a
whole account, the provider lists them app by app, which needs ` + "`Apps:Get` and `Workflows:Get`" + ` as well.
`

// titles are the headings of the kinds of types, in order.
var titles = []struct{ kind, title string }{
	{"resource", "Resources"}, {"data", "Data sources"}, {"ephemeral", "Ephemeral resources"}, {"list", "List resources"}, {"action", "Actions"},
}

// patScopesGuide returns the guide about the PAT's scopes, in Markdown.
func patScopesGuide(types []clarifai.TypeScopes) string {
	var b strings.Builder
	b.WriteString(guideHead)
	for _, t := range titles {
		of := slices.DeleteFunc(slices.Clone(types), func(s clarifai.TypeScopes) bool { return s.Kind != t.kind })
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n", t.title)
		if t.kind != "resource" {
			b.WriteString("| type | scopes |\n|---|---|\n")
			for _, s := range of {
				fmt.Fprintf(&b, "| `%s` | %s |\n", s.Type, enumeration(s.Scopes))
			}
			continue
		}
		b.WriteString("A PAT for plans only, such as a nightly check for drift, needs less than one that applies them.\n\n")
		b.WriteString("| type | scopes to plan | further scopes to apply |\n|---|---|---|\n")
		for _, s := range of {
			further := slices.DeleteFunc(slices.Clone(s.Scopes), func(name string) bool { return slices.Contains(s.ReadScopes, name) })
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Type, enumeration(s.ReadScopes), enumeration(further))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func enumeration(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return "`" + strings.Join(scopes, "`, `") + "`"
}

// patScopesJSON returns the same for programs.
func patScopesJSON(types []clarifai.TypeScopes) (string, error) {
	b, err := json.MarshalIndent(types, "", "  ")
	return string(b), err
}
