package clarifai

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// memory keeps what is logged.
type memory struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (m *memory) Debug(_ context.Context, msg string, fields map[string]any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fmt.Fprintf(&m.buf, "%s %v\n", msg, fields)
}

func (m *memory) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buf.String()
}

// leaks tells in which form a text holds a secret.
func leaks(text, secret string) string {
	for form, s := range map[string]string{
		"clear": secret, "base64": base64.StdEncoding.EncodeToString([]byte(secret)), "url": url.QueryEscape(secret),
	} {
		if strings.Contains(text, s) {
			return form
		}
	}
	return ""
}

// A key stands in the path of DELETE, so every way in which that can fail is a
// way for it to get out.
func TestNoSecretInErrorsOrLogs(t *testing.T) {
	t.Parallel()
	faults := map[string]func(key string) http.HandlerFunc{
		"cut":           func(string) http.HandlerFunc { return cut },
		"short":         func(key string) http.HandlerFunc { return short(`{"status":{"details":"` + key) },
		"details":       echo,
		"request id":    func(key string) http.HandlerFunc { return reply(502, "", "X-Clarifai-Request-Id", key) },
		"gateway":       func(key string) http.HandlerFunc { return reply(500, `{"message":"no route to `+key+`"}`) },
		"invalid JSON":  func(key string) http.HandlerFunc { return reply(200, `{"status":`+key) },
		"wrong type":    func(key string) http.HandlerFunc { return reply(200, `{"status":{"code":"`+key+`","details":[]}}`) },
		"HTML":          func(key string) http.HandlerFunc { return reply(502, "<html>"+key) },
		"redirect":      func(key string) http.HandlerFunc { return reply(302, "", "Location", "http://127.0.0.1:1/"+key) },
		"broken header": malformed,
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, key := range []string{newSecret(), "short/key+with odd=signs" + newSecret()} {
				logged := &memory{}
				var pat string
				c, _ := serve(t, fault(key), func(cfg *Config) { cfg.Logger, cfg.MaxRetries, pat = logged, 1, cfg.PAT })
				err := c.DeleteKey(t.Context(), "acme", Secret(key))
				if err == nil {
					t.Fatal("no error")
				}
				if strings.Contains(err.Error(), "/v2/") {
					t.Errorf("the URL is in the error: %s", strings.ReplaceAll(err.Error(), key, "SECRET"))
				}
				for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%v", errors.Unwrap(err)), logged.String()} {
					for _, secret := range []string{key, pat} {
						if form := leaks(text, secret); form != "" {
							t.Errorf("a secret in %s: %s", form, strings.ReplaceAll(text, secret, "SECRET"))
						}
					}
				}
				if !strings.Contains(logged.String(), "DeleteKey") {
					t.Errorf("nothing is logged of the request: %s", logged)
				}
			}
		})
	}
}

// echo repeats the key in each form, as Clarifai's details may, and a key that
// the client has never seen.
func echo(key string) http.HandlerFunc {
	details := strings.Join([]string{key, url.QueryEscape(key), url.PathEscape(key), base64.StdEncoding.EncodeToString([]byte(key))}, " ")
	return reply(400, `{"status":{"code":11102,"description":"Invalid request `+key+`","details":`+asJSON(details)+`,"req_id":"`+key+`"}}`)
}

func malformed(key string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 "+key+" "+key+"\r\n\r\n")
			_ = conn.Close()
		}
	}
}

func TestKeysNeverSeenAreMaskedToo(t *testing.T) {
	t.Parallel()
	stranger, id := newSecret(), newSecret()
	c, _ := serve(t, reply(401, `{"status":{"code":11009,"description":"API key not found","details":"invalid key(`+stranger+`) in `+id+`","req_id":"tf-`+id+`"}}`))
	_, err := c.ListAppKeys(t.Context(), "acme", "shop")
	want := "ListAppKeys: Clarifai answered 11009 API key not found: invalid key([redacted]) in " + id + " (HTTP 401); request id tf-" + id
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if leaks(err.Error(), stranger) != "" {
		t.Error("the key is in the error")
	}
}

