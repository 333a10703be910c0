package inventory

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// store is as much of an account as tests need: apps, keys, and a fault for each
// POST.
type store struct {
	mu     sync.Mutex
	apps   map[string]string // id → owner
	keys   []storedKey
	faults []fault        // one per POST, in turn
	refuse map[string]int // path suffix → HTTP status, answered to GET
	moved  map[string]string
	now    func() time.Time // of new keys; nil: they have no time
	hides  bool             // new keys are unlisted

	hidden   map[string]time.Time // app → until when listings lack its keys
	pageSize int                  // items per page; 0: all
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
	s := &store{apps: map[string]string{}, refuse: map[string]int{}, moved: map[string]string{}, hidden: map[string]time.Time{}}
	for _, a := range apps {
		s.apps[a] = "acme"
	}
	return s
}

func (s *store) add(app, description string, scopes ...string) clarifai.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := apitest.NewSecret()
	s.keys = append(s.keys, storedKey{app: app, id: id, description: description, scopes: scopes})
	return clarifai.Secret(id)
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
	mux.HandleFunc("GET /v2/users/acme/myscopes", apitest.Reply(200, apitest.OKStatus+`,"scopes":["All"]}`))
	mux.HandleFunc("GET /v2/users/acme/apps", s.get(func(r *http.Request) (int, string) {
		if r.URL.Query().Get("page") != "1" {
			return 200, apitest.OKStatus + `,"apps":[]}`
		}
		var list []string
		for id := range s.apps {
			list = append(list, s.app(id))
		}
		slices.Sort(list)
		return 200, apitest.OKStatus + `,"apps":[` + strings.Join(list, ",") + `]}`
	}))
	mux.HandleFunc("GET /v2/users/acme/apps/{app}", s.get(func(r *http.Request) (int, string) {
		return 200, apitest.OKStatus + `,"app":` + s.app(r.PathValue("app")) + `}`
	}))
	mux.HandleFunc("GET /v2/users/acme/keys", s.get(func(r *http.Request) (int, string) { return 200, s.list(r, "") }))
	mux.HandleFunc("GET /v2/users/acme/apps/{app}/keys", s.get(func(r *http.Request) (int, string) { return 200, s.list(r, r.PathValue("app")) }))
	mux.HandleFunc("POST /v2/users/acme/keys", s.post(s.makeKey))
	mux.HandleFunc("POST /v2/users/acme/apps", s.post(s.makeApp))
	mux.HandleFunc("DELETE /v2/users/{user}/apps/{app}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		id := r.PathValue("app")
		delete(s.apps, id)
		s.keys = slices.DeleteFunc(s.keys, func(k storedKey) bool { return k.app == id })
		apitest.Reply(200, apitest.OK)(w, r)
	})
	mux.HandleFunc("DELETE /v2/users/acme/keys/{key}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keys = slices.DeleteFunc(s.keys, func(k storedKey) bool { return k.id == r.PathValue("key") })
		apitest.Reply(200, apitest.OK)(w, r)
	})
	mux.HandleFunc("PATCH /v2/users/acme/keys", func(w http.ResponseWriter, r *http.Request) {
		var in keysBody
		_ = json.NewDecoder(r.Body).Decode(&in)
		apitest.Reply(200, apitest.OKStatus+`,"keys":`+apitest.JSON(in.Keys)+`}`)(w, r)
	})
	mux.HandleFunc("PATCH /v2/users/acme/apps/{app}", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ App json.RawMessage }
		_ = json.NewDecoder(r.Body).Decode(&in)
		apitest.Reply(200, apitest.OKStatus+`,"app":`+string(in.App)+`}`)(w, r)
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
		apitest.Reply(200, apitest.OKStatus+`,"apps":[{"id":"`+in.IDs[0].NewID+`","user_id":"acme"}]}`)(w, r)
	})
	return mux.ServeHTTP
}

