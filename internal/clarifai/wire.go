package clarifai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// envelope is the part that every answer shares (Clarifai's status.proto).
type envelope struct {
	Status *status `json:"status"`
	// The gateway in front of the API answers in a form of its own when it
	// fails by itself (googlerpcStatus in the published swagger).
	GatewayMessage string `json:"message"`
}

func (e *envelope) head() *envelope { return e }

type answer interface{ head() *envelope }

type status struct {
	Code        statusCode `json:"code"`
	Description string     `json:"description"`
	Details     string     `json:"details"`
	RequestID   string     `json:"req_id"`
	Redirect    *struct {
		NewID string `json:"new_resource_id"`
	} `json:"redirect_info"`
}

// statusCode reads a code as a number, as captured answers have it, or as the
// name that Clarifai's documentation shows.
type statusCode int

var codeNames = map[string]statusCode{
	"SUCCESS":                  CodeSuccess,
	"MIXED_STATUS":             CodeMixedStatus,
	"TRY_AGAIN":                CodeTryAgain,
	"MOVED":                    CodeMoved,
	"CONN_ACCOUNT_ISSUES":      CodeAccountIssues,
	"CONN_TOKEN_INVALID":       CodeTokenInvalid,
	"CONN_CREDENTIALS_INVALID": CodeCredentialsInvalid,
	"CONN_EXCEED_HOURLY_LIMIT": CodeHourlyLimit,
	"CONN_THROTTLED":           CodeThrottled,
	"CONN_INSUFFICIENT_SCOPES": CodeInsufficientScopes,
	"CONN_KEY_INVALID":         CodeKeyInvalid,
	"CONN_KEY_NOT_FOUND":       CodeKeyNotFound,
	"CONN_BAD_REQUEST_FORMAT":  CodeBadRequestFormat,
	"CONN_DOES_NOT_EXIST":      CodeDoesNotExist,
	"CONN_INVALID_REQUEST":     CodeInvalidRequest,
	"CONN_METHOD_NOT_ALLOWED":  CodeMethodNotAllowed,
	"DATABASE_DUPLICATE_KEY":   CodeDuplicateKey,
}

// codeUnknownName stands for a code that came as a name not in codeNames: it
// is no success, and that is all that is known.
const codeUnknownName statusCode = -1

func (c *statusCode) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if n, err := strconv.Atoi(string(bytes.Trim(b, `"`))); err == nil {
		*c = statusCode(n)
		return nil
	}
	var name string
	if err := json.Unmarshal(b, &name); err != nil {
		return fmt.Errorf("a status code that is neither a number nor a name")
	}
	known, ok := codeNames[name]
	if !ok {
		known = codeUnknownName
	}
	*c = known
	return nil
}

// Time is a moment in an answer: RFC 3339 with any fraction; absent, null,
// empty and the epoch, which some of Clarifai's tools print for "unset", are
// the zero time.
type Time struct{ time.Time }

// UnmarshalJSON reads a timestamp.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*t = Time{}
		return nil
	}
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("a timestamp that is not a string")
	}
	at, err := time.Parse(time.RFC3339Nano, string(b[1:len(b)-1]))
	at = at.UTC()
	if err != nil || at.Year() < 0 || at.Year() > 9999 { // by its offset it may be in a year that can not be written
		return fmt.Errorf("a timestamp that is not RFC 3339")
	}
	if at.Unix() == 0 && at.Nanosecond() == 0 {
		at = time.Time{}
	}
	*t = Time{at}
	return nil
}

// MarshalJSON writes RFC 3339 in UTC.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(time.RFC3339Nano))
}

// IsZero makes omitzero leave out an unset time.
func (t Time) IsZero() bool { return t.Time.IsZero() }

// String is RFC 3339 in UTC, or nothing for the zero time.
func (t Time) String() string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Gettable says who can see an app (Clarifai's resources.proto, Visibility).
// Answers carry it as a number; names are understood too.
type Gettable int

// The visibilities of the published API.
const (
	Private Gettable = 10
	Org     Gettable = 30
	Public  Gettable = 50
)

var gettableNames = map[Gettable]string{Private: "PRIVATE", Org: "ORG", Public: "PUBLIC"}

// ParseGettable gives the visibility of a name.
func ParseGettable(name string) (Gettable, bool) {
	for g, n := range gettableNames {
		if n == name {
			return g, true
		}
	}
	return 0, false
}

// String is the published name, or the number of a value newer than this client.
func (g Gettable) String() string {
	if n, ok := gettableNames[g]; ok {
		return n
	}
	return strconv.Itoa(int(g))
}

// MarshalJSON writes the name, the form Clarifai's own SDK sends, or the number
// of a value that has no name here.
func (g Gettable) MarshalJSON() ([]byte, error) {
	if n, ok := gettableNames[g]; ok {
		return json.Marshal(n)
	}
	return json.Marshal(int(g))
}

// UnmarshalJSON reads a number or a name.
func (g *Gettable) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if n, err := strconv.Atoi(s); err == nil {
		*g = Gettable(n)
		return nil
	}
	if known, ok := ParseGettable(s); ok {
		*g = known
	} else {
		*g = 0
	}
	return nil
}

// count is an int64, which the API writes as a string.
type count int64

func (n *count) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	v, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("a count that is not a number")
	}
	*n = count(v)
	return nil
}
