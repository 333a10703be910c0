package emulator

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// exchange is one request on its way to an answer.
type exchange struct {
	request  *http.Request
	route    *route // nil when nothing is served there
	vars     map[string]string
	query    query
	body     []byte
	caller   *Key
	userID   string // of the path, with "me" resolved
	sw       Switches
	logged   *Request
	response http.ResponseWriter
}

// answer is what a method returns: the members beside status.
type answer struct {
	fields  map[string]any
	details string
}

// reply is an answer ready to be sent.
type reply struct {
	http   int
	code   int
	header map[string]string
	body   []byte
}

// ServeHTTP serves one request: the API, or the control endpoints below
// /_emulator/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		e.control.ServeHTTP(w, r)
		return
	}
	x := &exchange{request: r, response: w}
	var unrouted *failure
	x.route, x.vars, unrouted = match(r.Method, r.URL.EscapedPath())
	e.mu.Lock()
	x.sw = e.switches
	inURL := e.store.secretIn(r.URL)
	e.mu.Unlock()
	x.logged = e.log.begin(x.method(), r, e.opts.Now(), inURL)

	// The body is read before anything waits: a client that has gone by then
	// must still get its work done.
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
		return e.work(x)
	})
}

// serve lets the faults that match have their way with the work.
func (e *Emulator) serve(x *exchange, work func() reply) {
	taken := e.faults.take(x.method(), x.request.Method)
	// Not even a client that hangs up ends a latency early.
	ctx := context.WithoutCancel(x.request.Context())
	if d := e.opts.Latency + taken.before; d > 0 {
		e.opts.Sleep(ctx, d)
	}
	var rep reply
	if taken.fault.doesWork() {
		rep = work()
	}
	if taken.after > 0 {
		e.opts.Sleep(ctx, taken.after)
	}
	if taken.fault == nil {
		e.send(x, rep)
		return
	}
	taken.fault.spoil(e, x, rep)
}

// work authenticates and carries out the method.
func (e *Emulator) work(x *exchange) reply {
	e.mu.Lock()
	x.sw = e.switches
	out, f := e.carryOut(x)
	e.mu.Unlock()
	if f != nil {
		return x.failed(f)
	}
	return x.reply(http.StatusOK, codeSuccess, out.details, nil, out.fields)
}

// carryOut runs with e.mu held.
func (e *Emulator) carryOut(x *exchange) (answer, *failure) {
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

func (x *exchange) method() string {
	if x.route == nil {
		return ""
	}
	return x.route.name
}

// decode reads the request's body as the message of its method.
func (x *exchange) decode(into any) *failure {
	if err := decodeStrict(x.body, into); err != nil {
		return fail(codeBadFormat, "%v", err)
	}
	return nil
}

// failed makes the answer to a failure. Lists that are marked
// cl_show_if_empty are there, empty, as captured answers show.
func (x *exchange) failed(f *failure) reply {
	fields := map[string]any{}
	if x.route != nil && x.route.list != "" {
		fields[x.route.list] = []any{}
	}
	rep := x.reply(f.http, f.code, f.details, f.redirect, fields)
	if f.location != "" {
		rep.header["Location"] = f.location
	}
	return rep
}

func (x *exchange) reply(httpStatus, code int, details string, redirect *wireRedirect, fields map[string]any) reply {
	known := lookUpStatus(code)
	status := wireStatus{Code: code, Description: known.description, Details: details,
		ReqID: NewSecret(), HTTPStatusCode: httpStatus, RedirectInfo: redirect}
	if prefix := x.request.Header.Get("X-Clarifai-Request-ID-Prefix"); prefix != "" {
		status.ReqID = prefix + "-" + status.ReqID
	}
	if x.sw.Enums == "names" && known.name != "" {
		status.Code = known.name
	}
	if fields == nil {
		fields = map[string]any{}
	}
	fields["status"] = status
	body, err := json.Marshal(fields)
	if err != nil {
		panic("emulator: an answer that is no JSON: " + err.Error()) // metadata came from JSON
	}
	if x.sw.SuccessOnFailure && httpStatus >= 400 {
		httpStatus = http.StatusOK
	}
	return reply{http: httpStatus, code: code, body: body, header: map[string]string{
		"Content-Type":          "application/json; charset=UTF-8",
		"X-Clarifai-Request-Id": status.ReqID,
	}}
}

// send writes an answer and completes the request's entry in the log, which has
// to be there before the client can see the answer.
func (e *Emulator) send(x *exchange, rep reply) {
	e.log.finish(x.logged, rep.http, rep.code)
	h := x.response.Header()
	for name, value := range rep.header {
		h.Set(name, value)
	}
	h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	x.response.WriteHeader(rep.http)
	x.response.Write(rep.body)
}