// get answers a read, unless the store refuses it or the app does not exist.
func (s *store) get(read func(*http.Request) (int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for suffix, status := range s.refuse {
			if strings.HasSuffix(r.URL.Path, suffix) {
				apitest.Reply(status, fmt.Sprintf(`{"status":{"code":%d,"description":"refused"}}`, map[int]int{403: 11007, 401: 11009, 404: 11101, 500: 98009}[status]))(w, r)
				return
			}
		}
		if id := r.PathValue("app"); id != "" {
			if to := s.moved[id]; to != "" {
				apitest.Reply(307, `{"status":{"code":10050,"description":"Resource moved","redirect_info":{"new_resource_id":"`+to+`"}}}`)(w, r)
				return
			}
			if _, ok := s.apps[id]; !ok {
				apitest.Reply(404, apitest.NotFound)(w, r)
				return
			}
		}
		status, body := read(r)
		apitest.Reply(status, body)(w, r)
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

func (s *store) list(r *http.Request, app string) string {
	keys := []wireKey{{ID: "a-pat", Type: "personal_access_token"}}
	if s.pageSize > 0 {
		keys = nil // whole pages are easier to count
	}
	for _, k := range s.keys {
		if (app == "" && !k.unlisted || k.app == app) && !time.Now().Before(s.hidden[k.app]) {
			keys = append(keys, k.wire())
		}
	}
	number := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("page"), &number)
	size := s.pageSize
	if size == 0 {
		size = len(keys)
	}
	keys = keys[min((number-1)*size, len(keys)):min(number*size, len(keys))]
	return apitest.OKStatus + `,"keys":` + apitest.JSON(keys) + `}`
}

// wireKey is a key as Clarifai's API has it. It is not the client's, so that a
// wrong name in the client fails a test.
type wireKey struct {
	ID          string     `json:"id,omitempty"`
	Type        string     `json:"type,omitempty"`
	Description *string    `json:"description,omitempty"`
	Scopes      []string   `json:"scopes,omitempty"`
	Endpoints   []string   `json:"endpoints,omitempty"`
	Apps        []wireApp  `json:"apps,omitempty"`
	CreatedAt   *time.Time `json:"created_at,omitempty"`
}

type wireApp struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
}

type keysBody struct {
	Keys []wireKey `json:"keys"`
}

type appsBody struct {
	Apps []wireApp `json:"apps"`
}

func (k storedKey) wire() wireKey {
	w := wireKey{ID: k.id, Type: "app_specific_key", Description: &k.description, Scopes: k.scopes, Endpoints: k.endpoints, Apps: []wireApp{{k.app, "acme"}}}
	if !k.created.IsZero() {
		w.CreatedAt = &k.created
	}
	return w
}

func (s *store) makeKey(w http.ResponseWriter, r *http.Request) {
	var in keysBody
	_ = json.NewDecoder(r.Body).Decode(&in)
	k := storedKey{app: in.Keys[0].Apps[0].ID, id: apitest.NewSecret(), scopes: in.Keys[0].Scopes, endpoints: in.Keys[0].Endpoints}
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
	apitest.Reply(200, apitest.OKStatus+`,"keys":`+apitest.JSON([]wireKey{k.wire()})+`}`)(w, r)
}

func (s *store) makeApp(w http.ResponseWriter, r *http.Request) {
	var in appsBody
	_ = json.NewDecoder(r.Body).Decode(&in)
	id := in.Apps[0].ID
	s.mu.Lock()
	_, taken := s.apps[id]
	if !taken {
		s.apps[id] = "acme"
	}
	s.mu.Unlock()
	if taken {
		apitest.Reply(400, `{"status":{"code":40010,"description":"Object has a duplicate ID; another object with same ID already exist"}}`)(w, r)
		return
	}
	apitest.Reply(200, apitest.OKStatus+`,"apps":[{"id":"`+id+`","user_id":"acme"}]}`)(w, r)
}

// discard is an answer that is lost.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// before answers instead of doing the work, after answers once it is done.
func before(answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { answer(w, r) }
}

func after(answer http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, work http.HandlerFunc) {
		work(discard{}, r)
		answer(w, r)
	}
}

func (s *store) serve(t testing.TB, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	return serve(t, s.handler(), change...)
}

// inBubble gathers reads for a second of the bubble's time, so that simultaneous
// reads are sure to share a listing.
func (s *store) inBubble(t testing.TB, change ...func(*setup)) (*Inventory, *apitest.Recorder) {
	t.Helper()
	return inBubble(t, s.handler(), append([]func(*setup){func(cfg *setup) { cfg.inventory.GatherWindow = time.Second }}, change...)...)
}
