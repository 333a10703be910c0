package clarifai

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// memory is a logger that keeps its records.
type memory struct {
	mu  sync.Mutex
	all []map[string]any
}

func (m *memory) Debug(_ context.Context, msg string, fields map[string]any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fields["msg"] = msg
	m.all = append(m.all, fields)
}

func (m *memory) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprint(m.all)
}

// The path of DELETE contains the key, so every way in which DELETE can fail could
// expose it. The log has the template of the path, and these fields.
func TestNoSecretInErrorsOrLogs(t *testing.T) {
	t.Parallel()
	faults := map[string]func(key string) http.HandlerFunc{
		"cut":          func(string) http.HandlerFunc { return apitest.Cut },
		"short":        func(key string) http.HandlerFunc { return apitest.Short(`{"status":{"details":"` + key) },
		"details":      echo,
		"request id":   func(key string) http.HandlerFunc { return apitest.Reply(502, "", "X-Clarifai-Request-Id", key) },
		"gateway":      func(key string) http.HandlerFunc { return apitest.Reply(500, `{"message":"no route to `+key+`"}`) },
		"invalid JSON": func(key string) http.HandlerFunc { return apitest.Reply(200, `{"status":`+key) },
		"wrong type": func(key string) http.HandlerFunc {
			return apitest.Reply(200, `{"status":{"code":"`+key+`","details":[]}}`)
		},
		"HTML": func(key string) http.HandlerFunc { return apitest.Reply(502, "<html>"+key) },
		"redirect": func(key string) http.HandlerFunc {
			return apitest.Reply(302, "", "Location", "http://127.0.0.1:1/"+key)
		},
		"broken header": malformed,
		"the request": func(string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				apitest.Reply(400, `{"status":{"code":11102,"details":`+apitest.JSON(r.URL.Path[len("/v2/"):]+r.Header.Get("Authorization"))+`}}`)(w, r)
			}
		},
	}
	for name, fault := range faults {
		for _, key := range []string{apitest.NewSecret(), "short/key+with odd=signs" + apitest.NewSecret()} {
			logged := &memory{}
			var pat string
			c, _ := serve(t, fault(key), func(cfg *Config) { cfg.Logger, cfg.MaxRetries, pat = logged, 1, cfg.PAT })
			err := c.DeleteKey(t.Context(), "acme", Secret(key))
			if err == nil {
				t.Fatal(name, "no error")
			}
			if strings.Contains(err.Error(), "/v2/") {
				t.Errorf("%s: the URL is in the error: %s", name, strings.ReplaceAll(err.Error(), key, "SECRET"))
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%v", errors.Unwrap(err)), logged.String()} {
				for _, secret := range []string{key, pat} {
					if form := apitest.LeakForm(text, secret); form != "" {
						t.Errorf("%s: a secret in %s: %s", name, form, strings.ReplaceAll(text, secret, "SECRET"))
					}
				}
			}
			e, line := AsError(err), logged.all[0]
			apitest.Equal(t, [4]any{line["method"], line["path"], line["code"], line["cause"] != nil},
				[4]any{"DeleteKey", "/v2/users/{user}/keys/{key}", e.Code, e.Cause != ""}, "logged", name)
			for _, fields := range logged.all {
				for field := range fields {
					if !slices.Contains(strings.Fields("msg method verb path http_status request_id duration_ms code cause pause_ms"), field) {
						t.Errorf("%s: the log has a field %s", name, field)
					}
				}
			}
		}
	}
}

// echo quotes the key in each form, as Clarifai's details may, and a key that the
// client has never seen.
func echo(key string) http.HandlerFunc {
	details := strings.Join([]string{key, url.QueryEscape(key), url.PathEscape(key), base64.StdEncoding.EncodeToString([]byte(key))}, " ")
	return apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid request `+key+`","details":`+apitest.JSON(details)+`,"req_id":"`+key+`"}}`)
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

func TestErrorTellsAttemptsAndTime(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, apitest.Reply(503, apitest.HTMLPage, "X-Clarifai-Request-Id", "req-1", "Retry-After", "2"), func(cfg *Config) { cfg.MaxRetries = 3 })
	_, err := c.GetApp(t.Context(), "acme", "shop")
	e := AsError(err)
	if e == nil || e.Attempts != 4 || e.Elapsed < 6*time.Second || e.RequestID != "req-1" || e.HTTPStatus != 503 {
		t.Fatalf("%+v", e)
	}
	apitest.Says(t, err.Error(), "GetApp: HTTP status 503 Service Unavailable: ", "; request id req-1; asked to wait 2s; gave up after 4 attempts in 6")
}

