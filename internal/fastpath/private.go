package fastpath

import "encoding/json"

// onlyNotes reports whether private state holds nothing but notes that are
// ignored. The framework keeps it as a JSON object by name of note, and adds
// notes of its own, whose names begin with a dot.
func onlyNotes(private []byte, ignored func(name string) bool) bool {
	if len(private) == 0 {
		return true
	}
	var notes map[string]json.RawMessage
	if json.Unmarshal(private, &notes) != nil {
		return false
	}
	for name := range notes {
		if !ignored(name) {
			return false
		}
	}
	return true
}
