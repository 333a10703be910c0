package inventory

import (
	"net/http"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// setup is what a test's inventory and its client are made from.
type setup struct {
	clarifai.Config
	inventory Config
}

// newSetup does not wait and has no rate limit to speak of.
func newSetup() setup {
	return setup{
		Config: clarifai.Config{
			PAT: apitest.NewSecret(), Version: "1.2.3",
			RequestsPerSecond: 1e6, RetryBase: time.Millisecond, Clock: apitest.NewClock(),
		},
		inventory: Config{UserID: "acme", GatherWindow: time.Millisecond},
	}
}

func (s setup) create(t testing.TB, change []func(*setup)) *Inventory {
	t.Helper()
	for _, f := range change {
		f(&s)
	}
	c, err := clarifai.New(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	return New(c, s.inventory)
}

// serve returns an inventory of the account that h serves over loopback.
func serve(t testing.TB, h http.HandlerFunc, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	s := newSetup()
	s.BaseURL = apitest.Serve(t, rec)
	return s.create(t, change), rec
}

// inBubble returns an inventory for a synctest bubble, with the bubble's time.
func inBubble(t testing.TB, h http.HandlerFunc, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	s := newSetup()
	s.BaseURL = "https://api.test"
	s.Clock = nil
	s.Transport = apitest.InProcess{Handler: rec}
	return s.create(t, change), rec
}

// hasCode reports whether Clarifai answered with that status code.
func hasCode(err error, code int) bool {
	e := clarifai.AsError(err)
	return e != nil && e.Code == code
}
