package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// configs holds the configurations, a folder for each.
//
//go:embed configs
var configs embed.FS

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

// configuration returns the configuration in a folder, with values of its variables.
func configuration(root fs.FS, folder string, variables map[string]any) (files, error) {
	f := files{}
	in, err := fs.Sub(root, folder)
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(in, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".tf" {
			return err
		}
		text, err := fs.ReadFile(in, name)
		f[name] = string(text)
		return err
	})
	values, failed := json.Marshal(variables)
	f["bench.auto.tfvars.json"] = string(values)
	return f, errors.Join(err, failed)
}

// countedKeys has n keys in n/10 apps.
func countedKeys(n int, scopes []string) (files, error) {
	return configuration(configs, "configs/counted", map[string]any{"keys": n, "scopes": scopes})
}

// tenantModules is the configuration of examples/tenants with n keys: an instance of
// its module for each app, in which the keys refer to the app.
func tenantModules(root fs.FS, n int, scopes []string) (files, error) {
	tenants := map[string]any{}
	for first := 0; first < n; first += 10 {
		keys := map[string]any{}
		for i := range min(10, n-first) {
			keys[fmt.Sprintf("key-%d", i)] = map[string]any{"scopes": scopes}
		}
		tenants[fmt.Sprintf("tenant-%d", first/10)] = map[string]any{"keys": keys}
	}
	return configuration(root, "examples/tenants", map[string]any{"tenants": tenants, "requests_per_second": 100000})
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
