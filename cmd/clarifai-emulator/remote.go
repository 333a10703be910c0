package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// remote is the URL of a running emulator, whose control endpoints it calls: see
// [emulator.Emulator.Control].
type remote string

var client = &http.Client{
	Timeout: time.Minute,
	// An emulator does not redirect. What does is something else.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// stats returns the counters.
func (r remote) stats(ctx context.Context) (s emulator.Stats, err error) {
	answer, err := r.call(ctx, http.MethodGet, "stats", nil)
	if err == nil {
		err = json.Unmarshal(answer, &s)
	}
	return s, err
}

// call sends a value to an endpoint and returns the answer. Whatever is not the answer of
// an emulator is an error that says so: the URL may be that of Clarifai or of another
// program.
func (r remote) call(ctx context.Context, verb, endpoint string, value any) ([]byte, error) {
	base, err := url.Parse(string(r))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the URL of an emulator; it must look like %s", string(r), defaultURL)
	}
	content, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	target := base.JoinPath("_emulator", endpoint).String()
	req, err := http.NewRequestWithContext(ctx, verb, target, bytes.NewReader(content)) //nolint:gosec // the user names the emulator
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req) //nolint:gosec // likewise
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // without the URL
		}
		return nil, fmt.Errorf("no emulator answers at %s: %w\n"+
			"Start one with \"clarifai-emulator\", or give its URL with -url or CLARIFAI_API_BASE", r, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	var refused struct{ Error string }
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode == http.StatusBadRequest && json.Unmarshal(answer, &refused) == nil && refused.Error != "":
		return nil, errors.New(refused.Error)
	case resp.StatusCode != http.StatusOK || !strings.HasPrefix(strings.TrimSpace(string(answer)), "{"):
		return nil, fmt.Errorf("what answers at %s is not a clarifai-emulator of this version: HTTP %d", r, resp.StatusCode)
	}
	return answer, nil
}
