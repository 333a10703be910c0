package emulator

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// FaultUsage explains each kind of fault, in a line or two.
//
//go:embed faults.txt
var FaultUsage string

// Fault makes requests fail. It applies after the rate limit and before
// authentication, so to requests of any caller.
//
// Faults form a queue in the order of injection, and a request gets the first one
// that matches. Latencies do not end the search: a request also gets at most one
// fault of each latency kind. Kinds that cut the connection panic with
// [http.ErrAbortHandler], so they need a real server. Go's HTTP client repeats a
// GET on its own, once, if a reused connection ends without an answer.
type Fault struct {
	Method string `json:"method,omitempty"` // Clarifai's name, such as PostKeys; "" matches any
	Verb   string `json:"verb,omitempty"`   // HTTP method; "" matches any
	Skip   int    `json:"skip,omitempty"`   // matching requests to let pass first
	Times  int    `json:"times,omitempty"`  // requests to affect; 0 means one, -1 all
	// Kind is one of those in [FaultUsage]. [Emulator.WaitForLateWork] waits for the work
	// that follows an answer, and [Emulator.Close] drops what has not begun.
	Kind string `json:"kind"`

	HTTPStatus int    `json:"http_status,omitempty"` // for status kinds and echo_key; 0 derives it from Code
	Code       int    `json:"code,omitempty"`        // status.code; 0 derives it from HTTPStatus
	Details    string `json:"details,omitempty"`     // status.details, or the Location of a redirect
	RetryAfter string `json:"retry_after,omitempty"` // value of the Retry-After header

	Latency time.Duration `json:"-"` // for the latency kinds and those ending in then_work
}

// execution is when a request is executed.
type execution int

const (
	never execution = iota
	beforeAnswer
	afterAnswer
)

// faultKinds maps each kind to when the request is executed.
var faultKinds = map[string]execution{
	"status": never, "status_after": beforeAnswer, "status_then_work": afterAnswer,
	"echo_key": never, "redirect": never,
	"cut_before": never, "cut_after": beforeAnswer, "cut_then_work": afterAnswer, "truncate": beforeAnswer,
	"html": never, "html_after": beforeAnswer, "invalid_json": beforeAnswer,
	"latency": beforeAnswer, "latency_after": beforeAnswer,
}

func (f *Fault) validate() error {
	if _, ok := faultKinds[f.Kind]; !ok {
		return fmt.Errorf("unknown kind of fault %q; the kinds are %s", f.Kind, strings.Join(FaultKinds(), ", "))
	}
	if f.Method != "" && !slices.ContainsFunc(routes, func(r *route) bool { return r.name == f.Method }) {
		return fmt.Errorf("unknown method %q; the methods are %s", f.Method, strings.Join(methodNames(), ", "))
	}
	if f.HTTPStatus != 0 && (f.HTTPStatus < 200 || f.HTTPStatus > 599) {
		return fmt.Errorf("HTTP status %d must be between 200 and 599", f.HTTPStatus)
	}
	if f.Latency < 0 {
		return fmt.Errorf("latency %s must not be negative", f.Latency)
	}
	return nil
}

// FaultKinds returns the kinds of faults.
func FaultKinds() []string { return slices.Sorted(maps.Keys(faultKinds)) }

// Inject queues a fault. It panics on an unknown kind or method.
func (e *Emulator) Inject(f Fault) {
	if err := f.validate(); err != nil {
		panic("emulator: " + err.Error())
	}
	if f.Times == 0 {
		f.Times = 1
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = append(e.faults, &f)
}

// ClearFaults removes all faults from the queue.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

// injected is what the queue does to one request.
type injected struct {
	before, after time.Duration
	fault         *Fault
}

// nextFaults returns the faults for a request and counts it against them. The caller must
// hold e.mu.
func (e *Emulator) nextFaults(method, verb string) (in injected) {
	in.fault = &Fault{Kind: "latency"} // none
search:
	for _, f := range e.faults {
		slowed := f.Kind == "latency" && in.before > 0 || f.Kind == "latency_after" && in.after > 0
		if slowed || f.Method != "" && f.Method != method || f.Verb != "" && f.Verb != verb {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		switch f.Kind {
		case "latency":
			in.before = f.Latency
		case "latency_after":
			in.after = f.Latency
		default:
			in.fault = f
			break search
		}
	}
	e.faults = slices.DeleteFunc(e.faults, func(f *Fault) bool { return f.Times == 0 })
	return in
}

// respond sends the answer of the fault. rep is the regular answer, if the request
// was executed.
func (f *Fault) respond(e *Emulator, x *exchange, rep reply) {
	switch f.Kind {
	case "latency":
		e.send(x, rep)
	case "status", "status_after", "echo_key":
		e.send(x, f.status(x))
	case "status_then_work":
		e.send(x, f.status(x))
		_ = http.NewResponseController(x.response).Flush() // so that the work cannot overtake the answer
	case "html", "html_after":
		e.send(x, reply{http: http.StatusBadGateway, body: []byte(badGateway),
			header: map[string]string{"Content-Type": "text/html"}})
	case "redirect":
		bad := fail(codeMoved, "")
		bad.location = f.Details
		e.send(x, x.failed(bad))
	case "invalid_json":
		rep.body = rep.body[:len(rep.body)/2]
		e.send(x, rep)
	case "truncate":
		e.truncate(x, rep)
	default:
		e.finish(x.logged, 0, 0)
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
}

// status returns the answer of a fault that is an error of the API.
func (f *Fault) status(x *exchange) reply {
	forced := f.HTTPStatus
	if f.Kind == "status_then_work" && f.Code == 0 {
		forced = cmp.Or(forced, http.StatusGatewayTimeout)
	}
	bad := &failure{http: forced, code: f.Code, details: f.Details}
	if bad.code == 0 {
		bad.code = codeFor(cmp.Or(bad.http, http.StatusInternalServerError))
	}
	if bad.http == 0 {
		bad.http = httpStatusFor(bad.code)
	}
	if f.Kind == "echo_key" {
		bad.details = fmt.Sprintf("%s %s: %s", x.request.Method, x.request.URL.RequestURI(), x.body)
	}
	rep := x.failed(bad)
	if forced != 0 {
		rep.http = forced // no switch changes a status that the fault sets
	}
	if f.RetryAfter != "" {
		rep.header["Retry-After"] = f.RetryAfter
	}
	return rep
}

// truncate announces the complete answer and closes the connection halfway.
func (e *Emulator) truncate(x *exchange, rep reply) {
	e.finish(x.logged, rep.http, rep.code)
	x.writeHeader(rep)
	x.response.Write(rep.body[:len(rep.body)/2])
	_ = http.NewResponseController(x.response).Flush()
	panic(http.ErrAbortHandler)
}

const badGateway = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>emulated proxy</center></body>
</html>
`
