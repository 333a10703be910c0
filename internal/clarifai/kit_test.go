package clarifai

import (
	"net/http"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// testConfig does not wait and has no rate limit to speak of.
func testConfig() Config {
	return Config{
		PAT: apitest.NewSecret(), Version: "1.2.3",
		RequestsPerSecond: 1e6, RetryBase: time.Millisecond, Clock: apitest.NewClock(),
	}
}

func mustNew(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	apitest.Must(t, err)
	return c
}

// serve returns a client of h over loopback.
func serve(t testing.TB, h http.HandlerFunc, change ...func(*Config)) (*Client, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	cfg := testConfig()
	cfg.BaseURL = apitest.Serve(t, rec)
	for _, f := range change {
		f(&cfg)
	}
	return mustNew(t, cfg), rec
}

// inBubble returns a client of h for a synctest bubble, with the bubble's time.
func inBubble(t testing.TB, h http.HandlerFunc, change ...func(*Config)) (*Client, *apitest.Recorder) {
	t.Helper()
	rec := apitest.Record(h)
	cfg := testConfig()
	cfg.BaseURL = "https://api.test"
	cfg.Clock = nil
	cfg.Transport = apitest.InProcess{Handler: rec}
	for _, f := range change {
		f(&cfg)
	}
	return mustNew(t, cfg), rec
}

// readAll reads a listing to its end. Repeated reports whether items came again.
func readAll[T any](t *testing.T, pager *Pager[T]) (items []T, repeated bool, err error) {
	for page, err := range pager.Pages(t.Context()) {
		if err != nil {
			return items, repeated, err
		}
		items = append(items, page.Items...)
		repeated = repeated || page.Repeated
	}
	return items, repeated, nil
}

// listErr reads a listing to its end and returns its error.
func listErr[T any](t *testing.T, pager *Pager[T]) error {
	_, _, err := readAll(t, pager)
	return err
}

// readItems reads the items of a listing until a reading brings nothing new.
func readItems[T any](t *testing.T, pager *Pager[T]) (items []T, err error) {
	for item, err := range pager.Items(t.Context(), func(page []T) []T { return page }) {
		if err != nil {
			return items, err
		}
		items = append(items, item)
	}
	return items, nil
}
