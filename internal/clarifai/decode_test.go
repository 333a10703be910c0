package clarifai

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// attempt attempts a call that gets this answer.
func attempt(t *testing.T, h http.HandlerFunc, out answer) *Error {
	t.Helper()
	c, _ := serve(t, h)
	e := c.attempt(t.Context(), call{method: "ListAppKeys", verb: http.MethodGet, path: []string{"users", "acme", "apps", "shop", "keys"}, out: out})
	if e == nil {
		e = &Error{Code: CodeSuccess}
	}
	return e
}

func TestAnswersAreJudgedByBodyAndStatus(t *testing.T) {
	t.Parallel()
	const hex = "1f43314a008044d9919097a30b1f134e"
	tests := map[string]struct {
		answer http.HandlerFunc
		code   int
		cause  string // part of
		text   string // part of
		check  func(error) bool
	}{
		"success":        {answer: apitest.Reply(200, apitest.OKStatus+`,"keys":[]}`), code: CodeSuccess},
		"success named":  {answer: apitest.Reply(200, `{"status":{"code":"SUCCESS"},"keys":[]}`), code: CodeSuccess},
		"success quoted": {answer: apitest.Reply(200, `{"status":{"code":"10000"}}`), code: CodeSuccess},
		"unknown fields": {answer: apitest.Reply(200, `{"status":{"code":10000,"percent_completed":3,"newer":{"a":[1]}},"keys":[],"newer":7}`), code: CodeSuccess},
		"key not found": {
			answer: apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found","details":"invalid key(None)","req_id":"`+hex+`"},"models":[]}`),
			code:   CodeKeyNotFound, text: "invalid key(None) (HTTP 401); request id " + hex, check: IsKeyNotFound,
		},
		"key that nobody has seen": {
			answer: apitest.Reply(401, `{"status":{"code":11009,"description":"API key not found","details":"invalid key(`+hex[:16]+hex[:16]+`) in `+hex+`","req_id":"tf-`+hex+`"}}`),
			code:   CodeKeyNotFound, text: "ListAppKeys: Clarifai answered 11009 API key not found: invalid key([redacted]) in " + hex + " (HTTP 401); request id tf-" + hex,
		},
		"key invalid": {
			answer: apitest.Reply(401, `{"status":{"code":11008,"description":"Invalid API key or Invalid API key/application pair","details":"Invalid format of key.","req_id":"`+hex+`"},"models":[]}`),
			code:   CodeKeyInvalid, text: "Invalid format of key.", check: IsUnauthorized,
		},
		"does not exist": {
			answer: apitest.Reply(404, `{"status":{"code":11101,"description":"Resource does not exist","details":"model_id 'general-v1.3' not found. Check the url of your request."}}`),
			code:   CodeDoesNotExist, text: "Check the url", check: IsNotFound,
		},
		"method not allowed with 400": {
			answer: apitest.Reply(400, `{"status":{"code":11103,"description":"Method not allowed","details":"Method Not Allowed"}}`),
			code:   CodeMethodNotAllowed, text: "11103",
		},
		"failure inside": {
			answer: apitest.Reply(400, `{"status":{"code":10020,"description":"Failure"},"outputs":[{"status":{"code":30104}}]}`),
			code:   10020, text: "10020 Failure",
		},
		"throttled by name": {
			answer: apitest.Reply(429, `{"status":{"code":"CONN_THROTTLED","description":"Making too many requests","details":"exceeded limit of 15 requests per second"}}`),
			code:   CodeThrottled, text: "15 requests per second", check: func(err error) bool { return IsThrottled(AsError(err)) },
		},
		"scopes by name": {
			answer: apitest.Reply(403, `{"status":{"code":"CONN_INSUFFICIENT_SCOPES","description":"API key has insufficient scopes"}}`),
			code:   CodeInsufficientScopes, check: IsInsufficientScopes,
		},
		"a name nobody knows": {
			answer: apitest.Reply(200, `{"status":{"code":"TEAPOT","description":"I am one"}}`),
			code:   int(codeUnknownName), text: "answered with a failure: I am one",
		},
		"HTTP 200 with a failing code": {
			answer: apitest.Reply(200, `{"status":{"code":11101,"description":"Resource does not exist"}}`),
			code:   CodeDoesNotExist, check: IsNotFound,
		},
		"success body with HTTP 500": {
			answer: apitest.Reply(500, apitest.OKStatus+`,"keys":[]}`), cause: "the HTTP status does not",
			check: func(err error) bool { return IsTransient(AsError(err)) },
		},
		"mixed status":      {answer: apitest.Reply(207, `{"status":{"code":10010,"description":"Mixed Success"}}`), code: CodeMixedStatus},
		"gateway's own":     {answer: apitest.Reply(503, `{"code":14,"message":"upstream unavailable","details":[]}`), cause: "gateway says: upstream unavailable"},
		"HTML from a proxy": {answer: apitest.Reply(502, apitest.HTMLPage, "Content-Type", "text/html"), cause: "an HTML page, not Clarifai's JSON: a proxy or a login page"},
		"HTML undeclared":   {answer: apitest.Reply(200, "\n  "+apitest.HTMLPage), cause: "HTML page"},
		"empty":             {answer: apitest.Reply(200, ""), cause: "is empty"},
		"a bare 404":        {answer: apitest.Reply(404, ""), cause: "is empty", check: func(err error) bool { return !IsNotFound(err) }},
		"cut within":        {answer: apitest.Reply(200, `{"status":{"code":10000},"keys":[{"id":"ab`), cause: "broken at byte"},
		"connection broken": {answer: apitest.Short(apitest.OKStatus), cause: "broke off"},
		"no status":         {answer: apitest.Reply(200, `{"keys":[]}`), cause: "has no status"},
		"status without a code": {
			answer: apitest.Reply(404, `{"status":{"description":"?"}}`), cause: "has no code",
			check: func(err error) bool { return !IsNotFound(err) },
		},
		"code null":       {answer: apitest.Reply(200, `{"status":{"code":null}}`), cause: "has no code"},
		"code of no kind": {answer: apitest.Reply(200, `{"status":{"code":{}}}`), cause: "malformed"},
		"wrong type":      {answer: apitest.Reply(200, `{"status":{"code":10000},"keys":{"id":"x"}}`), cause: "unexpected object in field keys"},
		"scopes, no list": {answer: apitest.Reply(200, `{"status":{"code":10000},"keys":[{"id":"k","scopes":"All"}]}`), cause: "unexpected string"},
		"not an object":   {answer: apitest.Reply(200, `[]`), cause: "(unexpected array)"},
	}
	for name, tt := range tests {
		e := attempt(t, tt.answer, &keysAnswer{})
		apitest.Equal(t, e.Code, tt.code, "code", e, name)
		if !strings.Contains(e.Cause, tt.cause) || tt.cause == "" && e.Cause != "" {
			t.Errorf("%s: cause %q, want %q in it", name, e.Cause, tt.cause)
		}
		apitest.Says(t, e.Error(), tt.text)
		if tt.check != nil && !tt.check(e) {
			t.Errorf("%s: %q is taken for something else", name, e)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, apitest.OKStatus+`,"x":"`)
		_, _ = io.CopyN(w, zeros{}, maxBody)
	})
	var out envelope
	e := c.attempt(t.Context(), call{method: "GetApp", verb: http.MethodGet, path: []string{"users"}, out: &out})
	apitest.Says(t, e.Error(), "longer than 64 MiB")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// A call decodes all attempts into the same value: what a failed attempt left there
