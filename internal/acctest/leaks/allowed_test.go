package leaks

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// mayHoldKeys reports whether keys may be stored in a file: in a state, a saved
// plan, and what show -json prints of them, but not in logs and other output.
func mayHoldKeys(file string) bool {
	for _, end := range []string{".tfstate", ".tfstate.backup", "/tfstate", "/tfstate-prev", "/tfplan", ".json"} {
		if strings.HasSuffix(file, end) {
			return true
		}
	}
	return false
}

// planned matches the attributes key and previous_key, and an output that is a string, in the
// MessagePack of a saved plan: the name, then a string of 32 bytes. Bytes that are
// not UTF-8 match as x{FFFD}. Whether the output is marked as sensitive shows in
// show -json of the same plan.
var planned = regexp.MustCompile(`(\x{FFFD}key|\x{FFFD}previous_key|"string")\x{FFFD} [0-9a-f]{32}`)

// unmarked matches those attributes in the JSON of older CLIs, such as Terraform 1.5,
// whose states and plans leave the marks of some to the schema.
var unmarked = regexp.MustCompile(`"(previous_)?key": ?"[0-9a-f]{32}"`)

// secretAttributes are the attributes of keys that may hold one.
var secretAttributes = []string{"key", "previous_key"}

// withoutAllowed returns a file without what it may contain when keys are stored:
// the secret attributes of clarifai_app_key and clarifai_rotating_app_key where they
// are marked as sensitive and store_key is not false, and outputs that the configuration marks as sensitive.
func withoutAllowed(file string, text []byte) []byte {
	if !mayHoldKeys(file) {
		return text
	}
	if json.Valid(text) {
		return withoutAllowedDocument(text)
	}
	return planned.ReplaceAll(text, []byte("key"))
}

// withoutAllowedDocument is withoutAllowed for JSON.
func withoutAllowedDocument(text []byte) []byte {
	var doc any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return text
	}
	strip(doc)
	b, err := json.Marshal(doc)
	if err != nil {
		return text
	}
	return append(b, '\n')
}

// strip removes what is allowed from decoded JSON.
func strip(node any) {
	switch n := node.(type) {
	case []any:
		for _, v := range n {
			strip(v)
		}
	case map[string]any:
		stripObject(n)
		for _, v := range n {
			strip(v)
		}
	}
}

// stripObject removes what is allowed from the fields of one object.
func stripObject(n map[string]any) {
	if n["sensitive"] == true { // an output, in state, plan and streams
		delete(n, "value")
	}
	for _, moment := range []string{"before", "after"} { // an output's change
		if n[moment+"_sensitive"] == true {
			delete(n, moment)
		}
	}
	if n["type"] != "clarifai_app_key" && n["type"] != "clarifai_rotating_app_key" {
		return
	}
	for _, attribute := range secretAttributes {
		stripAttribute(n, attribute)
	}
}

// stripAttribute removes an attribute of a resource where it may be stored.
func stripAttribute(n map[string]any, name string) {
	// show -json: a resource in state or plan
	stripKey(n["values"], name, isMarked(n["sensitive_values"], name))
	if change, ok := n["change"].(map[string]any); ok {
		stripKey(change["before"], name, isMarked(change["before_sensitive"], name))
		stripKey(change["after"], name, isMarked(change["after_sensitive"], name))
	}
	// a state file, where OpenTofu leaves the marks of data sources to the schema
	instances, _ := n["instances"].([]any)
	for _, v := range instances {
		if instance, ok := v.(map[string]any); ok {
			stripKey(instance["attributes"], name, n["mode"] == "data" || isListed(instance["sensitive_attributes"], name))
		}
	}
}

// stripKey removes an attribute that holds a key where it may be stored.
func stripKey(values any, name string, sensitive bool) {
	if v, ok := values.(map[string]any); ok && sensitive && v["store_key"] != false {
		delete(v, name)
	}
}

// isMarked reports whether the marks of show -json have an attribute as sensitive.
func isMarked(marks any, name string) bool {
	m, ok := marks.(map[string]any)
	return ok && m[name] == true
}

// isListed reports whether an attribute is among the paths of the sensitive attributes in a
// state file.
func isListed(paths any, name string) bool {
	b, err := json.Marshal(paths)
	return err == nil && bytes.Contains(b, []byte(`[{"type":"get_attr","value":"`+name+`"}]`))
}
