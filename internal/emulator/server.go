package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// exchange is a request while it is processed.
type exchange struct {
	request  *http.Request
	route    *route // empty for an unknown path
	vars     map[string]string
	query    url.Values
	body     []byte
	caller   *Key
	userID   string // the user in the path, with "me" resolved
	foreign  bool   // the caller may not act for that user
	details  string // status.details of a success
	sw       Switches
	logged   *Request
	response http.ResponseWriter
}

// answer is the result of a method: the fields of the answer besides status.
type answer map[string]any

// reply is an answer that is ready to send.
type reply struct {
	http   int
	code   int
	header map[string]string
	body   []byte
}

// ServeHTTP serves a request to the API or to a control endpoint below /_emulator/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		e.control.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Date", e.opts.Now().UTC().Format(http.TimeFormat))
	x := &exchange{request: r, response: w}
	var unrouted *failure
	x.route, x.vars, unrouted = match(r.Method, r.URL.EscapedPath())
	// Read the body before any latency: the request must be executed even if the
	// client is gone by then.
	body, broken := readBody(r)
	x.body = body
	retryAfter, admitted, faults := e.begin(x)
	if !admitted {
		f := fail(codeThrottled, "exceeded limit of %d requests per second", e.opts.RequestsPerSecond)
		rep := x.failed(f)
		if retryAfter != "" {
			rep.header["Retry-After"] = retryAfter
		}
		e.send(x, rep)
		return
	}
	e.serve(x, faults, func() reply {
		switch {
		case unrouted != nil:
			return x.failed(unrouted)
		case broken != nil:
			return x.failed(broken)
		}
		return e.execute(x)
	})
}

// begin logs a request. It reports whether the request may pass and, if not, returns
// the Retry-After header to send; otherwise, the faults that it meets.
func (e *Emulator) begin(x *exchange) (retryAfter string, admitted bool, faults injected) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x.sw, x.logged = e.switches, e.record(x)
	if retryAfter, admitted = e.limit.admit(x.logged.At); admitted {
		faults = e.nextFaults(x.route.name, x.request.Method)
	}
	return retryAfter, admitted, faults
}

// serve executes the request, subject to the faults that it meets.
func (e *Emulator) serve(x *exchange, injected injected, execute func() reply) {
	ctx := x.request.Context()
	if d := e.opts.Latency + injected.before; d > 0 {
		e.opts.Sleep(context.WithoutCancel(ctx), d) // the request is executed even if the client is gone
	}
	var rep reply
	when := faultKinds[injected.fault.Kind]
	if when == beforeAnswer {
		rep = execute()
	}
	if injected.after > 0 {
		e.opts.Sleep(ctx, injected.after)
	}
	if when == afterAnswer {
		defer e.late.start(injected.fault.Latency, e.opts.Sleep, func() { execute() })
	}
	injected.fault.respond(e, x, rep)
}

// execute runs the method and returns its answer. What it changed is saved by then.
func (e *Emulator) execute(x *exchange) reply {
	e.mu.Lock()
	x.sw = e.switches
	before := e.store.version()
	out, f := e.call(x)
	version := e.store.version()
	e.mu.Unlock()
	if version != before {
		if err := e.persist(version); err != nil {
			f = fail(codeInternal, "%v", err)
		}
	}
	if f != nil {
		return x.failed(f)
	}
	return x.reply(&failure{http: http.StatusOK, code: codeSuccess, details: x.details}, out)
}

// call authorizes the caller and calls the handler. The caller must hold e.mu.
func (e *Emulator) call(x *exchange) (answer, *failure) {
	if f := e.authorize(x); f != nil {
		return nil, f
	}
	var f *failure
	if x.query, f = parseQuery(x.request.URL.RawQuery, x.route.params); f != nil {
		return nil, f
	}
	if x.route.body {
		if f := checkContentType(x.request.Header); f != nil {
			return nil, f
		}
	}
	return x.route.handle(e, x)
}

// decode decodes the body of the request.
func (x *exchange) decode(into any) *failure {
	if err := decodeStrict(x.body, into); err != nil {
		return fail(codeBadFormat, "%v", err)
	}
	return nil
}

// failed returns the answer to a failed request. It contains the empty list if the
// list is marked cl_show_if_empty, as captured answers show.
func (x *exchange) failed(f *failure) reply {
	fields := answer{}
	if x.route.list != "" {
		fields[x.route.list] = []any{}
	}
	return x.reply(f, fields)
}

// reply encodes an answer as the switches select. The status may be that of a success.
func (x *exchange) reply(f *failure, fields answer) reply {
	known := statusCodes[f.code]
	status := wireStatus{Code: f.code, Description: cmp.Or(known.Description, "Failure"), Details: f.details,
		ReqID: NewSecret(), HTTPStatusCode: f.http, RedirectInfo: f.redirect}
	if prefix := x.request.Header.Get("X-Clarifai-Request-ID-Prefix"); prefix != "" {
		status.ReqID = prefix + "-" + status.ReqID
	}
	if x.sw.Enums == "names" && known.Name != "" {
		status.Code = known.Name
	}
	all := answer{"status": status}
	maps.Copy(all, fields)
	body, err := json.Marshal(all)
	if err != nil {
		panic("emulator: cannot encode an answer: " + err.Error()) // never: all values come from JSON
	}
	rep := reply{http: f.http, code: f.code, body: body, header: map[string]string{
		"Content-Type":          "application/json; charset=UTF-8",
		"X-Clarifai-Request-Id": status.ReqID,
	}}
	if x.sw.SuccessOnFailure && f.http >= 400 {
		rep.http = http.StatusOK
	}
	if f.location != "" {
		rep.header["Location"] = f.location
	}
	return rep
}

// send completes the log entry of the request and then writes the answer, so that
// a client that has the answer finds the entry complete.
func (e *Emulator) send(x *exchange, rep reply) {
	e.finish(x.logged, rep.http, rep.code)
	x.writeHeader(rep)
	x.response.Write(rep.body)
}

// writeHeader writes the status and the headers of an answer.
func (x *exchange) writeHeader(rep reply) {
	h := x.response.Header()
	for name, value := range rep.header {
		h.Set(name, value)
	}
	h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	x.response.WriteHeader(rep.http)
}

// each runs a function for each item of a request. One that fails fails the whole
// request, so the caller changes nothing before all succeeded. list is the JSON name of
// the items.
func each[In, Out any](list string, items []In, do func(*In) (Out, *failure)) ([]Out, *failure) {
	if len(items) == 0 {
		return nil, fail(codeInvalidRequest, "%s must not be empty", list)
	}
	all := make([]Out, len(items))
	for i := range items {
		var f *failure
		if all[i], f = do(&items[i]); f != nil {
			return nil, f
		}
	}
	return all, nil
}

// listed returns the page of a listing that a request asks for.
func listed[T, Wire any](e *Emulator, x *exchange, items []T, wire func(T) Wire) ([]Wire, *failure) {
	p, f := x.page()
	if f != nil {
		return nil, f
	}
	if n := len(items); x.sw.ShiftingPages && n > 0 {
		path := x.request.URL.Path
		if p.number > 1 {
			e.store.rotations[path]++
		}
		at := n - e.store.rotations[path]%n
		items = slices.Concat(items[at:], items[:at])
	}
	start := min((p.number-1)*p.size, len(items))
	wires := []Wire{}
	for _, item := range items[start:min(start+p.size, len(items))] {
		wires = append(wires, wire(item))
	}
	return wires, nil
}
