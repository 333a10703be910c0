package emulator

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// Request is one received request.
type Request struct {
	Method string    // Clarifai's name, such as PostKeys; "" for an unknown path
	Verb   string    // HTTP method
	Path   string    // as sent, with the query
	Status int       // HTTP status of the answer; 0 while the request is running or if the connection was cut
	Code   int       // status.code of the answer; 0 in the same cases, and if the answer is not JSON
	At     time.Time // time of arrival
}

// maxLogged is the maximum length of the request log. When it is full, the older
// half is dropped. Counters are not affected.
const maxLogged = 100_000

// record logs and counts a request. The caller must hold e.mu.
func (e *Emulator) record(x *exchange) *Request {
	r := x.request
	entry := &Request{Method: x.route.name, Verb: r.Method, Path: cmp.Or(r.RequestURI, r.URL.RequestURI()), At: e.opts.Now()}
	if len(e.requests) >= maxLogged {
		e.requests = slices.Clone(e.requests[maxLogged/2:])
	}
	e.requests = append(e.requests, entry)
	e.counts.Requests++
	if e.counts.ByMethod == nil {
		e.counts.ByMethod = map[string]int{}
	}
	e.counts.ByMethod[entry.Method]++
	if r.Method != http.MethodDelete && e.store.secretIn(r.URL) {
		e.counts.KeysInURL++
	}
	return entry
}

// finish completes the log entry of a request.
func (e *Emulator) finish(entry *Request, status, code int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	entry.Status, entry.Code = status, code
	if code == codeThrottled {
		e.counts.Throttled++
	}
}

// Requests returns the logged requests, oldest first, including those still
// running. After very many requests, only the latest are kept.
func (e *Emulator) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Request, len(e.requests))
	for i, entry := range e.requests {
		out[i] = *entry
	}
	return out
}

// Count returns the number of requests of a method, by Clarifai's name, or of all
// methods if it is "". The count is exact even if the log dropped requests.
func (e *Emulator) Count(method string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if method == "" {
		return e.counts.Requests
	}
	return e.counts.ByMethod[method]
}

// Reset clears the request log and the counters.
func (e *Emulator) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests, e.counts = nil, Stats{}
}

// Stats is what an emulator counts, as the control endpoint /_emulator/stats
// answers it.
type Stats struct {
	Requests  int            `json:"requests"`
	ByMethod  map[string]int `json:"by_method"`
	Throttled int            `json:"throttled"`
	Apps      int            `json:"apps"`
	Keys      int            `json:"keys"`         // live app-specific keys
	KeysInURL int            `json:"keys_in_urls"` // requests other than DELETE
}

// Stats returns what the emulator has counted since the last [Emulator.Reset].
func (e *Emulator) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.counts
	s.ByMethod = map[string]int{}
	maps.Copy(s.ByMethod, e.counts.ByMethod)
	s.Apps = len(e.store.apps.all)
	for _, k := range e.store.keys.all {
		if !k.isPAT() {
			s.Keys++
		}
	}
	return s
}

var secretPattern = regexp.MustCompile(`[0-9a-fA-F]{32}`)

// secretIn reports whether a URL contains a key or token, deleted or not.
func (s *store) secretIn(u *url.URL) bool {
	for _, text := range []string{u.Path, u.RawQuery} {
		for _, found := range secretPattern.FindAllString(text, -1) {
			if _, ok := s.secrets[found]; ok {
				return true
			}
		}
	}
	return false
}
