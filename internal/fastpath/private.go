package fastpath

import (
	"encoding/json"
	"maps"
	"slices"
)

// onlyNotes reports whether private state holds nothing but notes that are
// ignored. The framework keeps it as a JSON object by name of note, and adds
// notes of its own, whose names begin with a dot.
func onlyNotes(private []byte, ignored []string) bool {
	if len(private) == 0 {
		return true
	}
	var notes map[string]json.RawMessage
	if json.Unmarshal(private, &notes) != nil {
		return false
	}
	for name := range notes {
		if !slices.Contains(ignored, name) {
			return false
		}
	}
	return true
}

// withNotes returns private state with the notes added, as the framework writes it.
func withNotes(private []byte, notes Notes) ([]byte, bool) {
	if len(notes) == 0 {
		return private, true
	}
	var prior Notes
	if len(private) > 0 && json.Unmarshal(private, &prior) != nil {
		return nil, false
	}
	all := make(Notes, len(prior)+len(notes))
	maps.Copy(all, prior)
	maps.Copy(all, notes)
	b, err := json.Marshal(all)
	return b, err == nil
}
