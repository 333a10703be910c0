package inventory

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// explosive panics with what it was about to send.
type explosive struct{}

func (explosive) RoundTrip(r *http.Request) (*http.Response, error) {
	panic(fmt.Sprintf("cannot send %v", r.Header))
}

// A panic on a goroutine that the inventory starts would end the process.
func TestPanicsOfItsOwnGoroutines(t *testing.T) {
	t.Parallel()
	cfg := newSetup()
	cfg.PAT, cfg.Transport, cfg.MaxRetries = "a-pat-for-tests", explosive{}, 1
	inv := cfg.create(t, nil)
	for name, do := range map[string]func() error{
		"an app":      func() error { return apitest.Err(inv.App(t.Context(), refOf("shop"), Checked)) },
		"a key":       func() error { return apitest.Err(inv.Key(t.Context(), keyIn("shop", "fingerprint"), Checked)) },
		"the owner":   func() error { return apitest.Err(inv.Me(t.Context())) },
		"the account": func() error { return inv.VerifyAccount(t.Context(), "acme") },
		"a new app":   func() error { return apitest.Err(inv.CreateApp(t.Context(), "acme", clarifai.App{ID: "shop"})) },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "panicked") || apitest.LeakForm(err.Error(), cfg.PAT) != "" {
			t.Errorf("%s: no error, or one with the PAT", name)
		}
	}
	_, e, _ := sendAndWatch(t.Context(), inv, onceOnly[clarifai.Key]{method: "PostKeys", send: func(context.Context) (clarifai.Key, error) { panic("no " + cfg.PAT) }}, false)
	if e == nil || !clarifai.IsOutcomeUnknown(e) || apitest.LeakForm(e.Error(), cfg.PAT) != "" {
		t.Error("a POST that panicked has a known outcome, or shows the PAT")
	}
}
