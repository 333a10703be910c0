package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// pace is the number of requests per second. Clarifai's limit is 15, which the
// account's other users share.
const pace = 10

// fields are the fields of an object in a request or an answer.
type fields = map[string]any

// account is the account that is asked. It is the transport of the provider's client
// and of the requests that this client does not make: it lets nothing pass that changes
// what is not the run's, and keeps the last answer as it came.
type account struct {
	Options
	client *clarifai.Client
	next   http.RoundTripper
	last   answer

	apps      map[string]bool // IDs that requests of this run have named for new or renamed apps
	secrets   []string        // keys in answers to this run
	uncertain time.Time       // of the last change whose outcome is unknown
}

// answer is what the API answered.
type answer struct {
	http    int
	code    string // status.code: a number, or a name that is not known here
	details string
	body    fields
}

// refused reports whether the answer is an error.
func (a answer) refused() bool { return a.code != "10000" }

func (a answer) String() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d, code %s %s", a.http, a.code, a.details))
}

func newAccount(o Options) (*account, error) {
	a := &account{Options: o, next: o.transport, apps: map[string]bool{}}
	var err error
	if a.next == nil {
		if a.next, err = clarifai.NewTransport(o.RootCertificates); err != nil {
			return nil, err
		}
	}
	a.client, err = clarifai.New(clarifai.Config{BaseURL: o.URL, PAT: o.PAT, RequestsPerSecond: pace, Clock: o.Clock, Transport: a})
	return a, err
}

// RoundTrip sends a request that reads, or that changes something of this run.
func (a *account) RoundTrip(r *http.Request) (*http.Response, error) {
	var content []byte
	if r.Body != nil {
		var err error
		if content, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(content))
	}
	changes := r.Method != http.MethodGet
	if changes && !a.isOurs(r, content) {
		return nil, errors.New("the request would change what this run did not create")
	}
	a.last = answer{}
	resp, err := a.next.RoundTrip(r)
	if err == nil {
		content, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body = io.NopCloser(bytes.NewReader(content))
		a.last = a.decode(resp.StatusCode, content)
	}
	if changes && (err != nil || a.last.code == "" || a.last.http >= 500 || a.last.http == http.StatusTooManyRequests) {
		a.uncertain = a.Clock.Now()
	}
	return resp, err
}

// ours matches the IDs that newID makes.
var ours = regexp.MustCompile(`^` + Prefix + `[0-9a-f]{6}-[a-z]+$`)

// isOurs reports whether all that a changing request names is of this run: apps by
// their IDs, and keys by what earlier answers showed. It notes the IDs of apps that the
// request may bring into being.
func (a *account) isOurs(r *http.Request, content []byte) bool {
	var body struct {
		App        any
		Apps, Keys []struct {
			ID   string
			Apps []struct{ ID string }
		}
		IDs []struct {
			ID    string
			NewID string `json:"new_id"`
		}
		Searches any
	}
	if len(content) > 0 && json.Unmarshal(content, &body) != nil {
		return false
	}
	_, path, _ := strings.Cut(r.URL.Path, "/v2/users/")
	segments := append(strings.Split(path, "/"), "", "") // a user, a noun and an ID
	var apps []string
	switch noun, id := segments[1], segments[2]; {
	case noun == "apps" && id != "" && id != "ids":
		apps = append(apps, id)
	case noun == "keys" && id != "":
		return slices.Contains(a.secrets, id)
	}
	for _, app := range body.Apps {
		apps = append(apps, app.ID)
	}
	for _, ids := range body.IDs {
		apps = append(apps, ids.ID, ids.NewID)
	}
	for _, key := range body.Keys {
		for _, app := range key.Apps {
			apps = append(apps, app.ID)
		}
		if key.ID != "" && !slices.Contains(a.secrets, key.ID) || key.ID == "" && len(key.Apps) == 0 {
			return false
		}
	}
	for _, id := range apps {
		if !ours.MatchString(id) {
			return false
		}
	}
	for _, id := range apps {
		if r.Method != http.MethodDelete {
			a.apps[id] = true
		}
	}
	return len(apps)+len(body.Keys) > 0
}

// decode reads an answer of any form. Keys in it become secrets of this run.
func (a *account) decode(status int, content []byte) answer {
	got := answer{http: status}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if decoder.Decode(&got.body) != nil {
		return got
	}
	head := object(got.body["status"])
	if head["code"] != nil {
		got.code = fmt.Sprint(head["code"])
	}
	if number, ok := codes[got.code]; ok {
		got.code = number
	}
	for _, key := range objects(got.body["keys"]) {
		if apps := objects(key["apps"]); len(apps) == 1 && ours.MatchString(text(apps[0]["id"])) {
			a.secrets = append(a.secrets, text(key["id"]))
		}
	}
	got.details = secret.ReplaceAllString(text(head["details"]), "(hidden)")
	return got
}

