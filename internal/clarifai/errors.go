package clarifai

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Status codes of Clarifai's API that the client tells apart (Clarifai's
// status_code.proto).
const (
	CodeSuccess            = 10000
	CodeMixedStatus        = 10010
	CodeTryAgain           = 10030
	CodeMoved              = 10050
	codeAccepted           = 10070
	CodeAccountIssues      = 11000
	CodeTokenInvalid       = 11001
	CodeCredentialsInvalid = 11002
	CodeHourlyLimit        = 11003
	CodeThrottled          = 11005
	CodeInsufficientScopes = 11007
	CodeKeyInvalid         = 11008
	CodeKeyNotFound        = 11009
	CodeBadRequestFormat   = 11100
	CodeDoesNotExist       = 11101
	CodeInvalidRequest     = 11102
	CodeMethodNotAllowed   = 11103
	CodeDuplicateKey       = 40010
)

// Error is a request that did not succeed: either Clarifai answered with
// something other than success, or no usable answer came. Its text holds no
// secret.
type Error struct {
	Method      string // Clarifai's name of the method, such as PostKeys
	HTTPStatus  int    // 0: no answer
	Code        int    // Clarifai's status code; 0: the answer had none
	Description string
	Details     string
	RequestID   string
	MovedTo     string        // the new id, where the answer says that a resource moved
	RetryAfter  time.Duration // what the answer asked for; 0: nothing
	Cause       string        // why there is no usable answer
	Attempts    int
	Elapsed     time.Duration // from the first attempt to the end of the last

	cutShort bool  // there is only the beginning of an answer
	unsent   bool  // nothing of the request can have reached the server
	err      error // a context's error or errNotRetryable: any other may hold a URL
}

// Error says what Clarifai answered, or why nothing usable came.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Method)
	b.WriteString(": ")
	switch {
	case e.Code == int(codeUnknownName):
		b.WriteString("Clarifai answered with a failure: " + e.Description)
	case e.Code != 0:
		fmt.Fprintf(&b, "Clarifai answered %d %s", e.Code, e.Description)
	case e.HTTPStatus != 0:
		fmt.Fprintf(&b, "HTTP status %d %s", e.HTTPStatus, http.StatusText(e.HTTPStatus))
	default:
		b.WriteString("no answer")
	}
	if e.Details != "" && e.Details != e.Description {
		b.WriteString(": " + e.Details)
	}
	if e.Cause != "" {
		b.WriteString(": " + e.Cause)
	}
	if e.Code != 0 && e.HTTPStatus != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.HTTPStatus)
	}
	if e.RequestID != "" {
		b.WriteString("; request id " + e.RequestID)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; asked to wait %s", e.RetryAfter.Round(time.Second))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; gave up after %d attempts in %s", e.Attempts, e.Elapsed.Round(time.Millisecond))
	}
	return b.String()
}

// Unwrap gives the cause, so that errors.Is finds a cancelled context.
func (e *Error) Unwrap() error { return e.err }

func as(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

func hasCode(err error, codes ...int) bool {
	e := as(err)
	return e != nil && slices.Contains(codes, e.Code)
}

// IsNotFound tells whether Clarifai itself said that a resource does not exist:
// a bare 404 may be a proxy's. The same answer comes for a user id that the PAT
// may not see.
func IsNotFound(err error) bool {
	e := as(err)
	return e != nil && e.Code == CodeDoesNotExist
}

// IsKeyNotFound tells whether a key that was addressed by its value is not
// there. Clarifai may say that with 11101, or with 11009, which is also the
// answer to an unknown PAT.
func IsKeyNotFound(err error) bool { return IsNotFound(err) || hasCode(err, CodeKeyNotFound) }

// IsUnauthorized tells whether Clarifai did not accept the credential itself.
func IsUnauthorized(err error) bool {
	e := as(err)
	return e != nil && (hasCode(err, CodeTokenInvalid, CodeCredentialsInvalid, CodeKeyInvalid, CodeKeyNotFound) ||
		e.HTTPStatus == http.StatusUnauthorized && e.Code == 0)
}

// IsInsufficientScopes tells whether the PAT lacks a scope for the method.
func IsInsufficientScopes(err error) bool { return hasCode(err, CodeInsufficientScopes) }

// IsMoved tells whether the resource answers under another id now, and which.
func IsMoved(err error) (newID string, moved bool) {
	e := as(err)
	if e == nil || (e.Code != CodeMoved && e.MovedTo == "") {
		return "", false
	}
	return e.MovedTo, true
}

// IsUnsettled tells whether a request may have been carried out although no
// answer says so.
func IsUnsettled(err error) bool {
	e := as(err)
	return e != nil && !e.unsent && !isThrottle(e) && (isTransient(e) || e.Code == CodeMixedStatus || e.Code == codeAccepted)
}

// isThrottle: the request was refused for the rate, and not carried out.
func isThrottle(e *Error) bool {
	return e.HTTPStatus == http.StatusTooManyRequests || e.Code == CodeThrottled || e.Code == CodeHourlyLimit
}

// isTransient: the same request may succeed later.
func isTransient(e *Error) bool {
	switch {
	case isThrottle(e), e.HTTPStatus >= 500, e.HTTPStatus == http.StatusRequestTimeout, e.cutShort:
		return true
	case e.Code == CodeTryAgain,
		e.Code >= 40011 && e.Code <= 40016, // DATABASE_*: timeouts, deadlocks, too many clients
		e.Code >= 40030 && e.Code <= 40032, // RPC_*: queue full, server unavailable, timeout
		e.Code >= 98004 && e.Code <= 98021, // INTERNAL_*
		e.Code >= 99001 && e.Code <= 99009: // *_UNCATEGORIZED
		return true
	}
	if e.HTTPStatus == 0 {
		return !errors.Is(e.err, errNotRetryable)
	}
	return e.HTTPStatus < 300 && e.Cause != "" // success by its head, but cut short or not JSON
}

// errNotRetryable marks a failure without an answer that time does not heal,
// such as a certificate that is not trusted.
var errNotRetryable = errors.New("not retryable")

// isRefused: Clarifai understood, and will not serve this method to this PAT
// or in this form.
func isRefused(err error) bool {
	e := as(err)
	return e != nil && e.Code != 0 && !isTransient(e) && !IsUnauthorized(err)
}
