package clarifai

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	aKey   = "d2fe79ce18127368b7a8a3c8b1937843"
	aToken = "0123456789abcdef0123456789abcdef"
)

// A Secret hides from all verbs of fmt and from encoders, alone or inside a value.
func TestSecret_hides(t *testing.T) {
	t.Parallel()
	s := Secret(aKey)
	k := Key{Value: s, AppID: "a", Fingerprint: s.Fingerprint()}
	var wrong any = s // vet knows which verbs are wrong
	b, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(b), fmt.Sprint(errors.New(s.String()), s, k, &k, []Secret{s}, map[string]Secret{"k": s})}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s", "% x"} {
		texts = append(texts, fmt.Sprintf(verb, wrong), fmt.Sprintf(verb, k), fmt.Sprintf(verb, []any{wrong}))
	}
	for _, text := range texts {
		if strings.Contains(text, aKey) || strings.Contains(text, "64326665") || !strings.Contains(text, mask) {
			t.Errorf("the value shows, or nothing was printed (%d bytes)", len(text))
		}
	}
	if s.Reveal() != aKey {
		t.Error("Reveal does not give the value")
	}
}

func TestRedactForms(t *testing.T) {
	t.Parallel()
	r := newRedactor(aToken, "pat", "with/slash and+more", "d2fe79ce18127368")
	r.add(aKey, "", aKey)
	encode := base64.StdEncoding.EncodeToString
	for _, text := range []string{
		aKey, "x" + aKey + "y", aKey + aKey, "DELETE /v2/users/u/keys/" + aKey + ": EOF", "Key " + aToken, "a pat b",
		"with%2Fslash%20and+more", "with%2Fslash+and%2Bmore", encode([]byte(aKey)), encode([]byte("1" + aKey)), encode([]byte("12" + aKey + "3")),
		base64.RawURLEncoding.EncodeToString([]byte("?>" + aKey)), "Basic " + encode([]byte("user:"+aToken)),
	} {
		got := r.redact(text)
		if !strings.Contains(got, mask) {
			t.Errorf("%d bytes are as they were", len(text))
		}
		for _, s := range []string{aKey, aToken, "pat", "slash", encode([]byte(aKey))[:20]} {
			if strings.Contains(got, s) {
				t.Error("a secret is left")
			}
		}
	}
	for _, text := range []string{"", "nothing here", strings.Repeat("ab", 40), aKey[:15], "terraform-provider-clarifai-0.1.0-574b58e5255461222affc293a9694f62"} {
		if got := r.redact(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// records is a logger that keeps its records.
type records struct {
	mu  sync.Mutex
	all []map[string]any
}

func (r *records) Debug(_ context.Context, msg string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fields["msg"] = msg
	r.all = append(r.all, fields)
}

// The log has method, verb, path template, status, duration and request ID and, for
// a failure, code and cause; nothing else, and no ID of a path.
func TestLog_holdsNoSecret(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Clarifai-Request-Id", "echo-"+strings.TrimPrefix(r.URL.Path, "/v2/users/u/keys/"))
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"status": {"code": 11102, "description": %q, "details": %q}}`, r.URL.Path, r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	log := &records{}
	c, err := New(Config{BaseURL: server.URL, PAT: aToken, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	err = c.DeleteKey(t.Context(), "u", aKey)
	if err == nil || strings.Contains(err.Error(), aKey) || strings.Contains(err.Error(), aToken) {
		t.Error("no error, or one with a secret")
	}
	if len(log.all) != 1 {
		t.Fatalf("%d records", len(log.all))
	}
	if log.all[0]["path"] != "/v2/users/{user}/keys/{key}" {
		t.Errorf("the path is %v", log.all[0]["path"])
	}
	for name, v := range log.all[0] {
		if !slices.Contains([]string{"msg", "method", "verb", "path", "http_status", "request_id", "duration_ms", "code", "cause"}, name) {
			t.Errorf("the log has a field %s", name)
		}
		if text := fmt.Sprint(v); strings.Contains(text, aKey) || strings.Contains(text, aToken) {
			t.Errorf("%s holds a secret", name)
		}
	}
}

// net/http quotes a server that does not answer in HTTP.
func TestError_quotesNoAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprintf(conn, "{\"keys\":[{\"id\":%q}]}\r\n\r\n", aKey)
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	c, err := New(Config{BaseURL: server.URL, PAT: aToken, MaxRetries: 1, RetryBase: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = listErr(t, c.ListKeys("u"))
	if err == nil || strings.Contains(err.Error(), aKey) {
		t.Errorf("no error, or one with a key that the client never saw")
	}
}

// Redirects are not followed, so that the PAT reaches no other server.
func TestRedirect_isNotFollowed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var leaked []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		leaked = append(leaked, r.Method+" "+r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, body := range []string{"", `{"status": {"code": 10050, "description": "Resource moved", "redirect_info": {"new_resource_id": "renamed"}}}`} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", elsewhere.URL+"/v2/users/u/apps/renamed")
				w.WriteHeader(status)
				fmt.Fprint(w, body)
			}))
			c, err := New(Config{BaseURL: server.URL, PAT: aToken, MaxRetries: 1, RetryBase: 1})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.GetApp(t.Context(), "u", "a")
			newID, moved := IsMoved(err)
			switch {
			case err == nil:
				t.Errorf("%d is a success", status)
			case body != "" && (!moved || newID != "renamed"):
				t.Errorf("%d: the new id was not read: %v", status, err)
			case body == "" && !strings.Contains(err.Error(), "redirect"):
				t.Errorf("%d: %v", status, err)
			}
			if err := c.DeleteKey(t.Context(), "u", aKey); err == nil || strings.Contains(err.Error(), aKey) {
				t.Errorf("%d: a deletion that was redirected is a success, or its error has the key", status)
			}
			server.Close()
		}
	}
	if len(leaked) > 0 {
		t.Errorf("%d requests went elsewhere", len(leaked))
	}
}
