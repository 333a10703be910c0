package emulator

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"sync"
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

// requestLog records and counts requests.
type requestLog struct {
	mu      sync.Mutex
	entries []*Request
	counts  Stats // of requests
}

func (l *requestLog) begin(method string, r *http.Request, at time.Time, secretInURL bool) *Request {
	path := r.RequestURI
	if path == "" {
		path = r.URL.RequestURI()
	}
	entry := &Request{Method: method, Verb: r.Method, Path: path, At: at}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= maxLogged {
		l.entries = append([]*Request(nil), l.entries[maxLogged/2:]...)
	}
	l.entries = append(l.entries, entry)
	l.counts.Requests++
	if l.counts.ByMethod == nil {
		l.counts.ByMethod = map[string]int{}
	}
	l.counts.ByMethod[method]++
	if secretInURL && r.Method != http.MethodDelete {
		l.counts.KeysInURL++
	}
	return entry
}

func (l *requestLog) finish(entry *Request, status, code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Status, entry.Code = status, code
	if code == codeThrottled {
		l.counts.Throttled++
	}
}

// Requests returns the logged requests, oldest first, including those still
// running. After very many requests, only the latest are kept.
func (e *Emulator) Requests() []Request {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	out := make([]Request, len(e.log.entries))
	for i, entry := range e.log.entries {
		out[i] = *entry
	}
	return out
}

// Count returns the number of requests of a method, by Clarifai's name, or of all
// methods if it is "". The count is exact even if the log dropped requests.
func (e *Emulator) Count(method string) int {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	if method == "" {
		return e.log.counts.Requests
	}
	return e.log.counts.ByMethod[method]
}

// Reset clears the request log and the counters.
func (e *Emulator) Reset() {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	e.log.entries, e.log.counts = nil, Stats{}
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
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	s := e.log.counts
	s.Apps, s.Keys, s.ByMethod = e.LiveApps(), e.LiveKeys(), map[string]int{}
	maps.Copy(s.ByMethod, e.log.counts.ByMethod)
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
