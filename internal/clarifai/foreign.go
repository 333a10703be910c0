package clarifai

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxForeign is how many characters of a text that the server wrote a message
// shows.
const maxForeign = 2000

// Escape returns a text of the server's or a stranger's as messages show it: on one
// line, and without a character that moves the cursor, hides text or turns its
// direction. Such a character is written as in a Go string.
func Escape(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, isUnsafe) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[0]), 16))
		case isUnsafe(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// isUnsafe reports whether a terminal may obey the character instead of showing it.
func isUnsafe(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// foreign returns a text that the server wrote as errors quote it: without secrets,
// escaped and bounded. It spares keep: a request ID looks like a key.
func (c *Client) foreign(s, keep string) string {
	// Redacting shortens a text to less than a third of it only where hardly
	// anything is left, so what is cut here was not going to be shown.
	cut := len(s) > 4*maxForeign
	if cut {
		s = s[:4*maxForeign]
	}
	text := []rune(Escape(c.secrets.redactForeign(s, keep)))
	if cut || len(text) > maxForeign {
		return string(text[:min(len(text), maxForeign)]) + "… (cut)"
	}
	return string(text)
}
