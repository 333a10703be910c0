package clarifai

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check decodes the answer into k.out, notes its status in e and reports whether
// it is a success.
func (c *Client) check(e *Error, k call, resp *http.Response, body []byte) bool {
	env, err := decode(k.out, body)
	if err != nil || env.Status == nil {
		e.Cause, e.cutShort = c.unreadable(resp, body, env, err), endsEarly(body, err)
		e.page = isPage(resp, body)
		return false
	}
	s := env.Status
	if s.RequestID != "" {
		e.RequestID = Escape(c.secrets.redact(s.RequestID))
	}
	if s.Code == CodeSuccess && resp.StatusCode < 300 {
		return true
	}
	e.Code = int(s.Code)
	e.Description = c.foreign(s.Description, e.RequestID)
	e.Details = c.foreign(s.Details, e.RequestID)
	switch {
	case s.Redirect != nil:
		e.MovedTo = c.secrets.redact(s.Redirect.NewID)
		e.MovedOwner, _ = movedTo(k.path, s.Redirect.URL)
	case s.Code == CodeMoved:
		e.MovedOwner, e.MovedTo = movedTo(k.path, resp.Header.Get("Location"))
	case s.Code == CodeSuccess:
		e.Code, e.Cause = 0, "the body says success, the HTTP status does not"
	case s.Code == 0:
		e.Cause = "the status has no code"
	}
	return false
}

// movedTo returns the owner and the new ID of an app from a Location, because
// Clarifai's redirect_info is not part of its published status. The ID is the
// segment at the place that the old ID has in the requested path.
func movedTo(path []string, location string) (owner, id string) {
	to, err := url.Parse(location)
	if err != nil || location == "" {
		return "", ""
	}
	segments := strings.Split(strings.Trim(to.EscapedPath(), "/"), "/")
	at, was := slices.Index(segments, "apps"), slices.Index(path, "apps")
	if at < 0 || at+1 >= len(segments) || was < 0 || was+1 >= len(path) {
		return "", ""
	}
	id, err = url.PathUnescape(segments[at+1])
	if err != nil || id == path[was+1] {
		return "", ""
	}
	if at > 1 && segments[at-2] == "users" {
		owner, _ = url.PathUnescape(segments[at-1])
	}
	return owner, id
}

// decode decodes body into out and returns its envelope. It first clears what an
// earlier attempt left in out: an answer without a status must not inherit one.
func decode(out answer, body []byte) (*envelope, error) {
	reflect.ValueOf(out).Elem().SetZero()
	if err := json.Unmarshal(body, out); err != nil {
		return &envelope{}, err
	}
	return out.head(), nil
}

// endsEarly reports whether body is only the beginning of an answer.
func endsEarly(body []byte, err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(body)) && bytes.HasPrefix(body, []byte("{"))
}

// isPage reports whether the answer is an HTML page.
func isPage(resp *http.Response, body []byte) bool {
	kind := strings.ToLower(resp.Header.Get("Content-Type"))
	return strings.Contains(kind, "html") || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
}

// unreadable says what is wrong with an answer that is not Clarifai's JSON.
func (c *Client) unreadable(resp *http.Response, body []byte, env *envelope, err error) string {
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return "the answer is a redirect, which is not followed because that would send the credential elsewhere; check api_base"
	case isPage(resp, body):
		return "the answer is an HTML page, not Clarifai's JSON: a proxy or a login page intercepts the requests, or api_base is wrong"
	case len(body) == 0:
		return "the answer is empty"
	case err != nil:
		return "the answer is not the JSON of Clarifai's API (" + decodeFault(err) + ")"
	case env.GatewayMessage != "":
		return "the API's gateway says: " + c.foreign(env.GatewayMessage, "")
	}
	return "the answer has no status"
}

// decodeFault names the fault without quoting the answer, which may hold a key.
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

// retryAfter parses the header, in seconds or as a date; nonsense is 0.
func retryAfter(v string, now time.Time) time.Duration {
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if !(s > 0 && s <= 86400) { // in this form, NaN is nonsense as well
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
