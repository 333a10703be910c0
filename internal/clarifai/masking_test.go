package clarifai

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

const (
	aKey   = "d2fe79ce18127368b7a8a3c8b1937843"
	aToken = "0123456789abcdef0123456789abcdef"
)

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
		apitest.Says(t, got, mask)
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

// The log has method, verb, path template, status, duration and request ID and, for
// a failure, code and cause; nothing else, and no ID of a path.
func TestLog_holdsNoSecret(t *testing.T) {
	t.Parallel()
	log := &memory{}
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Clarifai-Request-Id", "echo-"+strings.TrimPrefix(r.URL.Path, "/v2/users/u/keys/"))
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"status": {"code": 11102, "description": %q, "details": %q}}`, r.URL.Path, r.Header.Get("Authorization"))
	}, func(cfg *Config) { cfg.PAT, cfg.Logger = aToken, log })
	err := c.DeleteKey(t.Context(), "u", aKey)
	if err == nil || strings.Contains(err.Error(), aKey) || strings.Contains(err.Error(), aToken) {
		t.Error("no error, or one with a secret")
	}
	if len(log.all) != 1 {
		t.Fatalf("%d records", len(log.all))
	}
	apitest.Equal(t, log.all[0]["path"], "/v2/users/{user}/keys/{key}", "path")
	for name, v := range log.all[0] {
		if !slices.Contains([]string{"msg", "method", "verb", "path", "http_status", "request_id", "duration_ms", "code", "cause"}, name) {
			t.Errorf("the log has a field %s", name)
		}
		if text := fmt.Sprint(v); strings.Contains(text, aKey) || strings.Contains(text, aToken) {
			t.Errorf("%s holds a secret", name)
		}
	}
}
