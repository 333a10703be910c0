package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

const keysPerApp = 10

// files are the content of a workspace by name.
type files map[string]string

// edited returns a copy in which every text is edited.
func (f files) edited(edit func(string) string) files {
	copied := maps.Clone(f)
	for name, text := range copied {
		copied[name] = edit(text)
	}
	return copied
}

// required names the source of a provider.
func required(name, source string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", name, source)
}

func hclList(items []string) string { return `["` + strings.Join(items, `", "`) + `"]` }

// countedKeys has n keys in n/10 apps. The keys spell the ID of their app instead of
// referring to it: Terraform reads a whole counted resource for each reference to an
// instance, which is quadratic and would hide everything else.
func countedKeys(n int, scopes []string) files {
	return files{"main.tf": required("clarifai", "clarifai/clarifai") + fmt.Sprintf(`provider "clarifai" {
  requests_per_second = 100000
}

resource "clarifai_app" "a" {
  count = %d
  id    = "bench-${count.index}"
  default_workflow = {
    id      = "Empty"
    user_id = "clarifai"
    app_id  = "main"
  }
}

resource "clarifai_app_key" "k" {
  count       = %d
  app_id      = "bench-${floor(count.index / %d)}"
  description = "key ${count.index}"
  scopes      = %s
  depends_on  = [clarifai_app.a]
}
`, (n+keysPerApp-1)/keysPerApp, n, keysPerApp, hclList(scopes))}
}

// tenantModules is the configuration of examples/tenants with n keys: an instance of
// its module for each app, in which the keys refer to the app.
func tenantModules(n int, scopes []string) (files, error) {
	f := files{}
	for _, folder := range []string{"", "modules/tenant"} {
		found, err := filepath.Glob(filepath.Join("examples", "tenants", folder, "*.tf"))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			f[path.Join(folder, filepath.Base(file))] = string(text)
		}
	}
	variables, err := json.Marshal(map[string]any{"tenants": tenants(n, scopes), "requests_per_second": 100000})
	f["bench.auto.tfvars.json"] = string(variables)
	return f, err
}

// tenants returns tenants that have n keys in all.
func tenants(n int, scopes []string) map[string]map[string]any {
	all := map[string]map[string]any{}
	for first := 0; first < n; first += keysPerApp {
		keys := map[string]any{}
		for i := range min(keysPerApp, n-first) {
			keys[fmt.Sprintf("key-%d", i)] = map[string]any{"scopes": scopes}
		}
		all[fmt.Sprintf("tenant-%d", first/keysPerApp)] = map[string]any{"keys": keys}
	}
	return all
}

// asTwin makes a configuration or a state one of the twin.
var asTwin = strings.NewReplacer("clarifai_app", "twin_app", ownSource, twinSource,
	"clarifai = {", "twin = {", `provider "clarifai"`, `provider "twin"`).Replace

// asRotating makes the keys of a configuration rotate, after far more time than a
// measurement takes.
var asRotating = strings.NewReplacer("clarifai_app_key", "clarifai_rotating_app_key",
	"depends_on ", "rotation_period = \"90d\"\n  depends_on ").Replace

// chooseScopes returns n scopes that no plan warns about: the benchmark must not
// measure a thousand warnings. The first three allow calls; what a scope depends on
// comes before it.
func chooseScopes(n int) ([]string, error) {
	names := []string{"Apps:Get", "Concepts:Get", "Inputs:Get"}
	lacks := func(s string) bool { return !slices.Contains(names, s) }
	for range 20 { // no chain of dependencies is longer
		for _, s := range scope.All() {
			usable := s.Offered && !s.Deprecated && s.AppKeyMethods > 0 && s.Name != scope.AllScope
			if usable && lacks(s.Name) && !slices.ContainsFunc(s.DependsOn, lacks) {
				names = append(names, s.Name)
			}
		}
	}
	if n < few || n > len(names) {
		return nil, fmt.Errorf("there are %d to %d scopes without a warning, not %d", few, len(names), n)
	}
	return names[:n], nil
}
