package apitest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

// Checks that any test may need, each of which says what was wrong.

// Must fails the test if there is an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Equal checks that what the rest describes is as wanted.
func Equal[T any](t testing.TB, got, want T, of ...any) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	shown := [2]any{got, want}
	if text, isText := any(got).(string); isText { // so that the empty one shows
		shown = [2]any{fmt.Sprintf("%q", text), fmt.Sprintf("%q", any(want))}
	}
	t.Errorf("%s: %v instead of %v", strings.TrimSpace(fmt.Sprintln(of...)), shown[0], shown[1])
}

// Says checks that a text has all of these in it.
func Says(t testing.TB, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("it does not say %q:\n%s", w, text)
		}
	}
}

// SaysNot checks that a text has none of these in it.
func SaysNot(t testing.TB, text string, unwanted ...string) {
	t.Helper()
	for _, u := range unwanted {
		if strings.Contains(text, u) {
			t.Errorf("it says %q:\n%s", u, text)
		}
	}
}

// SaysOnly checks that the text about what the rest describes has this in it, and that there is
// no text where it is "".
func SaysOnly(t testing.TB, text, want string, of ...any) {
	t.Helper()
	if (want == "") != (text == "") || !strings.Contains(text, want) {
		t.Errorf("%s: it does not say just %q:\n%s", strings.TrimSpace(fmt.Sprintln(of...)), want, text)
	}
}

// Fails checks that there is an error, and that it has all of these texts in it.
func Fails(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, which would say %q", texts)
		return
	}
	Says(t, err.Error(), texts...)
}

// Is checks that an error is this one, or wraps it.
func Is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("the error is %v instead of %v", err, want)
	}
}

// Err drops a call's result and returns its error.
func Err[T any](_ T, err error) error { return err }

// LeakForm returns the form in which a text contains a secret, or nothing.
func LeakForm(text, secret string) string {
	for form, s := range map[string]string{
		"clear": secret, "base64": base64.StdEncoding.EncodeToString([]byte(secret)), "url": url.QueryEscape(secret),
	} {
		if strings.Contains(text, s) {
			return form
		}
	}
	return ""
}
