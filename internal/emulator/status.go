package emulator

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
)

// Codes that the emulator uses, from Clarifai's status_code.proto.
const (
	codeSuccess            = 10000
	codeNotImplemented     = 10040
	codeMoved              = 10050
	codeThrottled          = 11005
	codeInsufficientScopes = 11007
	codeKeyInvalid         = 11008
	codeKeyNotFound        = 11009
	codeBadFormat          = 11100
	codeDoesNotExist       = 11101
	codeInvalidRequest     = 11102
	codeMethodNotAllowed   = 11103
	codeWorkflowNotFound   = 22102
	codeMetadataArguments  = 24900
	codeInternal           = 99009
)

// statusJSON holds the published codes that can occur in answers about apps and keys,
// with Clarifai's descriptions. Of the HTTP statuses, 400, which is left out, 401, 404 and
// 429 were captured or come from Clarifai's clients; 403 is inferred.
//
//go:embed status.json
var statusJSON []byte

type statusCode struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	HTTP        int    `json:"http"`
}

var statusCodes = mustDecode[map[int]statusCode]("status.json", statusJSON)

// httpStatusFor returns the HTTP status for a code.
func httpStatusFor(code int) int {
	if code >= 40011 && code < 50000 || code >= 98000 && code < 100000 {
		return http.StatusInternalServerError
	}
	return cmp.Or(statusCodes[code].HTTP, http.StatusBadRequest)
}

// mustDecode decodes an embedded file.
func mustDecode[T any](name string, content []byte) (v T) {
	if err := json.Unmarshal(content, &v); err != nil {
		panic("emulator: " + name + ": " + err.Error())
	}
	return v
}

// codeFor returns the code for a fault that sets only an HTTP status.
func codeFor(httpStatus int) int {
	for _, code := range []int{codeSuccess, codeInvalidRequest, codeKeyInvalid, codeInsufficientScopes,
		codeDoesNotExist, codeThrottled} {
		if httpStatusFor(code) == httpStatus {
			return code
		}
	}
	return codeInternal
}

// failure is an error of the API.
type failure struct {
	http     int
	code     int
	details  string
	redirect *wireRedirect
	location string
}

// fail returns a failure with the HTTP status for its code.
func fail(code int, format string, args ...any) *failure {
	return &failure{http: httpStatusFor(code), code: code, details: fmt.Sprintf(format, args...)}
}
