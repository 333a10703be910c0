package emulator

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// exchange is a request while it is processed.
type exchange struct {
	request  *http.Request
	route    *route // nil for an unknown path
	vars     map[string]string
	query    query
	body     []byte
	caller   *Key
	userID   string // the user in the path, with "me" resolved
	sw       Switches
	logged   *Request
	response http.ResponseWriter
}

// answer is the result of a method: the fields of the answer besides status.
type answer struct {
	fields  map[string]any
	details string
}

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
	e.mu.Lock()
	x.sw = e.switches
	inURL := e.store.secretIn(r.URL)
	e.mu.Unlock()
	x.logged = e.log.begin(x.method(), r, e.opts.Now(), inURL)

	// Read the body before any latency: the request must be executed even if the
	// client is gone by then.
	body, broken := readBody(r)
	x.body = body
	if retryAfter, ok := e.limit.admit(e.opts.Now()); !ok {
		f := fail(codeThrottled, "exceeded limit of %d requests per second", e.opts.RequestsPerSecond)
		rep := x.failed(f)
		if retryAfter != "" {
			rep.header["Retry-After"] = retryAfter
		}
		e.send(x, rep)
		return
	}
	e.serve(x, func() reply {
		switch {
		case unrouted != nil:
			return x.failed(unrouted)
		case broken != nil:
			return x.failed(broken)
		}
		return e.execute(x)
	})
}

// serve executes the request, subject to the faults that match it.
func (e *Emulator) serve(x *exchange, execute func() reply) {
	injected := e.faults.next(x.method(), x.request.Method)
	// A client that disconnects does not shorten the latency.
	ctx := context.WithoutCancel(x.request.Context())
	if d := e.opts.Latency + injected.before; d > 0 {
		e.opts.Sleep(ctx, d)
	}
	var rep reply
	if injected.fault.when() == beforeAnswer {
		rep = execute()
	}
	if injected.after > 0 {
		e.opts.Sleep(ctx, injected.after)
	}
	if injected.fault == nil {
		e.send(x, rep)
		return
	}
	if injected.fault.when() == afterAnswer {
		defer e.late.start(injected.fault.Latency, e.opts.Sleep, func() { execute() })
	}
	injected.fault.respond(e, x, rep)
}

// execute runs the method and returns its answer.
func (e *Emulator) execute(x *exchange) reply {
	e.mu.Lock()
	x.sw = e.switches
	out, f := e.call(x)
	e.mu.Unlock()
	if f != nil {
		return x.failed(f)
	}
	return x.reply(outcome{http: http.StatusOK, code: codeSuccess, details: out.details, fields: out.fields})
}

// call authorizes the caller and calls the handler. The caller must hold e.mu.
func (e *Emulator) call(x *exchange) (answer, *failure) {
	if f := e.authorize(x); f != nil {
		return answer{}, f
	}
	var f *failure
	if x.query, f = parseQuery(x.request.URL.RawQuery, x.route.params); f != nil {
		return answer{}, f
	}
	if x.route.body {
		if f := checkContentType(x.request.Header); f != nil {
			return answer{}, f
		}
	}
	return x.route.handle(e, x)
}

// method returns Clarifai's name for the method, or "" for an unknown path.
func (x *exchange) method() string {
	if x.route == nil {
		return ""
	}
	return x.route.name
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
	fields := map[string]any{}
	if x.route != nil && x.route.list != "" {
		fields[x.route.list] = []any{}
	}
	rep := x.reply(outcome{http: f.http, code: f.code, details: f.details, redirect: f.redirect, fields: fields})
	if f.location != "" {
		rep.header["Location"] = f.location
	}
	return rep
}

// outcome is the content of an answer.
type outcome struct {
	http     int
	code     int
	details  string
	redirect *wireRedirect
	fields   map[string]any
}

// reply encodes an answer as the switches select.
func (x *exchange) reply(o outcome) reply {
	known := lookUpStatus(o.code)
	status := wireStatus{Code: o.code, Description: known.description, Details: o.details,
		ReqID: NewSecret(), HTTPStatusCode: o.http, RedirectInfo: o.redirect}
	if prefix := x.request.Header.Get("X-Clarifai-Request-ID-Prefix"); prefix != "" {
		status.ReqID = prefix + "-" + status.ReqID
	}
	if x.sw.Enums == "names" && known.name != "" {
		status.Code = known.name
	}
	fields := map[string]any{"status": status}
	maps.Copy(fields, o.fields)
	body, err := json.Marshal(fields)
	if err != nil {
		panic("emulator: cannot encode an answer: " + err.Error()) // never: all values come from JSON
	}
	if x.sw.SuccessOnFailure && o.http >= 400 {
		o.http = http.StatusOK
	}
	return reply{http: o.http, code: o.code, body: body, header: map[string]string{
		"Content-Type":          "application/json; charset=UTF-8",
		"X-Clarifai-Request-Id": status.ReqID,
	}}
}

// send completes the log entry of the request and then writes the answer, so that
// a client that has the answer finds the entry complete.
func (e *Emulator) send(x *exchange, rep reply) {
	e.log.finish(x.logged, rep.http, rep.code)
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

// writeAll runs write for each item of a request and commits all changes together,
// so that one invalid item fails the whole request. list is the JSON name of the
// items.
func writeAll[In, Out any](e *Emulator, list string, items []In, write func(*In) ([]change, Out, *failure)) (answer, *failure) {
	if len(items) == 0 {
		return answer{}, fail(codeInvalidRequest, "%s must not be empty", list)
	}
	var all []change
	var written []Out
	for i := range items {
		changes, out, f := write(&items[i])
		if f != nil {
			return answer{}, f
		}
		all = append(all, changes...)
		written = append(written, out)
	}
	return answer{fields: map[string]any{list: written}}, e.commit(all...)
}
