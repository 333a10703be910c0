package live

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// pace is the number of requests per second. Clarifai's limit is 15, which the
// account's other users share.
const pace = 10

// fields are the fields of an object in a request.
type fields = map[string]any

// wireApp and wireKey are an app and a key as they came, unlike the client's.
type wireApp struct {
	ID, Description string
	UserID          string `json:"user_id"`
	CreatedAt       string `json:"created_at"`
	Visibility      struct {
		Gettable any // a number or a name
	}
	DefaultWorkflow struct {
		AppID string `json:"app_id"`
	} `json:"default_workflow"`
}

type wireKey struct {
	ID, Type, Description string
	Scopes, Endpoints     []string
	Apps                  []struct{ ID string }
	ExpiresAt             string `json:"expires_at"`
}

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
	body    struct {
		Status struct {
			Code    any // a number or a name
			Details string
		}
		App  wireApp
		Apps []wireApp
		Keys []wireKey
	}
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
	if changes && (err != nil || a.last.code == "" || a.last.http >= 500) {
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
	if slices.ContainsFunc(apps, func(id string) bool { return !ours.MatchString(id) }) {
		return false
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
	err := json.Unmarshal(content, &got.body)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !odd {
		return answer{http: status}
	}
	if code := got.body.Status.Code; code != nil {
		got.code = fmt.Sprint(code)
		got.code = cmp.Or(codes[got.code], got.code)
	}
	for _, key := range got.body.Keys {
		if len(key.Apps) == 1 && ours.MatchString(key.Apps[0].ID) {
			a.secrets = append(a.secrets, key.ID)
		}
	}
	got.details = secret.ReplaceAllString(got.body.Status.Details, "(hidden)")
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
