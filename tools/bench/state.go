package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Only the plan of a reference is measured. Its state of many resources is made
// from another state, because an apply would take minutes.

// asTwin makes a configuration or a state one of the twin.
var asTwin = strings.NewReplacer("clarifai_app", "twin_app", ownSource, twinSource,
	"clarifai = {", "twin = {", `provider "clarifai"`, `provider "twin"`).Replace

// The types of keys.
const (
	plainType    = "clarifai_app_key"
	rotatingType = "clarifai_rotating_app_key"
)

// asRotating returns a configuration whose keys rotate, after far more time than a
// measurement takes.
func asRotating(config string) string {
	return strings.NewReplacer(plainType, rotatingType, "depends_on ", "rotation_period = \"90d\"\n  depends_on ").Replace(config)
}

// rotatingState returns a state in which the keys rotate, in the far future.
func rotatingState(content string) (string, error) {
	var state map[string]any
	if err := json.Unmarshal([]byte(content), &state); err != nil {
		return "", err
	}
	changed := 0
	for _, r := range objects(state["resources"]) {
		if r["type"] != plainType {
			continue
		}
		r["type"] = rotatingType
		for _, instance := range objects(r["instances"]) {
			if a, ok := instance["attributes"].(map[string]any); ok {
				changed++
				maps.Copy(a, map[string]any{
					"rotation_period": "90d", "rotated_at": a["created_at"], "next_rotation_at": "2999-01-01T00:00:00Z", "key_ids": []any{a["id"]},
					// An apply writes every attribute: the provider takes longer to read a state that lacks some.
					"overlap": nil, "rotation_spread": nil, "previous_id": nil, "previous_key": nil, "previous_expires_at": nil,
				})
			}
		}
	}
	if changed == 0 {
		return "", fmt.Errorf("the state has no %s", plainType)
	}
	edited, err := json.Marshal(state)
	return string(edited), err
}

// objects returns the objects of a list, which may be changed.
func objects(list any) []map[string]any {
	var all []map[string]any
	items, _ := list.([]any)
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all
}
