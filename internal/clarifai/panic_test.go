package clarifai

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// explosive panics with what it was about to send.
type explosive struct{}

func (explosive) RoundTrip(r *http.Request) (*http.Response, error) {
	panic(fmt.Sprintf("can not send %v", r.Header))
}

// TestPanicsOfItsOwnGoroutines would end the process where they were left alone.
func TestPanicsOfItsOwnGoroutines(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	cfg.Transport, cfg.MaxRetries = explosive{}, 1
	c := mustNew(t, cfg)
	for name, do := range map[string]func() error{
		"an app":       func() error { return second(c.FindApp(t.Context(), "acme", "shop")) },
		"a key":        func() error { return second(c.FindKey(t.Context(), "acme", "shop", "print")) },
		"the owner":    func() error { return second(c.Me(t.Context())) },
		"the account":  func() error { return c.Trust(t.Context(), "acme") },
		"a new app":    func() error { return second(c.CreateApp(t.Context(), "acme", App{ID: "shop"})) },
		"a listing":    func() error { return second(c.account("acme").apps.all(t.Context())) },
		"all its keys": func() error { return second(c.account("acme").rings.all(t.Context())) },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "panicked") || leaks(err.Error(), cfg.PAT) != "" {
			t.Errorf("%s: no error, or one with the PAT", name)
		}
	}
	_, e, _ := sendOnce(t.Context(), c, post[Key]{method: "PostKeys", send: func(context.Context) (Key, *Error) { panic("no " + cfg.PAT) }}, false)
	if e == nil || !IsUnsettled(e) || leaks(e.Error(), cfg.PAT) != "" {
		t.Error("a POST that panicked is not in doubt, or tells the PAT")
	}
}
