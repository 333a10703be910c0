package acctest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// codeBadFormat is the status code of a request with a field that is not in
// Clarifai's published messages.
const codeBadFormat = 11100

// checkRequests checks what holds in every test: only a DELETE, which has no other
// place for it, has a key in its URL, and all requests are in the published API.
func (w *World) checkRequests(t testing.TB) {
	t.Helper()
	secrets := w.Secrets()
	for _, r := range w.Requests() {
		switch {
		case r.Method == "":
			t.Errorf("%s of a path that is not in the API", r.Verb)
		case r.Code == codeBadFormat:
			t.Errorf("%s was refused as malformed", r.Method)
		case r.Verb != http.MethodDelete && holds(r.Path, secrets):
			t.Errorf("%s has a key in its URL", r.Method)
		}
	}
}

// holds reports whether a text contains a secret.
func holds(text string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) })
}
