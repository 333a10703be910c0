package emulator

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"
)

// Request is one request that the emulator got.
type Request struct {
	Method string    // Clarifai's name, such as PostKeys; "" for a path that is none
	Verb   string    // of HTTP
	Path   string    // as sent, with the query
	Status int       // HTTP status answered; 0 while under way, and when the connection was cut
	Code   int       // status.code answered; 0 likewise, and for answers that are no JSON
	At     time.Time // arrival
}

// maxLogged bounds the request log. When it is full, the older half goes.
// Counters go on.
const maxLogged = 100_000

// requestLog remembers requests and counts them.
type requestLog struct {
	mu        sync.Mutex
	entries   []*Request
	total     int
	byMethod  map[string]int
	throttled int
	keysInURL int // requests other than DELETE
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

// Requests returns the requests so far, oldest first, also those under way. Of
// very many only the latest are kept.
func (e *Emulator) Requests() []Request {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	out := make([]Request, len(e.log.entries))
	for i, entry := range e.log.entries {
		out[i] = *entry
	}
	return out
}

// Count is the number of requests of a method so far, by Clarifai's name; "" is
// all methods. It is exact, however many there were.
func (e *Emulator) Count(method string) int {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	if method == "" {
		return e.log.total
	}
	return e.log.byMethod[method]
}

// Reset forgets the request log and all that was counted.
func (e *Emulator) Reset() { e.log.reset() }

// stats is what the control endpoint of that name answers.
type stats struct {
	Requests  int            `json:"requests"`
	ByMethod  map[string]int `json:"by_method"`
	Throttled int            `json:"throttled"`
	Apps      int            `json:"apps"`
	Keys      int            `json:"keys"` // live app-specific keys
	KeysInURL int            `json:"keys_in_urls"`
}

func (e *Emulator) stats() stats {
	s := stats{Apps: e.LiveApps(), Keys: e.LiveKeys(), ByMethod: map[string]int{}}
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	s.Requests, s.Throttled, s.KeysInURL = e.log.total, e.log.throttled, e.log.keysInURL
	maps.Copy(s.ByMethod, e.log.byMethod)
	return s
}

var secretPattern = regexp.MustCompile(`[0-9a-fA-F]{32}`)

// secretIn tells whether a key or token, live or dead, is anywhere in a URL.
func (s *store) secretIn(u *url.URL) bool {
	for _, text := range []string{u.Path, u.RawQuery} {
		for _, found := range secretPattern.FindAllString(text, -1) {
			if _, ok := s.known[found]; ok {
				return true
			}
		}
	}
	return false
}
