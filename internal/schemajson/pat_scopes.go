package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// patScopesHead is the text of the guide before the tables of types.
const patScopesHead = `
## Scopes of the personal access token

The provider needs a PAT. These tables list the scopes that the PAT needs for what a configuration uses; tests use each
type with exactly these scopes. Add up the lines that apply.
[pat-scopes.json](https://github.com/clarifai/terraform-provider-clarifai/blob/main/pat-scopes.json) has the same for
programs. A PAT with the scope ` + "`All`" + ` can do everything. The data source
[` + "`clarifai_scopes`" + `](../data-sources/scopes.md) reports the scopes that the PAT holds.

Deleting a ` + "`clarifai_app`" + ` without ` + "`force_destroy`" + ` counts what the app holds. If Clarifai does not show the counts
with the app, this needs ` + "`Datasets:Get`, `Models:Get` and `Pipelines:Get`" + ` as well. If Clarifai refuses to list the keys of
a whole account, the provider lists them app by app, which needs ` + "`Apps:Get` and `Workflows:Get`" + ` as well.
`

// titles are the headings of the kinds of types, in order.
var titles = []struct{ kind, title string }{
	{"resource", "Resources"}, {"data", "Data sources"}, {"ephemeral", "Ephemeral resources"}, {"list", "List resources"}, {"action", "Actions"},
}

// writePATScopes writes the part of the guide about the PAT's scopes.
func writePATScopes(b *strings.Builder, types []clarifai.TypeScopes) {
	b.WriteString(patScopesHead)
	for _, t := range titles {
		of := slices.DeleteFunc(slices.Clone(types), func(s clarifai.TypeScopes) bool { return s.Kind != t.kind })
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n### %s\n\n", t.title)
		if t.kind != "resource" {
			b.WriteString("| type | scopes |\n|---|---|\n")
			for _, s := range of {
				fmt.Fprintf(b, "| `%s` | %s |\n", s.Type, enumeration(s.Scopes))
			}
			continue
		}
		b.WriteString("A PAT for plans only, such as a nightly check for drift, needs less than one that applies them.\n\n")
		b.WriteString("| type | scopes to plan | further scopes to apply |\n|---|---|---|\n")
		for _, s := range of {
			further := slices.DeleteFunc(slices.Clone(s.Scopes), func(name string) bool { return slices.Contains(s.ReadScopes, name) })
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", s.Type, enumeration(s.ReadScopes), enumeration(further))
		}
	}
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
