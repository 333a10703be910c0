package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// A reference needs a state of N resources, and only its plan is of interest, so
// the state is made from another one instead of by an apply of minutes.

type stateFile map[string]any

func editState(content []byte, edit func(resources []map[string]any) ([]map[string]any, error)) ([]byte, error) {
	var s stateFile
	if err := json.Unmarshal(content, &s); err != nil {
		return nil, fmt.Errorf("a state file: %w", err)
	}
	list, ok := s["resources"].([]any)
	if !ok {
		return nil, fmt.Errorf("a state file without resources")
	}
	var resources []map[string]any
	for _, r := range list {
		m, ok := r.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("a state file whose resources are no objects")
		}
		resources = append(resources, m)
	}
	resources, err := edit(resources)
	if err != nil {
		return nil, err
	}
	s["resources"] = resources
	// The lineage goes on; nobody compares it.
	return json.Marshal(s)
}

// asTwin makes of the keys in a state those of a twin.
func asTwin(content []byte, resourceType string) ([]byte, error) {
	return editState(content, func(resources []map[string]any) ([]map[string]any, error) {
		for _, r := range resources {
			if r["type"] != "clarifai_app_key" {
				continue
			}
			address, _ := r["provider"].(string)
			r["type"] = resourceType
			r["provider"] = strings.Replace(address, "clarifai/clarifai", "clarifai/twin", 1)
			return []map[string]any{r}, nil
		}
		return nil, fmt.Errorf("a state without keys")
	})
}

// multiplied makes n instances of a state's only one.
func multiplied(content []byte, n int) ([]byte, error) {
	return editState(content, func(resources []map[string]any) ([]map[string]any, error) {
		if len(resources) != 1 {
			return nil, fmt.Errorf("a state of %d resources instead of one", len(resources))
		}
		instances, ok := resources[0]["instances"].([]any)
		if !ok || len(instances) != 1 {
			return nil, fmt.Errorf("a resource that has not one instance")
		}
		first, ok := instances[0].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("an instance that is no object")
		}
		all := make([]any, n)
		for i := range all {
			copied := maps.Clone(first)
			copied["index_key"] = i
			all[i] = copied
		}
		resources[0]["instances"] = all
		return resources, nil
	})
}
