package emulator

import (
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
	codeConceptsInvalid    = 40003
	codeDuplicateKey       = 40010
	codeInternal           = 99009
)

type statusCode struct {
	code        int
	name        string
	description string
}

// statusCodes lists the published codes that can occur in answers about apps and
// keys, with Clarifai's descriptions.
var statusCodes = []statusCode{
	{codeSuccess, "SUCCESS", "Ok"},
	{10010, "MIXED_STATUS", "Mixed Success"},
	{10020, "FAILURE", "Failure"},
	{10030, "TRY_AGAIN", "Try the request again"},
	{codeNotImplemented, "NOT_IMPLEMENTED", "Not implemented"},
	{codeMoved, "MOVED", "Resource moved"},
	{11000, "CONN_ACCOUNT_ISSUES", "Account or plan issue"},
	{11001, "CONN_TOKEN_INVALID", "Invalid authentication token"},
	{11002, "CONN_CREDENTIALS_INVALID", "Invalid credentials"},
	{11003, "CONN_EXCEED_HOURLY_LIMIT", "Hourly request limit exceeded"},
	{11004, "CONN_EXCEED_MONTHLY_LIMIT", "Monthly request limit exceeded"},
	{codeThrottled, "CONN_THROTTLED", "Making too many requests"},
	{11006, "CONN_EXCEEDS_LIMITS", "Account limits exceeded"},
	{codeInsufficientScopes, "CONN_INSUFFICIENT_SCOPES", "API key has insufficient scopes"},
	{codeKeyInvalid, "CONN_KEY_INVALID", "Invalid API key or Invalid API key/application pair"},
	{codeKeyNotFound, "CONN_KEY_NOT_FOUND", "API key not found"},
	{codeBadFormat, "CONN_BAD_REQUEST_FORMAT", "Bad request format"},
	{codeDoesNotExist, "CONN_DOES_NOT_EXIST", "Resource does not exist"},
	{codeInvalidRequest, "CONN_INVALID_REQUEST", "Invalid request"},
	{codeMethodNotAllowed, "CONN_METHOD_NOT_ALLOWED", "Method not allowed"},
	{codeWorkflowNotFound, "WORKFLOW_DOES_NOT_EXIST", "Workflow does not exist"},
	{codeMetadataArguments, "METADATA_INVALID_PATCH_ARGUMENTS", "Invalid metadata patch arguments"},
	{39997, "REQUEST_DISABLED_FOR_MAINTENANCE", "Request is disabled for maintenance. Please try again in a few hours."},
	{codeConceptsInvalid, "CONCEPTS_INVALID_REQUEST", "Invalid request"},
	{codeDuplicateKey, "DATABASE_DUPLICATE_KEY", "Object has a duplicate ID; another object with same ID already exist."},
	{40011, "DATABASE_STATEMENT_TIMEOUT", "Database statement timeout"},
	{40013, "DATABASE_DEADLOCK_DETECTED", "Database deadlock detected"},
	{40016, "DATABASE_TOO_MANY_CLIENTS", "Database has too many clients"},
	{40030, "RPC_REQUEST_QUEUE_FULL", "Request queue is full"},
	{40031, "RPC_SERVER_UNAVAILABLE", "Server is unavailable"},
	{40032, "RPC_REQUEST_TIMEOUT", "Request timed out"},
	{98004, "INTERNAL_SERVER_ISSUE", "Internal server issue"},
	{98009, "INTERNAL_REQUEST_TIMEOUT", "Internal timeout"},
	{98014, "INTERNAL_RESOURCE_EXHAUSTED", "Internal resource exhausted"},
	{codeInternal, "INTERNAL_UNCATEGORIZED", "Internal error"},
}

func lookUpStatus(code int) statusCode {
	for _, s := range statusCodes {
		if s.code == code {
			return s
		}
	}
	return statusCode{code: code, description: "Failure"}
}

// httpStatusFor returns the HTTP status for a code. 400, 401, 404 and 429 were
// captured or come from Clarifai's clients; 403 is inferred.
func httpStatusFor(code int) int {
	switch {
	case code == codeSuccess:
		return http.StatusOK
	case code == codeNotImplemented:
		return http.StatusNotImplemented
	case code == codeMoved:
		return http.StatusTemporaryRedirect
	case code == 11003 || code == codeThrottled:
		return http.StatusTooManyRequests
	case code == codeInsufficientScopes:
		return http.StatusForbidden
	case code == 11001 || code == codeKeyInvalid || code == codeKeyNotFound:
		return http.StatusUnauthorized
	case code == codeDoesNotExist:
		return http.StatusNotFound
	case code >= 40011 && code < 50000 || code >= 98000 && code < 100000:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
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
