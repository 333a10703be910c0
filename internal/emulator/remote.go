package emulator

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
)

// ErrUnreachable is the error of a [Remote] whose URL does not answer.
var ErrUnreachable = errors.New("no emulator answers")

// Remote is an emulator in another process, reached through its control
// endpoints (see [Emulator.Control]).
type Remote struct {
	URL string // such as http://127.0.0.1:8080
}

// Stats returns the counters.
func (r Remote) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	return s, r.call(ctx, message{verb: http.MethodGet, to: "stats", answer: &s})
}

// Reset clears the request log and the counters.
func (r Remote) Reset(ctx context.Context) error {
	return r.call(ctx, message{verb: http.MethodPost, to: "reset", body: struct{}{}})
}

// Seed creates apps and keys.
func (r Remote) Seed(ctx context.Context, s Seed) error {
	return r.call(ctx, message{verb: http.MethodPost, to: "seed", body: s})
}

// Inject queues a fault.
func (r Remote) Inject(ctx context.Context, f Fault) error {
	fault := faultMessage{Fault: f}
	if f.Latency != 0 {
		fault.Latency = f.Latency.String()
	}
	return r.call(ctx, message{verb: http.MethodPost, to: "faults", body: fault})
}

// ClearFaults removes all faults from the queue.
func (r Remote) ClearFaults(ctx context.Context) error {
	return r.call(ctx, message{verb: http.MethodDelete, to: "faults"})
}

// SetSwitches replaces all switches. Those left at zero return to their defaults.
func (r Remote) SetSwitches(ctx context.Context, s Switches) error {
	return r.call(ctx, message{verb: http.MethodPut, to: "switches", body: s})
}

var remoteClient = &http.Client{
	Timeout: time.Minute,
	// An emulator does not redirect. What does is something else.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// message is a request to a control endpoint.
type message struct {
	verb, to string
	body     any // nil: none
	answer   any // where to decode the answer; nil: nowhere
}

// call sends a message and decodes the answer.
func (r Remote) call(ctx context.Context, m message) error {
	base, err := url.Parse(r.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return fmt.Errorf("%q is not the URL of an emulator; it must look like http://127.0.0.1:8080", r.URL)
	}
	var content bytes.Buffer
	if m.body != nil {
		if err := json.NewEncoder(&content).Encode(m.body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, m.verb, strings.TrimSuffix(r.URL, "/")+controlPrefix+m.to, &content)
	if err != nil {
		return err
	}
	resp, err := remoteClient.Do(req)
	if err != nil {
		return r.unreachable(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return r.unreachable(err)
	}
	return r.decode(resp.StatusCode, answer, m.answer)
}

func (r Remote) unreachable(err error) error {
	// Without the URL, which the error repeats.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, r.URL, err)
}

// decode decodes an answer. Whatever is not the answer of an emulator is an error
// that says so: the URL may be that of Clarifai or of another program.
func (r Remote) decode(status int, answer []byte, into any) error {
	var refused struct {
		Error string `json:"error"`
	}
	switch {
	case status == http.StatusBadRequest && json.Unmarshal(answer, &refused) == nil && refused.Error != "":
		return errors.New(refused.Error)
	case status != http.StatusOK || !json.Valid(answer):
		return fmt.Errorf("what answers at %s is not a clarifai-emulator of this version: HTTP %d", r.URL, status)
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer, into)
}
