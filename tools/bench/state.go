package main

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
)

// Only the plan of a reference is measured. Its state of many resources is made
// from another state, because an apply would take minutes.

// asTwin returns a configuration or a state whose apps and keys are those of the
// twin, with another type for the keys.
func asTwin(text, keyType string) string {
	return strings.NewReplacer("clarifai_app_key", keyType, "clarifai_app", "twin_app", "clarifai/clarifai", "clarifai/twin",
		"clarifai = {", "twin = {", `provider "clarifai"`, `provider "twin"`).Replace(text)
}

// stateResource is a resource of a state file.
type stateResource map[string]any

// instances returns the attributes of each instance, which may be changed.
func (r stateResource) instances() ([]map[string]any, error) {
	list, _ := r["instances"].([]any)
	var all []map[string]any
	for _, v := range list {
		instance, ok := v.(map[string]any)
		if !ok {
			return nil, errors.New("an instance that is not an object")
		}
		all = append(all, instance)
	}
	return all, nil
}

// editState changes the resource of a type in a state file, or the only one if the
// type is "".
func editState(content []byte, resourceType string, edit func(stateResource) error) ([]byte, error) {
	var all map[string]json.RawMessage
	var resources []stateResource
	if err := errors.Join(json.Unmarshal(content, &all), json.Unmarshal(all["resources"], &resources)); err != nil {
		return nil, err
	}
	for _, r := range resources {
		if r["type"] != resourceType && (resourceType != "" || len(resources) != 1) {
			continue
		}
		if err := edit(r); err != nil {
			return nil, err
		}
		edited, err := json.Marshal(resources)
		if err != nil {
			return nil, err
		}
		all["resources"] = edited
		return json.Marshal(all)
	}
	return nil, errors.New("a state without the resource to change")
}

// asRotating returns a state in which the keys rotate, in the far future.
func asRotating(content []byte) ([]byte, error) {
	return editState(content, ours, func(r stateResource) error {
		r["type"] = rotating
		instances, err := r.instances()
		for _, instance := range instances {
			attributes, ok := instance["attributes"].(map[string]any)
			if !ok {
				return errors.New("a key without attributes")
			}
			maps.Copy(attributes, map[string]any{
				"rotation_period": "90d", "overlap": nil, "rotation_spread": nil,
				"rotated_at": attributes["created_at"], "next_rotation_at": "2999-01-01T00:00:00Z",
				"previous_key": nil, "previous_id": nil, "previous_expires_at": nil, "key_ids": []any{attributes["id"]},
			})
		}
		return err
	})
}

// multiplied returns a state with n instances of the only one.
func multiplied(content []byte, n int) ([]byte, error) {
	return editState(content, "", func(r stateResource) error {
		instances, err := r.instances()
		if err != nil || len(instances) != 1 {
			return errors.Join(err, errors.New("a resource that does not have one instance"))
		}
		all := make([]any, n)
		for i := range all {
			copied := maps.Clone(instances[0])
			copied["index_key"] = i
			all[i] = copied
		}
		r["instances"] = all
		return nil
	})
}
