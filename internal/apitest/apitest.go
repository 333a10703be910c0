// Package apitest is what tests share that need no provider: a clock that does not
// wait, servers that record requests, canned answers, and checks (checks.go).
package apitest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Bodies of answers.
const (
	OKStatus  = `{"status":{"code":10000,"description":"Ok","req_id":"5d0a0f1e8f3c4b1e9a7d2c6b8e4f1a30"}` // to be continued
	OK        = OKStatus + `}`
	NotFound  = `{"status":{"code":11101,"description":"Resource does not exist"}}`
	HTMLPage  = "<html><head><title>502 Bad Gateway</title></head></html>"
	Throttled = `{"status":{"code":11005,"description":"Making too many requests","details":"exceeded limit of 15 requests per second"}}`
)

// NewSecret returns a value in the form of Clarifai's keys that exists in this
// process only.
func NewSecret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// Clock sleeps by advancing its own time at once.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that starts at noon of an arbitrary day.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Now returns the clock's own time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep advances the clock by d, unless ctx has ended.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return nil
}

// Request is a request as the server received it.
type Request struct {
	Verb, Path, Query, Body string
	Header                  http.Header
}

// Recorder passes requests on to a handler and records them.
type Recorder struct {
	handler http.Handler
	mu      sync.Mutex
	list    []Request
}

// Record returns a recorder before h.
func Record(h http.Handler) *Recorder { return &Recorder{handler: h} }

// ServeHTTP records the request and lets the handler answer it.
func (r *Recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(strings.NewReader(string(body)))
	r.mu.Lock()
	r.list = append(r.list, Request{req.Method, req.URL.EscapedPath(), req.URL.RawQuery, string(body), req.Header.Clone()})
	r.mu.Unlock()
	r.handler.ServeHTTP(w, req)
}

// All returns the requests in the order in which they came.
func (r *Recorder) All() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

// Count returns how many requests with that verb have a path that ends in suffix.
func (r *Recorder) Count(verb, suffix string) int {
	n := 0
	for _, req := range r.All() {
		if req.Verb == verb && strings.HasSuffix(req.Path, suffix) {
			n++
		}
	}
	return n
}

// Serve answers requests over loopback until the test ends, and returns its URL.
func Serve(t testing.TB, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// InProcess is a transport that hands requests to Handler without a network, so
// that they can take part in a synctest bubble, in which the test owns time.
type InProcess struct{ Handler http.Handler }

// RoundTrip returns the handler's answer, or an error if it panics or the
// request's context ends.
func (p InProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	in := r.Clone(context.Background())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	done := make(chan *http.Response, 1)
	go func() {
		defer close(done)
		defer func() { _ = recover() }() // http.ErrAbortHandler
		w := httptest.NewRecorder()
		p.Handler.ServeHTTP(w, in)
		done <- w.Result()
	}()
	select {
	case resp, ok := <-done:
		if !ok {
			return nil, io.ErrUnexpectedEOF
		}
		return resp, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// Answers uses the handlers in turn, the last one for all further requests.
func Answers(list ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := list[min(n, len(list)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// Reply answers with a status, a body and headers, in pairs.
func Reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Pages answers the pages of a listing; each page is the JSON of its items. A page
// beyond the last is empty.
func Pages(field string, pages ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &number)
		items := ""
		if number >= 1 && number <= len(pages) {
			items = pages[number-1]
		}
		Reply(200, OKStatus+`,"`+field+`":[`+items+`]}`)(w, r)
	}
}

// Cut closes the connection without an answer.
func Cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// Short announces a longer body than it sends.
func Short(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+100))
		_, _ = io.WriteString(w, body)
	}
}

// JSON returns v as JSON.
func JSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
