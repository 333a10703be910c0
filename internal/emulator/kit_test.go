package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// fixture is an emulator behind a server, with a caller that sends plain JSON.
type fixture struct {
	t      *testing.T
	e      *Emulator
	server *httptest.Server
	url    string
	pat    string
	header [2]string // name and value; one more, or instead of another
}

func newFixture(t *testing.T, o Options) *fixture {
	t.Helper()
	if o.UserID == "" {
		o.UserID = "u"
	}
	return serve(t, New(o))
}

// serve returns a fixture for an emulator.
func serve(t *testing.T, e *Emulator) *fixture {
	t.Helper()
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return &fixture{t: t, e: e, server: server, url: server.URL, pat: e.PAT()}
}

// as returns the same fixture with another caller.
func (b *fixture) as(secret string) *fixture {
	c := *b
	c.pat = secret
	return &c
}

// with returns the same fixture with a header.
func (b *fixture) with(name, value string) *fixture {
	c := *b
	c.header = [2]string{name, value}
	return &c
}

type object = map[string]any

// patching is the body of a PATCH of an app, renaming of one that changes its ID.
func patching(app object) object { return object{"action": "overwrite", "app": app} }

func renaming(from, to string) object {
	return object{"action": "overwrite", "ids": []any{object{"id": from, "new_id": to}}}
}

// got is an answer.
type got struct {
	http   int
	header http.Header
	raw    string
	body   object
}

func (g got) code() int {
	n, _ := g.object("status")["code"].(float64)
	return int(n)
}

func (g got) details() string {
	s, _ := g.object("status")["details"].(string)
	return s
}

// object returns a field that is an object.
func (g got) object(name string) object {
	o, _ := g.body[name].(object)
	return o
}

func (g got) list(name string) []object {
	var out []object
	items, _ := g.body[name].([]any)
	for _, item := range items {
		out = append(out, item.(object))
	}
	return out
}

// send sends a request. body is an object, a string to send unchanged, or nil.
func (b *fixture) send(verb, path string, body any) (got, error) {
	b.t.Helper()
	var r io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(body)
	default:
		raw, err := json.Marshal(body)
		apitest.Must(b.t, err)
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(verb, b.url+path, r)
	apitest.Must(b.t, err)
	if b.pat != "" {
		req.Header.Set("Authorization", "Key "+b.pat)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.header[0] != "" {
		req.Header.Set(b.header[0], b.header[1])
	}
	return b.roundTrip(req)
}

func (b *fixture) roundTrip(req *http.Request) (got, error) {
	b.t.Helper()
	// A transport follows no redirects, and without keep-alive it repeats no request.
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return got{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return got{}, err
	}
	g := got{http: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &g.body) // Some answers are deliberately not JSON.
	return g, nil
}

// do sends a request and requires an answer.
func (b *fixture) do(verb, path string, body any) got {
	b.t.Helper()
	g, err := b.send(verb, path, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", verb, path, err)
	}
	return g
}

// ok sends a request and requires success.
func (b *fixture) ok(verb, path string, body any) got {
	b.t.Helper()
	g := b.do(verb, path, body)
	if g.http != http.StatusOK || g.code() != codeSuccess {
		b.t.Fatalf("%s %s: HTTP %d: %s", verb, path, g.http, g.raw)
	}
	return g
}

// refusal is the HTTP status and the status.code of a failed request.
type refusal struct{ http, code int }

// fails sends a request and requires that it fails as wanted, with these texts in the details.
func (b *fixture) fails(verb, path string, body any, want refusal, says ...string) got {
	b.t.Helper()
	g := b.do(verb, path, body)
	if (refusal{g.http, g.code()}) != want {
		b.t.Fatalf("%s %s: HTTP %d, code %d, want %d, %d: %s", verb, path, g.http, g.code(), want.http, want.code, g.raw)
	}
	for _, text := range says {
		if !strings.Contains(g.details(), text) {
			b.t.Errorf("%s %s: no %q in %s", verb, path, text, g.raw)
		}
	}
	return g
}

// app creates an app with this ID and the JSON fields in extra, alternately names
// and values.
func (b *fixture) app(id string, extra ...any) object {
	b.t.Helper()
	in := object{"id": id}
	for i := 0; i < len(extra); i += 2 {
		in[extra[i].(string)] = extra[i+1]
	}
	return b.ok("POST", "/v2/users/me/apps", object{"apps": []any{in}}).list("apps")[0]
}

func keyBody(app string, scopes ...string) object {
	return object{"keys": []any{object{"description": "d", "scopes": scopes,
		"apps": []any{object{"id": app, "user_id": "u"}}}}}
}

// key creates a key of user u for an app.
func (b *fixture) key(app string, scopes ...string) object {
	b.t.Helper()
	return b.ok("POST", "/v2/users/me/keys", keyBody(app, scopes...)).list("keys")[0]
}

// ids returns the IDs of a list.
func ids(items []object) string {
	var s []string
	for _, item := range items {
		s = append(s, item["id"].(string))
	}
	return strings.Join(s, " ")
}

// fractional is a clock whose times have nine digits.
func fractional() *apitest.Clock {
	c := apitest.NewClock()
	c.Advance(123456789)
	return c
}
