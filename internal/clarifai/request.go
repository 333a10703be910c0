package clarifai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody bounds what is read of an answer, in bytes. A page of 1000 keys with
// every scope is about 4 MB.
const maxBody = 64 << 20

// call is one request of a method.
type call struct {
	method string // Clarifai's name of it
	verb   string
	path   []string
	query  url.Values
	body   any
	out    answer
	finish bool // once sent, the answer is waited for though the run is being cancelled
}

// template is the path without the names in it, one of which may be a key.
func (k call) template() string {
	segments := []string{"", "v2"}
	for i, segment := range k.path {
		if i%2 == 1 && segment != "me" && segment != "ids" {
			segment = "{" + strings.TrimSuffix(k.path[i-1], "s") + "}"
		}
		segments = append(segments, segment)
	}
	return strings.Join(segments, "/")
}

// once sends the call a single time and checks the answer: the HTTP status and
// the status in the body both have to be good.
func (c *Client) once(ctx context.Context, k call) *Error {
	e := &Error{Method: k.method, Attempts: 1}
	started := c.cfg.Clock.Now()
	defer func() {
		e.Elapsed = c.cfg.Clock.Now().Sub(started)
		c.logAnswer(ctx, k, e)
	}()

	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { wrote.Store(true) },
	})
	req, err := c.request(ctx, k)
	if err != nil {
		e.unsent, e.err, e.Cause = true, errNotRetryable, c.Redact(err.Error())
		return e
	}
	resp, err := c.http.Do(req)
	if err != nil {
		e.unsent = !wrote.Load()
		c.explain(e, err)
		return e
	}
	defer resp.Body.Close()
	e.HTTPStatus = resp.StatusCode
	e.RequestID = c.Redact(resp.Header.Get("X-Clarifai-Request-Id"))
	c.noteServerTime(resp.Header.Get("Date"))
	e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), c.cfg.Clock.Now())
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		c.explain(e, err)
		e.Cause, e.cutShort = "the answer broke off: "+e.Cause, true
		return e
	case len(body) > maxBody:
		e.Cause = fmt.Sprintf("the answer is longer than %d MiB", maxBody>>20)
		return e
	}
	if c.check(e, k, resp, body) {
		e.Code = CodeSuccess
	}
	return e
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	if slices.Contains(k.path, "") { // the path would name another method: …/apps/ for an app without an id
		return nil, errors.New("an id is empty")
	}
	var body io.Reader
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, k.verb, c.url(k.query, k.path...).String(), body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Key "+c.cfg.PAT)
	req.Header.Set("User-Agent", "terraform-provider-clarifai/"+c.cfg.Version)
	req.Header.Set("X-Clarifai-Request-ID-Prefix", "terraform-provider-clarifai-"+c.cfg.Version)
	return req, nil
}

// check fills e from the answer and reports whether it is a success that was
// decoded into k.out.
func (c *Client) check(e *Error, k call, resp *http.Response, body []byte) bool {
	env, err := decode(k.out, body)
	if err != nil || env.Status == nil {
		e.Cause, e.cutShort = c.unusable(resp, body, env, err), endsEarly(body, err)
		return false
	}
	s := env.Status
	if s.RequestID != "" {
		e.RequestID = c.Redact(s.RequestID)
	}
	if s.Code == CodeSuccess && resp.StatusCode < 300 {
		return true
	}
	e.Code = int(s.Code)
	e.Description = c.secrets.foreign(s.Description, e.RequestID)
	e.Details = c.secrets.foreign(s.Details, e.RequestID)
	switch {
	case s.Redirect != nil:
		e.MovedTo = c.Redact(s.Redirect.NewID)
	case s.Code == CodeMoved:
		e.MovedTo = movedTo(k.path, resp.Header.Get("Location"))
	case s.Code == CodeSuccess:
		e.Code, e.Cause = 0, "the body says success, the HTTP status does not"
	case s.Code == 0:
		e.Cause = "the status has no code"
	}
	return false
}

// movedTo reads the new id of an app from a Location, because Clarifai's
// redirect_info is not part of its published status: the segment that stands
// where the old id stood in the path that was asked for.
func movedTo(path []string, location string) string {
	to, err := url.Parse(location)
	if err != nil || location == "" {
		return ""
	}
	segments := strings.Split(strings.Trim(to.EscapedPath(), "/"), "/")
	at, was := slices.Index(segments, "apps"), slices.Index(path, "apps")
	if at < 0 || at+1 >= len(segments) || was < 0 || was+1 >= len(path) {
		return ""
	}
	id, err := url.PathUnescape(segments[at+1])
	if err != nil || id == path[was+1] {
		return ""
	}
	return id
}

// decode reads body into out and gives its envelope. What an earlier attempt
// left in out is cleared: an answer without a status must not inherit one.
func decode(out answer, body []byte) (*envelope, error) {
	reflect.ValueOf(out).Elem().SetZero()
	if err := json.Unmarshal(body, out); err != nil {
		return &envelope{}, err
	}
	return out.head(), nil
}

// endsEarly tells whether body is the beginning of an answer.
func endsEarly(body []byte, err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(body)) && bytes.HasPrefix(body, []byte("{"))
}

// unusable says what is wrong with an answer that is not Clarifai's.
func (c *Client) unusable(resp *http.Response, body []byte, env *envelope, err error) string {
	kind := strings.ToLower(resp.Header.Get("Content-Type"))
	start := strings.ToLower(string(bytes.TrimSpace(body[:min(len(body), 64)])))
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return "the answer is a redirect, which is not followed because it would carry the credential elsewhere; check api_base"
	case strings.Contains(kind, "html") || strings.HasPrefix(start, "<"):
		return "the answer is an HTML page, not Clarifai's JSON: a proxy or a login page stands between, or api_base is wrong"
	case len(body) == 0:
		return "the answer is empty"
	case err != nil:
		return "the answer is not the JSON of Clarifai's API (" + decodeFault(err) + ")"
	case env.GatewayMessage != "":
		return "the API's gateway says: " + c.secrets.foreign(env.GatewayMessage, "")
	}
	return "the answer has no status"
}

// decodeFault names the fault without the text around it, which may be a key.
func decodeFault(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return "broken at byte " + strconv.FormatInt(syntax.Offset, 10)
	case errors.As(err, &kind):
		at := "unexpected " + strings.SplitN(kind.Value, " ", 2)[0]
		if kind.Field != "" {
			at += " in field " + kind.Field
		}
		return at
	}
	return "a field is malformed"
}

func (c *Client) logAnswer(ctx context.Context, k call, e *Error) {
	fields := map[string]any{
		"method":      k.method,
		"verb":        k.verb,
		"path":        k.template(),
		"http_status": e.HTTPStatus,
		"request_id":  e.RequestID,
		"duration_ms": e.Elapsed.Milliseconds(),
	}
	if e.Code != CodeSuccess {
		fields["code"] = e.Code
		if e.Cause != "" {
			fields["cause"] = e.Cause
		}
	}
	c.debug(ctx, "Clarifai API request", fields)
}

// retryAfter reads the header in seconds or as a date; nonsense is 0.
func retryAfter(v string, now time.Time) time.Duration {
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if !(s > 0 && s <= 86400) { // so written, NaN is nonsense as well
			return 0
		}
		return time.Duration(s * float64(time.Second))
	}
	at, err := http.ParseTime(v)
	if err != nil || !at.After(now) {
		return 0
	}
	return at.Sub(now)
}
