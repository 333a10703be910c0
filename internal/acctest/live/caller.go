package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// pace is the time from one request to the next. Clarifai's limit is 15 requests a
// second, which the account's other users share.
const pace = 100 * time.Millisecond

// caller sends requests to the account.
type caller struct {
	Options
	client *http.Client
}

func newCaller(o Options) caller {
	return caller{Options: o, client: &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// request is one call of the API.
type request struct {
	what  string   // what errors say was being done
	verb  string   // HTTP method
	path  []string // after /v2/
	query url.Values
	body  any
	key   string   // what authorizes the request; empty: the PAT
	apps  []string // IDs of the apps that the request creates or changes, directly or in their keys
}

// answer is what the API answered.
type answer struct {
	http    int
	code    string // status.code: a number, or the name of one that is not known here
	details string
	body    map[string]any
}

// refused reports whether the answer is an error.
func (a answer) refused() bool { return a.code != "10000" }

func (a answer) String() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d, code %s %s", a.http, a.code, a.details))
}

// codes are the numbers of the status codes that questions ask about, from
// Clarifai's status_code.proto.
var codes = map[string]string{
	"SUCCESS": "10000", "MOVED": "10050", "CONN_ACCOUNT_ISSUES": "11000", "CONN_EXCEEDS_LIMITS": "11006", "CONN_THROTTLED": "11005", "CONN_INSUFFICIENT_SCOPES": "11007",
	"CONN_KEY_INVALID": "11008", "CONN_KEY_NOT_FOUND": "11009", "CONN_DOES_NOT_EXIST": "11101",
	"CONN_INVALID_REQUEST": "11102", "CONCEPTS_INVALID_REQUEST": "40003", "DATABASE_DUPLICATE_KEY": "40010",
}

// ok sends a request whose refusal is an error.
func (c caller) ok(ctx context.Context, r request) (answer, error) {
	got, err := c.do(ctx, r)
	if err == nil && got.refused() {
		err = fmt.Errorf("%s: %s", r.what, got)
	}
	return got, err
}

// do sends a request. It waits while the API throttles it.
func (c caller) do(ctx context.Context, r request) (answer, error) {
	if err := r.mustBeOurs(); err != nil {
		return answer{}, err
	}
	for wait := time.Second; ; wait *= 2 {
		if err := c.Clock.Sleep(ctx, pace); err != nil {
			return answer{}, err
		}
		got, err := c.send(ctx, r)
		if err != nil {
			return got, fmt.Errorf("%s: %w", r.what, err)
		}
		throttled := got.http == http.StatusTooManyRequests || got.code == "11005"
		if !throttled || wait > time.Minute {
			return got, nil
		}
		if err := c.Clock.Sleep(ctx, wait); err != nil {
			return got, err
		}
	}
}

// mustBeOurs returns an error for a request that changes anything but apps of this
// package.
func (r request) mustBeOurs() error {
	if r.verb == http.MethodGet {
		return nil
	}
	if len(r.apps) == 0 {
		return fmt.Errorf("%s: a change must say which apps it is about", r.what)
	}
	for _, id := range r.apps {
		if !strings.HasPrefix(id, Prefix) {
			return fmt.Errorf("%s: app %q does not start with %s, so it stays as it is", r.what, id, Prefix)
		}
	}
	return nil
}

func (c caller) send(ctx context.Context, r request) (answer, error) {
	target, err := url.JoinPath(c.URL, append([]string{"v2"}, r.path...)...)
	if err != nil {
		return answer{}, err
	}
	var content bytes.Buffer
	if r.body != nil {
		if err := json.NewEncoder(&content).Encode(r.body); err != nil {
			return answer{}, err
		}
	}
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.verb, target, &content)
	if err != nil {
		return answer{}, errors.New("the request cannot be made")
	}
	secret := c.PAT
	if r.key != "" {
		secret = r.key
	}
	req.Header.Set("Authorization", "Key "+secret)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		// Without the URL, which may hold a key.
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return answer{}, err
	}
	return decode(resp.StatusCode, raw)
}

func decode(status int, raw []byte) (answer, error) {
	got := answer{http: status}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&got.body); err != nil {
		return got, fmt.Errorf("HTTP %d, and the answer is not JSON", status)
	}
	head := object(got.body["status"])
	switch code := head["code"].(type) {
	case json.Number:
		got.code = code.String()
	case string:
		got.code = code
		if number, ok := codes[code]; ok {
			got.code = number
		}
	default:
		return got, fmt.Errorf("HTTP %d, and the answer has no status code", status)
	}
	got.details = redact(text(head["details"]))
	return got, nil
}

var secret = regexp.MustCompile(`[0-9A-Za-z]{32,}`)

// redact hides what may be a key: Clarifai repeats keys in its details.
func redact(text string) string { return secret.ReplaceAllString(text, "(hidden)") }

// object returns v as a JSON object, empty if it is none.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// text returns v as a string, empty if it is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// objects returns the objects in a list.
func objects(v any) []map[string]any {
	items, _ := v.([]any)
	var all []map[string]any
	for _, item := range items {
		all = append(all, object(item))
	}
	return all
}

// texts returns the strings in a list.
func texts(v any) []string {
	items, _ := v.([]any)
	var all []string
	for _, item := range items {
		all = append(all, text(item))
	}
	return all
}
