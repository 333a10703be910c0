package recorder

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// session watches the requests of one configured provider.
type session struct {
	Book
	next     http.RoundTripper
	existing map[string]bool // the keys from before it: it may revoke what it created itself

	mu      sync.Mutex
	created map[string]bool // the IDs of apps that it created
}

// Watch checks the DELETEs of the provider that a client is made for, from now on.
func Watch(b Book, cfg *clarifai.Config) {
	if cfg.Transport == nil {
		cfg.Transport, _ = clarifai.NewTransport(cfg.RootCertificates) // without success, the client says why
	}
	if cfg.Transport != nil {
		cfg.Transport = watch(b, cfg.Transport)
	}
}

func watch(b Book, next http.RoundTripper) http.RoundTripper {
	s := &session{Book: b, next: next, existing: map[string]bool{}, created: map[string]bool{}}
	for _, fingerprint := range b.keys() {
		s.existing[fingerprint] = true
	}
	return s
}

// RoundTrip notes a DELETE before it is sent.
func (s *session) RoundTrip(req *http.Request) (*http.Response, error) {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/") // v2/users/USER/keys/KEY
	switch {
	case req.Method == http.MethodDelete && len(parts) == 5:
		s.deletes(req.Context(), parts[2], parts[3], parts[4])
	case req.Method == http.MethodPost && len(parts) == 4 && parts[3] == "apps":
		s.creates(req)
	}
	return s.next.RoundTrip(req)
}

func (s *session) creates(req *http.Request) {
	var posted struct {
		Apps []struct{ ID string }
	}
	body, err := req.GetBody()
	if err != nil || json.NewDecoder(body).Decode(&posted) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, app := range posted.Apps {
		s.created[app.ID] = true
	}
}

func (s *session) deletes(ctx context.Context, user, collection, id string) {
	c, _ := ctx.Value(call{}).(call) // none: of an action, or a temporary key
	if collection == "keys" {
		if fingerprint := clarifai.Secret(id).Fingerprint(); s.existing[fingerprint] {
			s.note(entry{call: c, Key: fingerprint})
		}
		return
	}
	s.mu.Lock()
	created := s.created[id]
	s.mu.Unlock()
	if !created {
		s.note(entry{call: c, App: user + "/" + id})
	}
}