// must not remain.
func TestNothingStaysOfAnEarlierAttempt(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, apitest.Answers(
		apitest.Reply(500, `{"status":{"code":98004,"description":"Internal","details":"old","req_id":"old"},"keys":[{"id":"k1","description":"old","scopes":["All"],"apps":[{"id":"shop","user_id":"acme"}]}]}`),
		apitest.Reply(200, apitest.OKStatus+`,"keys":[{"id":"k2","scopes":[],"apps":[{"id":"shop"}]}]}`),
	))
	keys, _, err := readAll(t, c.ListAppKeys("acme", "shop"))
	if err != nil || len(keys) != 1 || keys[0].Description != "" || keys[0].Scopes != nil {
		t.Errorf("%+v, %v", keys, err)
	}

	c, _ = serve(t, apitest.Answers(
		apitest.Reply(500, `{"status":{"code":98004,"description":"Internal","details":"old","req_id":"old"}}`),
		apitest.Reply(400, `{"status":{"code":11102,"description":"Invalid request"}}`),
	))
	err = listErr(t, c.ListAppKeys("acme", "shop"))
	if e := AsError(err); e == nil || e.Code != CodeInvalidRequest || e.RequestID != "" || e.Details != "" {
		t.Error(err)
	}
}

func TestTimesAndCounts(t *testing.T) {
	t.Parallel()
	at := func(nanos int) Time { return Time{time.Date(2025, 2, 28, 9, 41, 55, nanos, time.UTC)} }
	for in, want := range map[string]Time{
		`"2025-02-28T09:41:55Z"`:           at(0),
		`"2025-02-28T09:41:55.608845Z"`:    at(608845000),
		`"2025-02-28T09:41:55.568082659Z"`: at(568082659),
		`"2025-02-28T10:41:55+01:00"`:      at(0),
		`"1970-01-01T00:00:00Z"`:           {},
		`"1970-01-01T00:00:00.000000Z"`:    {},
		`"0001-01-01T00:00:00Z"`:           {},
		`""`:                               {},
		`null`:                             {},
	} {
		var got Time
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.Equal(want.Time) || got.IsZero() != want.IsZero() {
			t.Errorf("%s: %s, %v", in, got, err)
		}
		apitest.Equal(t, got.Location(), time.UTC, "zone of", in)
	}
	for in, out := range map[string]any{
		`"yesterday"`: new(Time), `1700000000`: new(Time), `{}`: new(Time), `"2025-02-28"`: new(Time), `"`: new(Time),
		`"many"`: new(Count), `1.5`: new(Count), `[]`: new(Count),
	} {
		apitest.Fails(t, json.Unmarshal([]byte(in), out))
	}
	apitest.Equal(t, apitest.JSON(struct{ A, B Time }{at(608845000), Time{}}), `{"A":"2025-02-28T09:41:55.608845Z","B":null}`, "JSON")
	if (Time{}).String() != "" || at(0).String() != "2025-02-28T09:41:55Z" || !at(0).IsSameDate(at(999999999)) || at(0).IsSameDate(Time{at(0).Add(time.Second)}) {
		t.Error("texts of times, or the same dates")
	}
}

