package clarifai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// store is as much of an account as a test needs: apps, keys, and faults that
// hit the POSTs in turn.
type store struct {
	mu     sync.Mutex
	apps   map[string]string // id → owner
	keys   []storedKey
	faults []fault        // one for each POST to come
	refuse map[string]int // path suffix → HTTP status, answered to GET
	moved  map[string]string
	now    func() time.Time // of new keys; nil: they have no time
	hides  bool             // new keys are unlisted
}

type storedKey struct {
	app, id, description string
	scopes, endpoints    []string
	created              time.Time
	unlisted             bool // the account's listing lacks it
}

// fault answers a POST in place of the store; work carries it out.
type fault func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc)

func newStore(apps ...string) *store {
	s := &store{apps: map[string]string{}, refuse: map[string]int{}, moved: map[string]string{}}
	for _, a := range apps {
		s.apps[a] = "acme"
	}
	return s
}

func (s *store) add(app, description string, scopes ...string) Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := newSecret()
	s.keys = append(s.keys, storedKey{app: app, id: id, description: description, scopes: scopes})
	return Secret(id)
}

func (s *store) live() []storedKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

func (s *store) deny(suffix string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse[suffix] = status
}

func (s *store) moveApp(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.apps, from)
	s.apps[to], s.moved[from] = "acme", to
	for i := range s.keys {
		if s.keys[i].app == from {
			s.keys[i].app = to
		}
	}
}

func (s *store) handler() http.HandlerFunc {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/users/acme/myscopes", reply(200, okStatus+`,"scopes":["All"]}`))
	mux.HandleFunc("GET /v2/users/acme/apps", s.get(func(*http.Request) (int, string) {
		var list []string
		for id := range s.apps {
			list = append(list, s.app(id))
		}
		slices.Sort(list)
		return 200, okStatus + `,"apps":[` + strings.Join(list, ",") + `]}`
	}))
	mux.HandleFunc("GET /v2/users/acme/apps/{app}", s.get(func(r *http.Request) (int, string) {
		return 200, okStatus + `,"app":` + s.app(r.PathValue("app")) + `}`
	}))
	mux.HandleFunc("GET /v2/users/acme/keys", s.get(func(*http.Request) (int, string) { return 200, s.list("") }))
	mux.HandleFunc("GET /v2/users/acme/apps/{app}/keys", s.get(func(r *http.Request) (int, string) { return 200, s.list(r.PathValue("app")) }))
	mux.HandleFunc("POST /v2/users/acme/keys", s.post(s.makeKey))
	mux.HandleFunc("POST /v2/users/acme/apps", s.post(s.makeApp))
	mux.HandleFunc("DELETE /v2/users/{user}/apps/{app}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		id := r.PathValue("app")
		delete(s.apps, id)
		s.keys = slices.DeleteFunc(s.keys, func(k storedKey) bool { return k.app == id })
		reply(200, okOnly)(w, r)
	})
	mux.HandleFunc("DELETE /v2/users/acme/keys/{key}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keys = slices.DeleteFunc(s.keys, func(k storedKey) bool { return k.id == r.PathValue("key") })
		reply(200, okOnly)(w, r)
	})
	mux.HandleFunc("PATCH /v2/users/acme/keys", func(w http.ResponseWriter, r *http.Request) {
		var in keysAnswer
		_ = json.NewDecoder(r.Body).Decode(&in)
		reply(200, okStatus+`,"keys":`+asJSON(in.Keys)+`}`)(w, r)
	})
	mux.HandleFunc("PATCH /v2/users/acme/apps/{app}", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ App json.RawMessage }
		_ = json.NewDecoder(r.Body).Decode(&in)
		reply(200, okStatus+`,"app":`+string(in.App)+`}`)(w, r)
	})
	mux.HandleFunc("PATCH /v2/users/acme/apps/ids", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			IDs []struct {
				ID    string `json:"id"`
				NewID string `json:"new_id"`
			}
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		s.moveApp(in.IDs[0].ID, in.IDs[0].NewID)
		reply(200, okStatus+`,"apps":[{"id":"`+in.IDs[0].NewID+`","user_id":"acme"}]}`)(w, r)
	})
	return mux.ServeHTTP
}

