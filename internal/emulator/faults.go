package emulator

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes some requests go wrong, whoever sent them: it acts before
// authentication, on what the rate limit has let pass.
//
// A request meets the queued faults in the order they were injected and ends at
// the first that takes it; latencies only slow it down and let it go on to the
// next, but one request meets at most one of each of their two kinds. Kinds that
// end the connection panic with [http.ErrAbortHandler], as handlers do, so they
// need a real server. Go's own client sends a GET again by itself, once, when a
// connection that it used before ends without an answer.
type Fault struct {
	Method string `json:"method,omitempty"` // Clarifai's name, such as PostKeys; "" is any
	Verb   string `json:"verb,omitempty"`   // of HTTP; "" is any
	Skip   int    `json:"skip,omitempty"`   // requests to let pass first
	Times  int    `json:"times,omitempty"`  // requests to take; 0 is one, -1 all from then on
	// Kind is what happens: "status" (answers HTTPStatus and Code without doing
	// the work), "status_after" (the same after the work), "echo_key" (as
	// status, with details that repeat the request's URL and body), "cut_before"
	// and "cut_after" (the connection ends without an answer, before or after
	// the work), "truncate" (the work, then half of the announced answer),
	// "html" and "html_after" (HTTP 502 with a proxy's page), "invalid_json"
	// (the work, then HTTP 200 with half of the answer, properly ended),
	// "redirect" (HTTP 307 to Details, no work), "latency" (Latency, then the
	// work, even for a client that has gone), "latency_after" (the work first).
	Kind string `json:"kind"`

	HTTPStatus int    `json:"http_status,omitempty"` // of status and echo_key; 0 is what goes with Code
	Code       int    `json:"code,omitempty"`        // status.code; 0 is what goes with HTTPStatus
	Details    string `json:"details,omitempty"`     // of status; the Location of redirect
	RetryAfter string `json:"retry_after,omitempty"` // the header of that name, as it is

	Latency time.Duration `json:"-"` // of the two latency kinds
}

// faultKinds says of each kind whether the work is done.
var faultKinds = map[string]bool{
	"status": false, "status_after": true, "echo_key": false, "redirect": false,
	"cut_before": false, "cut_after": true, "truncate": true,
	"html": false, "html_after": true, "invalid_json": true,
	"latency": true, "latency_after": true,
}

func (f *Fault) validate() error {
	if _, ok := faultKinds[f.Kind]; !ok {
		return fmt.Errorf("there is no kind of fault %q; there are %s", f.Kind,
			strings.Join(slices.Sorted(maps.Keys(faultKinds)), ", "))
	}
	if f.Method != "" && !slices.ContainsFunc(routes, func(r *route) bool { return r.name == f.Method }) {
		return fmt.Errorf("there is no method %q here", f.Method)
	}
	if f.HTTPStatus != 0 && (f.HTTPStatus < 200 || f.HTTPStatus > 599) {
		return fmt.Errorf("%d is no HTTP status to answer with", f.HTTPStatus)
	}
	return nil
}

// Inject queues a fault. It panics on a kind or method that does not exist.
func (e *Emulator) Inject(f Fault) {
	if err := f.validate(); err != nil {
		panic("emulator: " + err.Error())
	}
	e.faults.add(f)
}

// Calm drops the faults that are still queued.
func (e *Emulator) Calm() {
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.queue = nil
}

type faultQueue struct {
	mu    sync.Mutex
	queue []*Fault
}

func (q *faultQueue) add(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, &f)
}

// taken is what befalls one request.
type taken struct {
	before, after time.Duration
	fault         *Fault
}

func (q *faultQueue) take(method, verb string) taken {
	q.mu.Lock()
	defer q.mu.Unlock()
	var t taken
	for _, f := range q.queue {
		slowed := f.Kind == "latency" && t.before > 0 || f.Kind == "latency_after" && t.after > 0
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
			t.before = f.Latency
		case "latency_after":
			t.after = f.Latency
		default:
			t.fault = f
		}
		if t.fault != nil {
			break
		}
	}
	q.queue = slices.DeleteFunc(q.queue, func(f *Fault) bool { return f.Times == 0 })
	return t
}

// doesWork tells whether the work is done; without a fault it is.
func (f *Fault) doesWork() bool { return f == nil || faultKinds[f.Kind] }

// spoil answers in the fault's way. rep is the proper answer, if the work was done.
func (f *Fault) spoil(e *Emulator, x *exchange, rep reply) {
	switch f.Kind {
	case "status", "status_after", "echo_key":
		e.send(x, f.status(x))
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
		e.log.finish(x.logged, 0, 0)
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
}

// status makes the answer of a fault that is an error of the API.
func (f *Fault) status(x *exchange) reply {
	bad := &failure{http: f.HTTPStatus, code: f.Code, details: f.Details}
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
	if f.HTTPStatus != 0 {
		rep.http = f.HTTPStatus // asked for, so no switch changes it
	}
	if f.RetryAfter != "" {
		rep.header["Retry-After"] = f.RetryAfter
	}
	return rep
}

// truncate announces the whole answer and ends the connection in its middle.
func (e *Emulator) truncate(x *exchange, rep reply) {
	e.log.finish(x.logged, rep.http, rep.code)
	h := x.response.Header()
	for name, value := range rep.header {
		h.Set(name, value)
	}
	h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	x.response.WriteHeader(rep.http)
	x.response.Write(rep.body[:len(rep.body)/2])
	_ = http.NewResponseController(x.response).Flush()
	panic(http.ErrAbortHandler)
}

const badGateway = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>emulated proxy</center></body>
</html>
`
