package clarifai

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Status codes of Clarifai's API that this package distinguishes (Clarifai's
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

// Error is a request that did not succeed: Clarifai answered with something
// other than success, or no usable answer came. Its text holds no secret.
type Error struct {
	Method      string // Clarifai's name of the method, such as PostKeys
	HTTPStatus  int    // 0: no answer
	Code        int    // Clarifai's status code; 0: the answer had none
	Description string
	Details     string
	RequestID   string
	MovedTo     string        // the new ID, if the answer says that the resource moved
	MovedOwner  string        // the owner that the answer names with it; empty: none
	RetryAfter  time.Duration // as the answer requests; 0: not at all
	Cause       string        // why there is no usable answer
	PATSource   string        // where the PAT of the request came from; empty: not known
	UserSetting string        // what sets the account; empty: not known
	Attempts    int
	Elapsed     time.Duration // from the first attempt to the end of the last

	standing func() Standing // of the PAT; nil: not known
	outage   *outage         // of the API, of the PAT or of the rate limit, if this error is part of one
	page     bool            // the answer is somebody else's: an HTML page
	cutShort bool            // only the beginning of an answer came
	unsent   bool            // nothing of the request can have reached the server
	err      error           // a context's error or errNotRetryable: any other may quote a URL
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

// Unwrap returns the cause, so that errors.Is finds a canceled context.
func (e *Error) Unwrap() error { return e.err }

// unanswered reports whether Clarifai gave no answer: none came, or a proxy's page.
func (e *Error) unanswered() bool { return e.HTTPStatus == 0 || e.page }

// ReportOutage reports whether an earlier error was reported for the same reason:
// the API cannot be reached, does not accept the PAT, or refuses requests because of
// the rate limit, which is one event for the whole run, or both share a call that was
// given up. It counts this error as reported.
func ReportOutage(err error) (reportedBefore bool) {
	e := AsError(err)
	return e != nil && e.outage != nil && e.outage.reported.Swap(true)
}

// NotFound returns the error of a method whose resource does not exist, for a
// caller that knows so without asking.
func NotFound(method, description string) *Error {
	return &Error{Method: method, HTTPStatus: http.StatusNotFound, Code: CodeDoesNotExist, Description: description}
}

// wrongAnswer returns the error for a success that is not about what was asked for.
func wrongAnswer(method, format string, args ...any) *Error {
	return &Error{Method: method, HTTPStatus: http.StatusOK, Cause: fmt.Sprintf(format, args...)}
}

// AsError returns the [Error] that err is or wraps, or nil.
func AsError(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

func hasCode(err error, codes ...int) bool {
	e := AsError(err)
	return e != nil && slices.Contains(codes, e.Code)
}

// IsNotFound reports whether Clarifai itself said that a resource does not
// exist: a bare 404 may be a proxy's. Clarifai gives the same answer for a user
// ID that the PAT may not see.
func IsNotFound(err error) bool { return hasCode(err, CodeDoesNotExist) }

// IsKeyNotFound reports whether a key that was addressed by its value does not
// exist. Clarifai may say so with 11101, or with 11009, which is also its answer
// to an unknown PAT.
func IsKeyNotFound(err error) bool { return hasCode(err, CodeDoesNotExist, CodeKeyNotFound) }

// IsUnauthorized reports whether Clarifai rejected the credential itself.
func IsUnauthorized(err error) bool {
	e := AsError(err)
	return e != nil && (hasCode(err, CodeTokenInvalid, CodeCredentialsInvalid, CodeKeyInvalid, CodeKeyNotFound) ||
		e.HTTPStatus == http.StatusUnauthorized && e.Code == 0)
}

// IsInsufficientScopes reports whether the PAT lacks a scope for the method.
func IsInsufficientScopes(err error) bool { return hasCode(err, CodeInsufficientScopes) }

// IsInvalid reports whether the content of a request is why it was certainly not
// carried out, so that one with other content may be.
func IsInvalid(err error) bool {
	e := AsError(err)
	return e != nil && !IsOutcomeUnknown(err) && !IsNotFound(err) && !IsInsufficientScopes(err) && e.Code != CodeAccountIssues &&
		(IsRefused(err) || e.Code == 0 && e.HTTPStatus == http.StatusBadRequest)
}

// IsDuplicate reports whether Clarifai said with its own code for it that an ID
// is taken. Which code it uses for an app is not documented.
func IsDuplicate(err error) bool { return hasCode(err, CodeDuplicateKey) }

// IsWorkflowRefused reports whether a workflow is the reason: it does not exist,
// or the PAT may not use it.
func IsWorkflowRefused(err error) bool {
	e := AsError(err)
	return e != nil && e.Code >= 22102 && e.Code <= 22107
}

// IsMoved reports whether the resource has another ID now. The new ID is empty
// if the answer does not tell it.
func IsMoved(err error) (newID string, moved bool) {
	e := AsError(err)
	if e == nil || (e.Code != CodeMoved && e.MovedTo == "") {
		return "", false
	}
	return e.MovedTo, true
}

// IsOutcomeUnknown reports whether the request may have been carried out
// although no answer says so.
func IsOutcomeUnknown(err error) bool {
	e := AsError(err)
	return e != nil && !e.unsent && !e.onlyReads() && !IsThrottled(e) && (IsTransient(e) || e.Code == CodeMixedStatus || e.Code == codeAccepted)
}

// onlyReads reports whether the request changes nothing.
func (e *Error) onlyReads() bool {
	return slices.ContainsFunc([]string{"Get", "List", "MyScopes"}, func(verb string) bool { return strings.HasPrefix(e.Method, verb) })
}

// MayFinishLate reports whether the outcome is unknown because a gateway gave up,
// the connection was cut or no answer came in time: the backend may still carry
// out the request.
func MayFinishLate(err error) bool {
	e := AsError(err)
	if !IsOutcomeUnknown(err) {
		return false
	}
	switch e.HTTPStatus {
	case 0, http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// IsUnsent reports whether nothing of the request can have reached the server.
func IsUnsent(err error) bool {
	e := AsError(err)
	return e != nil && e.unsent
}

// IsThrottled reports whether the request was refused because requests come too
// fast. It was not carried out then.
func IsThrottled(err error) bool {
	e := AsError(err)
	return e != nil && (e.HTTPStatus == http.StatusTooManyRequests || e.Code == CodeThrottled || e.Code == CodeHourlyLimit)
}

// IsTransient reports whether the same request may succeed later.
func IsTransient(err error) bool {
	e := AsError(err)
	switch {
	case e == nil:
		return false
	case IsThrottled(e), e.HTTPStatus >= 500, e.HTTPStatus == http.StatusRequestTimeout, e.cutShort:
		return true
	case e.Code == CodeTryAgain,
		e.Code >= 40011 && e.Code <= 40016, // DATABASE_*: timeouts, deadlocks, too many clients
		e.Code >= 40030 && e.Code <= 40032, // RPC_*: queue full, server unavailable, timeout
		e.Code >= 98004 && e.Code <= 98021, // INTERNAL_*
		e.Code >= 99001 && e.Code <= 99009: // *_UNCATEGORIZED
		return true
	case e.HTTPStatus == 0:
		return !errors.Is(e.err, errNotRetryable)
	}
	return e.HTTPStatus < 300 && e.Cause != "" // a success status, but cut short or not JSON
}

// errNotRetryable marks a failure without an answer that a retry cannot fix,
// such as a certificate that is not trusted.
var errNotRetryable = errors.New("not retryable")

// IsRefused reports whether Clarifai understood the request and will not serve
// this method to this PAT or in this form.
func IsRefused(err error) bool {
	e := AsError(err)
	return e != nil && e.Code != 0 && !IsTransient(e) && !IsUnauthorized(err)
}