// The answer that says the least tells how far the clocks are apart.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	clock := apitest.NewClock()
	c := mustNew(t, Config{PAT: "x", Clock: clock})
	apitest.Equal(t, c.ClockAhead(), 0, "before an answer")
	for _, step := range [][2]int{{10, 10}, {3, 3}, {30, 3}, {-1, -1}} {
		c.noteServerTime(clock.Now().Add(time.Duration(-step[0]) * time.Second).UTC().Format(http.TimeFormat))
		apitest.Equal(t, c.ClockAhead(), time.Duration(step[1])*time.Second, "after", step[0])
	}
}

func TestGettable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Gettable{`10`: Private, `"ORG"`: Org, `50`: Public, `"50"`: Public, `"PUBLIC"`: Public, `0`: 0, `null`: 0, `"NEWER"`: 0, `70`: 70} {
		var got Gettable
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	apitest.Equal(t, apitest.JSON([]Gettable{Private, Org, Public, 70}), `["PRIVATE","ORG","PUBLIC",70]`, "JSON")
	if g, ok := ParseGettable("private"); ok {
		t.Errorf("private is %v", g)
	}
}

const fullApp = `{"id":"shop","user_id":"acme","name":"Shop","default_language":"en","sample_ms":1000,"is_template":false,
"default_workflow":{"id":"Universal","app_id":"main","user_id":"clarifai","use_cases":[],"check_consents":[],"nodes":[{"id":"n"}]},
"metadata":{},"description":"d","notes":"n","visibility":{"gettable":50},"created_at":"2016-03-09T17:11:39.608845Z",
"modified_at":"2025-02-28T09:41:55.568082659Z","data_tier_id":"x","star_count":3,"embeddings_storage":1,"newer":{},
"extra_info":{"search_revision_marker":"r","counts":{"datasets":"1","inputs":"12345678901","models":3}}}`

func TestAppIsReadInFull(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, apitest.Reply(200, apitest.OKStatus+`,"app":`+fullApp+`}`))
	app, err := c.GetApp(t.Context(), "acme", "shop")
	apitest.Must(t, err)
	apitest.Equal(t, *app.DefaultWorkflow, (WorkflowRef{ID: "Universal", AppID: "main", UserID: "clarifai"}), "workflow")
	if app.ID != "shop" || app.UserID != "acme" || *app.Name != "Shop" || *app.DefaultLanguage != "en" || *app.SampleMS != 1000 || *app.IsTemplate ||
		string(app.Metadata) != "{}" || *app.Description != "d" || *app.Notes != "n" || app.Visibility.Gettable != Public ||
		app.CreatedAt.String() != "2016-03-09T17:11:39.608845Z" {
		t.Errorf("%+v", app)
	}
	apitest.Equal(t, *app.ExtraInfo.Counts, Counts{Datasets: 1, Inputs: 12345678901, Models: 3}, "counts")
}

func TestListsOfWrongLength(t *testing.T) {
	t.Parallel()
	key := `{"id":"k","apps":[{"id":"shop","user_id":"acme"}]}`
	for keys, want := range map[string]string{
		key + `,` + key:  "holds 2 keys instead of one",
		`{"apps":[]}`:    "holds no app-specific key",
		`{"id":"other"}`: "is about another key",
		`{"id":"k","type":"personal_access_token"}`: "holds no app-specific key",
	} {
		c, _ := serve(t, apitest.Reply(200, apitest.OKStatus+`,"keys":[`+keys+`]}`))
		_, err := c.PatchKey(t.Context(), Key{Value: "k", UserID: "acme", AppID: "shop"})
		apitest.Fails(t, err, want)
	}
	c, _ := serve(t, apitest.Reply(200, apitest.OKStatus+`,"apps":[{"id":"store"},{"id":"shop"}]}`))
	apitest.Fails(t, apitest.Err(c.PatchAppID(t.Context(), "acme", "shop", "store")), "2 apps instead of one")
	c, _ = serve(t, apitest.Reply(200, apitest.OK))
	apitest.Fails(t, apitest.Err(c.GetApp(t.Context(), "acme", "shop")), "no app")
	apitest.Fails(t, apitest.Err(c.GetMe(t.Context())), "no user id")
}