func TestErrorTellsAttemptsAndTime(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, reply(503, htmlPage, "X-Clarifai-Request-Id", "req-1", "Retry-After", "2"), func(cfg *Config) { cfg.MaxRetries = 3 })
	_, err := c.GetApp(t.Context(), "acme", "shop")
	e := as(err)
	if e == nil || e.Attempts != 4 || e.Elapsed < 6*time.Second || e.RequestID != "req-1" || e.HTTPStatus != 503 {
		t.Fatalf("%+v", e)
	}
	for _, want := range []string{"GetApp: HTTP status 503 Service Unavailable: ", "; request id req-1; asked to wait 2s; gave up after 4 attempts in 6"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

func TestSecretsShowNothing(t *testing.T) {
	t.Parallel()
	value := newSecret()
	k := Key{Value: Secret(value), UserID: "acme", AppID: "shop", Fingerprint: Secret(value).Fingerprint()}
	made := MadeKey{Key: k}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s"} {
		for _, v := range []any{k.Value, k, &k, made, []Key{k}, map[string]Secret{"a": k.Value}} {
			if text := fmt.Sprintf(verb, v); leaks(text, value) != "" || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", value)) {
				t.Errorf("%s of %T shows the value", verb, v)
			}
		}
	}
	if k.Value.String() != "[redacted]" || k.Value.Reveal() != value {
		t.Error("String and Reveal")
	}
	if b, err := json.Marshal(k.Value); err != nil || string(b) != `"`+mask+`"` {
		t.Error("JSON shows the value")
	}
	if strings.Contains(value, k.Fingerprint) || len(k.Fingerprint) != 16 || k.ID() != "acme/shop/"+k.Fingerprint {
		t.Error(k.ID())
	}
	// sha256sum of "a".
	if got := Secret("a").Fingerprint(); got != "ca978112ca1bbdca" {
		t.Error(got)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	long, odd := newSecret(), "p/a+t "+newSecret()
	c := mustNew(t, Config{PAT: long})
	c.secrets.add(odd, odd[:20], "")
	for in, want := range map[string]string{
		"":                                "",
		"nothing":                         "nothing",
		long:                              mask,
		"x" + long + "y" + long:           "x" + mask + "y" + mask,
		long[:31] + "!":                   long[:31] + "!",
		"a " + odd + " b":                 "a " + mask + " b",
		url.QueryEscape(odd):              mask,
		"/keys/" + url.PathEscape(odd):    "/keys/" + mask,
		basic(long) + "," + basic(odd):    mask + "," + mask,
		odd[:20] + "z":                    mask + "z",
		"ключ " + long + " ключ " + mask:  "ключ " + mask + " ключ " + mask,
		strings.Repeat(long, 3) + " tail": strings.Repeat(mask, 3) + " tail",
	} {
		if got := c.Redact(in); got != want {
			t.Errorf("%q for %q", got, want)
		}
	}
}

func basic(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestKindsOfErrors(t *testing.T) {
	t.Parallel()
	if IsNotFound(nil) || IsUnauthorized(nil) || IsUnsettled(errors.New("x")) || IsInsufficientScopes(nil) || as(nil) != nil {
		t.Error("no error of this package is taken for one")
	}
	wrapped := fmt.Errorf("reading: %w", &UntrustedError{UserID: "acme", Err: &Error{Code: CodeDoesNotExist}})
	if !IsNotFound(wrapped) || !strings.Contains(wrapped.Error(), "the account acme does not answer") {
		t.Error(wrapped)
	}
	if !IsUnauthorized(&Error{HTTPStatus: 401, Cause: "the answer is empty"}) || IsUnauthorized(&Error{HTTPStatus: 403, Code: CodeInsufficientScopes}) {
		t.Error("unauthorized")
	}
	if _, moved := IsMoved(&Error{Code: CodeMoved}); !moved {
		t.Error("moved without a new id")
	}
	lost := &LostError{Sent: &Error{Method: "PostKeys"}, Look: context.DeadlineExceeded}
	if !errors.Is(lost, context.DeadlineExceeded) || as(lost).Method != "PostKeys" {
		t.Error(lost)
	}
	for e, want := range map[*Error]bool{
		{HTTPStatus: 500, Code: 98004}:           true,
		{HTTPStatus: 502, Cause: "HTML"}:         true,
		{Cause: "closed in the middle"}:          true,
		{HTTPStatus: 200, Cause: "broken"}:       true,
		{HTTPStatus: 202, Code: codeAccepted}:    true,
		{HTTPStatus: 207, Code: CodeMixedStatus}: true,
		{HTTPStatus: 200, Code: CodeTryAgain}:    true,
		{unsent: true}:                           false,
		{HTTPStatus: 429}:                        false,
		{HTTPStatus: 503, Code: CodeThrottled}:   false,
		{HTTPStatus: 400, Code: 11102}:           false,
		{err: errNotRetryable}:                   false,
	} {
		if IsUnsettled(e) != want {
			t.Errorf("%+v: unsettled is not %t", *e, want)
		}
	}
}