// codes are the numbers of the status codes that questions ask about, from Clarifai's
// status_code.proto.
var codes = map[string]string{
	"SUCCESS": "10000", "MOVED": "10050", "CONN_INSUFFICIENT_SCOPES": "11007", "CONN_KEY_INVALID": "11008",
	"CONN_KEY_NOT_FOUND": "11009", "CONN_DOES_NOT_EXIST": "11101", "CONN_INVALID_REQUEST": "11102",
	"CONCEPTS_INVALID_REQUEST": "40003", "DATABASE_DUPLICATE_KEY": "40010",
}

// secret matches what may be a key: Clarifai repeats keys in its details.
var secret = regexp.MustCompile(`[0-9A-Za-z]{32,}`)

// request is a call that the provider's client does not make.
type request struct {
	verb  string
	path  []string // after /v2/users/
	query url.Values
	body  any
	key   clarifai.Secret // what authorizes the request; empty: the PAT
}

// do sends a request, and again after errors that may pass. The error is one of those,
// or none; a definite refusal is an answer.
func (a *account) do(ctx context.Context, what string, r request) (answer, error) {
	retry := a.client.NewRetryState(what)
	for {
		if err := retry.WaitForTurn(ctx); err != nil {
			return answer{}, err
		}
		err := a.send(ctx, what, r)
		if err == nil || !clarifai.IsTransient(err) {
			return a.last, nil
		}
		if !retry.Again(ctx, err) {
			return answer{}, err
		}
	}
}

// send sends a request once. The error is that of an answer which is no success.
func (a *account) send(ctx context.Context, what string, r request) *clarifai.Error {
	failed := &clarifai.Error{Method: what}
	target, err := url.JoinPath(a.URL, append([]string{"v2", "users"}, r.path...)...)
	if err != nil {
		return failed
	}
	var content bytes.Buffer
	if r.body != nil {
		err = json.NewEncoder(&content).Encode(r.body)
	}
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, failure := http.NewRequestWithContext(ctx, r.verb, target, &content)
	if err != nil || failure != nil {
		return failed
	}
	authorization := a.PAT
	if r.key != "" {
		authorization = r.key.Reveal()
	}
	req.Header.Set("Authorization", "Key "+authorization)
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.RoundTrip(req)
	if err != nil {
		failed.Cause = "no answer" // without the URL, which may hold a key
		return failed
	}
	resp.Body.Close()
	failed.HTTPStatus, failed.Details = a.last.http, a.last.details
	if _, err := fmt.Sscan(a.last.code, &failed.Code); err != nil && a.last.code == "" {
		failed.Cause = "the answer is not the JSON of Clarifai's API"
	}
	if !a.last.refused() {
		return nil
	}
	return failed
}

// repeat calls a method that is attempted once, again after errors that may pass.
func repeat[T any](ctx context.Context, a *account, what string, attempt func() (T, error)) (T, error) {
	retry := a.client.NewRetryState(what)
	for {
		var none T
		if err := retry.WaitForTurn(ctx); err != nil {
			return none, err
		}
		got, err := attempt()
		if e := clarifai.AsError(err); e == nil || !retry.Again(ctx, e) {
			return got, err
		}
	}
}

// definite returns the error unless it is a refusal: an answer that counts.
func definite(err error) error {
	if e := clarifai.AsError(err); e != nil && e.Code != 0 && !clarifai.IsTransient(e) {
		return nil
	}
	return err
}

// all reads a listing to its end.
func all[T any](ctx context.Context, pager *clarifai.Pager[T]) (items []T, err error) {
	for page, err := range pager.Pages(ctx) {
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
	}
	return items, nil
}

// merged returns an object with more fields.
func merged(o, more fields) fields {
	maps.Copy(o, more)
	return o
}

// object returns v as a JSON object, empty if it is none.
func object(v any) fields {
	o, _ := v.(map[string]any)
	return o
}

// text returns v as a string, empty if it is none.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// list returns the items of a list.
func list[T any](v any, of func(any) T) (all []T) {
	items, _ := v.([]any)
	for _, item := range items {
		all = append(all, of(item))
	}
	return all
}

func objects(v any) []fields { return list(v, object) }

func texts(v any) []string { return list(v, text) }
