package leaks

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// mayHoldKeys tells whether a file is one that keys are stored in: states,
// saved plans and what show and the streams make of them. Logs and plain output
// are not.
func mayHoldKeys(file string) bool {
	for _, end := range []string{".tfstate", ".tfstate.backup", "/tfstate", "/tfstate-prev", "/tfplan", ".json"} {
		if strings.HasSuffix(file, end) {
			return true
		}
	}
	return false
}

// planned is the attribute key, and an output that is a string, in the
// MessagePack of a saved plan: what it is called, then a string of 32 bytes.
// Bytes that are no UTF-8 match as x{FFFD}. Whether the output is marked as
// sensitive is seen in show -json of the same plan.
var planned = regexp.MustCompile(`(\x{FFFD}key|"string")\x{FFFD} [0-9a-f]{32}`)

// withoutAllowed takes out of a file what may be there when keys are stored:
// the attribute key of clarifai_app_key where it is marked as sensitive and
// store_key is not false, and outputs that the configuration marks as
// sensitive.
func withoutAllowed(file string, text []byte) []byte {
	if !mayHoldKeys(file) {
		return text
	}
	if json.Valid(text) {
		return withoutAllowedDocument(text)
	}
	return planned.ReplaceAll(text, []byte("key"))
}

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

func stripObject(n map[string]any) {
	if n["sensitive"] == true { // an output, in state, plan and streams
		delete(n, "value")
	}
	for _, moment := range []string{"before", "after"} { // an output's change
		if n[moment+"_sensitive"] == true {
			delete(n, moment)
		}
	}
	if n["type"] != "clarifai_app_key" {
		return
	}
	// show -json: a resource in state or plan
	stripKey(n["values"], isMarked(n["sensitive_values"]))
	if change, ok := n["change"].(map[string]any); ok {
		stripKey(change["before"], isMarked(change["before_sensitive"]))
		stripKey(change["after"], isMarked(change["after_sensitive"]))
	}
	// a state file, where OpenTofu leaves the marks of data sources to the schema
	instances, _ := n["instances"].([]any)
	for _, v := range instances {
		if instance, ok := v.(map[string]any); ok {
			stripKey(instance["attributes"], n["mode"] == "data" || isListed(instance["sensitive_attributes"]))
		}
	}
}

func stripKey(values any, sensitive bool) {
	if v, ok := values.(map[string]any); ok && sensitive && v["store_key"] != false {
		delete(v, "key")
	}
}

func isMarked(marks any) bool {
	m, ok := marks.(map[string]any)
	return ok && m["key"] == true
}

// isListed tells whether the paths of a state file's sensitive attributes have
// key among them.
func isListed(paths any) bool {
	b, err := json.Marshal(paths)
	return err == nil && bytes.Contains(b, []byte(`[{"type":"get_attr","value":"key"}]`))
}
