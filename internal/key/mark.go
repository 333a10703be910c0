package key

import (
	"regexp"
	"strings"
	"time"
)

// A rotated key carries the fingerprint of the key that it succeeds at the end of
// its description until that key is revoked. So a run that was killed between the
// POST and the state leaves a key that the next run can tell from others.
var successorMark = regexp.MustCompile(`(?s)^(?:(.*) )?\(after ([0-9a-f]{16})\)$`)

// MarkLength is how many characters a mark adds to a description.
const MarkLength = len(" (after 0123456789abcdef)")

// MarkSuccessor returns the description of a key that succeeds the one with that
// fingerprint. Without a description, no space precedes the mark: Clarifai may not store it.
func MarkSuccessor(description, fingerprint string) string {
	mark := "(after " + fingerprint + ")"
	if description == "" {
		return mark
	}
	return description + " " + mark
}

// Predecessor returns the fingerprint in the mark of a description, "" if it has none.
func Predecessor(description string) string {
	_, fingerprint := CutSuccessorMark(description)
	return fingerprint
}

// CutSuccessorMark returns a description without its mark, and the fingerprint in
// the mark; "" where there is none. Anyone can write a mark: it is a reason to look,
// never to revoke or to trust.
func CutSuccessorMark(description string) (text, fingerprint string) {
	if !strings.HasSuffix(description, ")") {
		return description, ""
	}
	m := successorMark.FindStringSubmatch(description)
	if m == nil {
		return description, ""
	}
	return m[1], m[2]
}

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
