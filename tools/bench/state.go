package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Only the plan of a reference is measured. Its state of many resources is made
// from another state, because an apply would take minutes.

type stateFile map[string]any

// editState changes the resources of a state file.
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
			return nil, fmt.Errorf("a state file whose resources are not objects")
		}
		resources = append(resources, m)
	}
	resources, err := edit(resources)
	if err != nil {
		return nil, err
	}
	s["resources"] = resources
	return json.Marshal(s)
}

// asTwin returns a state in which the keys are those of a twin, and nothing else.
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

// asRotating returns a state in which the keys rotate, in the far future.
func asRotating(content []byte) ([]byte, error) {
	return editState(content, func(resources []map[string]any) ([]map[string]any, error) {
		for _, r := range resources {
			if r["type"] != ours {
				continue
			}
			r["type"] = rotating
			instances, _ := r["instances"].([]any)
			for _, v := range instances {
				instance, _ := v.(map[string]any)
				attributes, ok := instance["attributes"].(map[string]any)
				if !ok {
					return nil, fmt.Errorf("a key without attributes")
				}
				maps.Copy(attributes, map[string]any{
					"rotation_period": "90d", "overlap": nil, "rotation_spread": nil,
					"rotated_at": attributes["created_at"], "next_rotation_at": "2999-01-01T00:00:00Z",
					"previous_key": nil, "previous_id": nil, "previous_expires_at": nil, "key_ids": []any{attributes["id"]},
				})
			}
			return resources, nil
		}
		return nil, fmt.Errorf("a state without keys")
	})
}

// multiplied returns a state with n instances of the only one.
func multiplied(content []byte, n int) ([]byte, error) {
	return editState(content, func(resources []map[string]any) ([]map[string]any, error) {
		if len(resources) != 1 {
			return nil, fmt.Errorf("a state of %d resources instead of one", len(resources))
		}
		instances, ok := resources[0]["instances"].([]any)
		if !ok || len(instances) != 1 {
			return nil, fmt.Errorf("a resource that does not have one instance")
		}
		first, ok := instances[0].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("an instance that is not an object")
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