func TestSecretsShowNothing(t *testing.T) {
	t.Parallel()
	value := apitest.NewSecret()
	k := Key{Value: Secret(value), UserID: "acme", AppID: "shop", Fingerprint: Secret(value).Fingerprint()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s", "% x"} {
		for _, v := range []any{k.Value, k, &k, []Key{k}, []any{k.Value}, map[string]Secret{"a": k.Value}} {
			if text := fmt.Sprintf(verb, v); apitest.LeakForm(text, value) != "" || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", value)) {
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
	apitest.Equal(t, Secret("a").Fingerprint(), "ca978112ca1bbdca", "sha256sum of a")
}

func TestRedact(t *testing.T) {
	t.Parallel()
	long, odd := apitest.NewSecret(), "p/a+t "+apitest.NewSecret()
	c := mustNew(t, Config{PAT: long})
	c.secrets.add(odd, odd[:20], "", "pat")
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
		"a pat b":                         "a " + mask + " b",
		"Basic " + basic("user:"+long):    "Basic " + mask,
		basic("1" + long):                 mask,
		"x" + basic(long):                 mask,
		basic("12" + long + "3"):          mask,
		strings.Repeat("ab", 40):          strings.Repeat("ab", 40),
		"clarifai-0.1.0-574b58e525546122": "clarifai-0.1.0-574b58e525546122",
		base64.RawURLEncoding.EncodeToString([]byte("?>" + long)): mask,
	} {
		apitest.Equal(t, c.secrets.redact(in), want, "for", want)
	}
	for text, want := range map[string]bool{"": false, "short": false, long: true, long + " ": false} {
		apitest.Equal(t, IsKeyLike(text), want, "looks like a key, of length", len(text))
	}
}

func basic(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// What is known of the PAT of a request that was refused is asked of the account of that request.
func TestStanding(t *testing.T) {
	t.Parallel()
	held, limited := []string{"All"}, Standing{Endpoints: []string{EndpointPrefix + "GetApp"}}
	for n, s := range []Standing{
		{Account: "acme", Owner: "alice", Scopes: held, Shut: true}, // alone is foreign
		{Account: "acme", Owner: "alice", Scopes: held}, {Account: "acme", Owner: "alice", Shut: true},
		{Account: "acme", Scopes: held, Shut: true}, {Account: "acme", Owner: "acme", Scopes: held, Shut: true},
	} {
		apitest.Equal(t, s.Foreign(), n == 0, "foreign", n)
	}
	if (Standing{}).LacksEndpoint("GetApp") || limited.LacksEndpoint("GetApp") || !limited.LacksEndpoint("GetKey") {
		t.Error("whether an endpoint is lacking")
	}
	c, _ := serve(t, apitest.Reply(403, `{"status":{"code":11007}}`))
	apitest.Equal(t, AsError(apitest.Err(c.GetMe(t.Context()))).Standing().Account, "", "nobody finds out about")
	c.OnRefusal(func(_ context.Context, account string) Standing { return Standing{Account: account} })
	once := WithSingleAttempt(t.Context(), time.Minute) // as a preflight asks, whose answers count for the run
	for want, err := range map[string]error{"acme": apitest.Err(c.GetApp(t.Context(), "acme", "shop")), "globex": apitest.Err(c.GetApp(once, "globex", "shop")), "me": apitest.Err(c.GetMe(t.Context())), "": apitest.Err(c.AppOfKey(t.Context()))} {
		apitest.Equal(t, AsError(err).Standing().Account, want, "account")
	}
	apitest.Equal(t, AsError(nil).Standing().Account, "", "account of no error")
}

func TestKindsOfErrors(t *testing.T) {
	t.Parallel()
	if IsNotFound(nil) || IsInvalid(nil) || IsUnsent(nil) || IsRefused(nil) || IsRefused(&Error{HTTPStatus: 400}) || !IsRefused(&Error{HTTPStatus: 400, Code: CodeInvalidRequest}) || IsWorkflowRefused(nil) || ReportOutage(nil) || IsUnauthorized(nil) || IsOutcomeUnknown(errors.New("x")) || IsInsufficientScopes(nil) || AsError(nil) != nil {
		t.Error("no error of this package is taken for one")
	}
	wrapped := fmt.Errorf("reading: %w", &Error{Code: CodeDoesNotExist})
	if !IsNotFound(wrapped) || AsError(wrapped) == nil {
		t.Error(wrapped)
	}
	if !IsUnauthorized(&Error{HTTPStatus: 401, Cause: "the answer is empty"}) || IsUnauthorized(&Error{HTTPStatus: 403, Code: CodeInsufficientScopes}) {
		t.Error("unauthorized")
	}
	if _, moved := IsMoved(&Error{Code: CodeMoved}); !moved {
		t.Error("moved without a new id")
	}
	for _, codes := range [][2]int{{40011, 40016}, {40030, 40032}, {98004, 98021}, {99001, 99009}} {
		for code, want := range map[int]bool{codes[0] - 1: false, codes[0]: true, codes[1]: true, codes[1] + 1: false} {
			apitest.Equal(t, IsTransient(&Error{HTTPStatus: 400, Code: code}), want, "transient:", code)
		}
	}
	for code, want := range map[int]bool{22101: false, 22102: true, 22107: true, 22108: false} {
		apitest.Equal(t, IsWorkflowRefused(&Error{Code: code}), want, "workflow refused:", code)
	}
	for e, want := range map[*Error]bool{
		{HTTPStatus: 400}: true, {HTTPStatus: 400, Code: CodeInvalidRequest}: true, {HTTPStatus: 400, Code: CodeAccountIssues}: false,
		{HTTPStatus: 500}: false, {HTTPStatus: 404}: false, {HTTPStatus: 400, Code: CodeInsufficientScopes}: false, {HTTPStatus: 404, Code: CodeDoesNotExist}: false,
	} {
		apitest.Equal(t, IsInvalid(e), want, "invalid:", *e)
	}
	for e, want := range map[*Error]bool{
		{HTTPStatus: 500, Code: 98004}:           true,
		{HTTPStatus: 502, Cause: "HTML"}:         true,
		{Cause: "closed in the middle"}:          true,
		{HTTPStatus: 200, Cause: "broken"}:       true,
		{HTTPStatus: 202, Code: codeAccepted}:    true,
		{HTTPStatus: 207, Code: CodeMixedStatus}: true,
		{HTTPStatus: 200, Code: CodeTryAgain}:    true,
		{HTTPStatus: 500, Method: "ListAppKeys"}: false,
		{unsent: true}:                           false,
		{HTTPStatus: 429}:                        false,
		{HTTPStatus: 503, Code: CodeThrottled}:   false,
		{HTTPStatus: 400, Code: 11102}:           false,
		{err: errNotRetryable}:                   false,
	} {
		apitest.Equal(t, IsOutcomeUnknown(e), want, "outcome unknown of", *e)
	}
}
