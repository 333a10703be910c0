package key

import (
	"regexp"
	"strings"
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
