package clarifai

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// envelope is the part that all answers have in common (Clarifai's status.proto).
type envelope struct {
	Status *status `json:"status"`
	// The gateway in front of the API has an answer of its own for its own
	// failures (googlerpcStatus in the published swagger).
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
		URL   string `json:"url"`
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

// codeUnknownName stands for a name that is not in codeNames: all that is known
// is that it is no success.
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
		return errors.New("a status code that is neither a number nor a name")
	}
	known, ok := codeNames[name]
	if !ok {
		known = codeUnknownName
	}
	*c = known
	return nil
}
