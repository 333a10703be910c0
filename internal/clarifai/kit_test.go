package clarifai

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

// newSecret has the form of Clarifai's keys and exists in this process only.
func newSecret() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// leapClock passes the time that is slept at once.
type leapClock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

func newLeapClock() *leapClock {
	return &leapClock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *leapClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *leapClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.sleeps = append(c.sleeps, d)
	return nil
}

// record is a request as it came in.
type record struct {
	verb, path, query, body string
	header                  http.Header
}

// journal keeps what a server was asked.
type journal struct {
	mu   sync.Mutex
	list []record
}

func (j *journal) note(r *http.Request) record {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	rec := record{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone()}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = append(j.list, rec)
	return rec
}

func (j *journal) all() []record {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.list)
}

// count tells how many requests there were of a verb below a path that ends so.
func (j *journal) count(verb, suffix string) int {
	n := 0
	for _, r := range j.all() {
		if r.verb == verb && strings.HasSuffix(r.path, suffix) {
			n++
		}
	}
	return n
}

// testConfig waits for nothing and paces nothing.
func testConfig() Config {
	return Config{
		PAT: newSecret(), UserID: "acme", Version: "1.2.3",
		RequestsPerSecond: 1e6, RetryBase: time.Millisecond, GatherWindow: time.Millisecond,
		Clock: newLeapClock(),
	}
}

func mustNew(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve gives a client of h, which answers over loopback.
func serve(t testing.TB, h http.HandlerFunc, change ...func(*Config)) (*Client, *journal) {
	t.Helper()
	j := &journal{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.note(r)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	cfg := testConfig()
	cfg.BaseURL = srv.URL
	for _, f := range change {
		f(&cfg)
	}
	return mustNew(t, cfg), j
}

// answers gives the answers in turn; the last one for ever.
func answers(list ...http.HandlerFunc) http.HandlerFunc {
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

func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut closes the connection without an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// short announces more than it sends.
func short(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+100))
		_, _ = io.WriteString(w, body)
	}
}

const (
	okStatus   = `{"status":{"code":10000,"description":"Ok","req_id":"5d0a0f1e8f3c4b1e9a7d2c6b8e4f1a30"}`
	okOnly     = okStatus + `}`
	notFound   = `{"status":{"code":11101,"description":"Resource does not exist"}}`
	htmlPage   = "<html><head><title>502 Bad Gateway</title></head></html>"
	throttling = `{"status":{"code":11005,"description":"Making too many requests","details":"exceeded limit of 15 requests per second"}}`
)

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// inProcess carries requests to a handler without a network, so that they can
// take part in a synctest bubble, where time is the test's own.
type inProcess struct{ h http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
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
		p.h.ServeHTTP(w, in)
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

// inBubble gives a client of h for a synctest bubble, with the bubble's time.
func inBubble(t testing.TB, h http.HandlerFunc, change ...func(*Config)) (*Client, *journal) {
	t.Helper()
	j := &journal{}
	cfg := testConfig()
	cfg.BaseURL = "https://api.test"
	cfg.Clock = nil
	cfg.Transport = inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.note(r)
		h(w, r)
	})}
	for _, f := range change {
		f(&cfg)
	}
	return mustNew(t, cfg), j
}