// get answers a read unless it is to be refused, or is about an app that is not there.
func (s *store) get(read func(*http.Request) (int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for suffix, status := range s.refuse {
			if strings.HasSuffix(r.URL.Path, suffix) {
				reply(status, fmt.Sprintf(`{"status":{"code":%d,"description":"refused"}}`, map[int]int{403: 11007, 401: 11009, 404: 11101, 500: 98009}[status]))(w, r)
				return
			}
		}
		if id := r.PathValue("app"); id != "" {
			if to := s.moved[id]; to != "" {
				reply(307, `{"status":{"code":10050,"description":"Resource moved","redirect_info":{"new_resource_id":"`+to+`"}}}`)(w, r)
				return
			}
			if _, ok := s.apps[id]; !ok {
				reply(404, notFound)(w, r)
				return
			}
		}
		status, body := read(r)
		reply(status, body)(w, r)
	}
}

func (s *store) post(work http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		var f fault
		if len(s.faults) > 0 {
			f, s.faults = s.faults[0], s.faults[1:]
		}
		s.mu.Unlock()
		if f == nil {
			work(w, r)
			return
		}
		f(w, r, work)
	}
}

func (s *store) app(id string) string {
	return fmt.Sprintf(`{"id":%q,"user_id":%q,"description":"as stored"}`, id, s.apps[id])
}

func (s *store) list(app string) string {
	keys := []wireKey{{ID: "a-pat", Type: typePAT}}
	for _, k := range s.keys {
		if app == "" && !k.unlisted || k.app == app {
			keys = append(keys, k.wire())
		}
	}
	return okStatus + `,"keys":` + asJSON(keys) + `}`
}

func (k storedKey) wire() wireKey {
	return wireKey{ID: k.id, Type: "app_specific_key", Description: &k.description, Scopes: k.scopes, Endpoints: k.endpoints, Apps: []wireApp{{k.app, "acme"}}, CreatedAt: Time{k.created}}
}

func (s *store) makeKey(w http.ResponseWriter, r *http.Request) {
	var in keysAnswer
	_ = json.NewDecoder(r.Body).Decode(&in)
	k := storedKey{app: in.Keys[0].Apps[0].ID, id: newSecret(), scopes: in.Keys[0].Scopes, endpoints: in.Keys[0].Endpoints}
	if d := in.Keys[0].Description; d != nil {
		k.description = *d
	}
	s.mu.Lock()
	k.unlisted = s.hides
	if s.now != nil {
		k.created = s.now()
	}
	s.keys = append(s.keys, k)
	s.mu.Unlock()
	reply(200, okStatus+`,"keys":`+asJSON([]wireKey{k.wire()})+`}`)(w, r)
}

func (s *store) makeApp(w http.ResponseWriter, r *http.Request) {
	var in appsAnswer
	_ = json.NewDecoder(r.Body).Decode(&in)
	id := in.Apps[0].ID
	s.mu.Lock()
	_, taken := s.apps[id]
	if !taken {
		s.apps[id] = "acme"
	}
	s.mu.Unlock()
	if taken {
		reply(400, `{"status":{"code":40010,"description":"Object has a duplicate ID; another object with same ID already exist"}}`)(w, r)
		return
	}
	reply(200, okStatus+`,"apps":[{"id":"`+id+`","user_id":"acme"}]}`)(w, r)
}

// discard lets work be done without an answer.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// before fails without the work done, after when it is done.
func before(answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { answer(w, r) }
}

func after(answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		work(discard{}, r)
		answer(w, r)
	}
}

func (s *store) serve(t testing.TB, change ...func(*Config)) (*Client, *journal) {
	t.Helper()
	return serve(t, s.handler(), change...)
}

// inBubble gathers for a second of the bubble's time, so that what is wanted at
// once is so for certain.
func (s *store) inBubble(t testing.TB, change ...func(*Config)) (*Client, *journal) {
	t.Helper()
	return inBubble(t, s.handler(), append([]func(*Config){func(cfg *Config) { cfg.GatherWindow = time.Second }}, change...)...)
}
