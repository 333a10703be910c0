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
	mu        sync.Mutex
	entries   []*Request
	total     int
	byMethod  map[string]int
	throttled int
	keysInURL int // requests other than DELETE with a key in the URL
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
	l.total++
	if l.byMethod == nil {
		l.byMethod = map[string]int{}
	}
	l.byMethod[method]++
	if secretInURL && r.Method != http.MethodDelete {
		l.keysInURL++
	}
	return entry
}

func (l *requestLog) finish(entry *Request, status, code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Status, entry.Code = status, code
	if code == codeThrottled {
		l.throttled++
	}
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.byMethod = nil, nil
	l.total, l.throttled, l.keysInURL = 0, 0, 0
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
		return e.log.total
	}
	return e.log.byMethod[method]
}

// Reset clears the request log and the counters.
func (e *Emulator) Reset() { e.log.reset() }

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
	s := Stats{Apps: e.LiveApps(), Keys: e.LiveKeys(), ByMethod: map[string]int{}}
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	s.Requests, s.Throttled, s.KeysInURL = e.log.total, e.log.throttled, e.log.keysInURL
	maps.Copy(s.ByMethod, e.log.byMethod)
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
