package key

import (
	"strings"
	"time"
)

// TemporaryMark begins the description of each temporary key.
const TemporaryMark = "Temporary key of a Terraform run"

// TemporaryDescription returns the description of a temporary key.
func TemporaryDescription(now time.Time, text string) string {
	d := TemporaryMark + ", made " + now.UTC().Format(time.RFC3339)
	if text != "" {
		d += ": " + text
	}
	return d
}

// TemporaryMadeAt returns the time that the description of a temporary key states;
// ok is false for any other description. Anyone can write such a description: it is
// a reason to leave a key alone, never to revoke it.
func TemporaryMadeAt(description string) (made time.Time, ok bool) {
	rest, ok := strings.CutPrefix(description, TemporaryMark+", made ")
	if !ok {
		return time.Time{}, false
	}
	text, _, _ := strings.Cut(rest, ": ")
	made, err := time.Parse(time.RFC3339, text)
	return made, err == nil && made.UTC().Format(time.RFC3339) == text
}
