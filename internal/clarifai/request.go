package clarifai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
)

// maxBody bounds how much of an answer is read, in bytes. A page of 1000 keys
// with every scope is about 4 MB.
const maxBody = 64 << 20

// call is one call of an API method.
type call struct {
	method string // Clarifai's name of it
	verb   string
	path   []string
	query  url.Values
	body   any
	out    answer
	lost   func() // called after each attempt whose outcome is not known; nil: not wanted
	finish bool   // wait for the answer of a request that was sent even if the run is being canceled
}

// template returns the path without the IDs in it, any of which may be a key.
func (k call) template() string {
	segments := []string{"", "v2"}
	for i, segment := range k.path {
		if i%2 == 1 && segment != "me" && segment != "ids" {
			segment = "{" + strings.TrimSuffix(k.path[i-1], "s") + "}"
		}
		segments = append(segments, segment)
	}
	return strings.Join(segments, "/")
}

// do sends a call that is safe to repeat until it succeeds, fails for good, or
// its retries are spent.
func (c *Client) do(ctx context.Context, k call) error {
	retry := c.NewRetryState(k.method)
	for {
		if err := retry.WaitForTurn(ctx); err != nil {
			return err
		}
		sending := ctx
		if k.finish {
			sending = context.WithoutCancel(ctx)
		}
		timed, cancel := context.WithTimeout(sending, c.attemptTimeout(ctx))
		e := c.attempt(timed, k)
		cancel()
		if e == nil {
			return nil
		}
		if k.lost != nil && IsOutcomeUnknown(e) {
			k.lost()
		}
		if !retry.Again(ctx, e) {
			if ctx.Err() != nil && !errors.Is(e.err, context.Canceled) {
				e.err = ctx.Err()
			}
			return e
		}
	}
}

// attempt sends the call once and checks the answer: both the HTTP status and
// the status in the body have to report success.
func (c *Client) attempt(ctx context.Context, k call) *Error {
	e := &Error{Method: k.method, Attempts: 1, PATSource: c.cfg.PATSource, UserSetting: c.cfg.UserSetting}
	started := c.cfg.Clock.Now()
	ok := c.exchange(ctx, k, e)
	e.Elapsed = c.cfg.Clock.Now().Sub(started)
	c.logAttempt(ctx, k, e)
	if !ok {
		e.standing = c.standingOf(ctx, k)
		return e
	}
	c.limiter.succeeded()
	c.succeeded.Add(1)
	c.usedUp.Store(nil)
	return nil
}

// exchange sends the call, decodes the answer into k.out and notes in e what
// happened. It reports whether the call succeeded.
func (c *Client) exchange(ctx context.Context, k call, e *Error) bool {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := c.newRequest(ctx, k)
	if err != nil {
		e.unsent, e.err, e.Cause = true, errNotRetryable, c.secrets.redact(err.Error())
		return false
	}
	resp, err := c.http.Do(req)
	if err != nil {
		e.unsent = !connected.Load()
		c.explain(e, err)
		return false
	}
	defer resp.Body.Close()
	e.HTTPStatus = resp.StatusCode
	e.RequestID = Escape(c.secrets.redact(resp.Header.Get("X-Clarifai-Request-Id")))
	c.noteServerTime(resp.Header.Get("Date"))
	e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), c.cfg.Clock.Now())
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		c.explain(e, err)
		e.Cause, e.cutShort = "the answer broke off: "+e.Cause, true
		return false
	case len(body) > maxBody:
		e.Cause = fmt.Sprintf("the answer is longer than %d MiB", maxBody>>20)
		return false
	}
	ok := c.check(e, k, resp, body)
	if !e.page {
		c.unreachable.Store(nil)
	}
	if !ok {
		return false
	}
	e.Code = CodeSuccess
	return true
}

func (c *Client) newRequest(ctx context.Context, k call) (*http.Request, error) {
	if slices.Contains(k.path, "") { // the path would name another method: …/apps/ for an app without an ID
		return nil, errors.New("an id is empty")
	}
	var body io.Reader
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, k.verb, c.url(k.query, k.path...).String(), body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Key "+c.cfg.PAT)
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("X-Clarifai-Request-ID-Prefix", "terraform-provider-clarifai-"+c.cfg.Version)
	return req, nil
}

func (c *Client) logAttempt(ctx context.Context, k call, e *Error) {
	fields := map[string]any{
		"method":      k.method,
		"verb":        k.verb,
		"path":        k.template(),
		"http_status": e.HTTPStatus,
		"request_id":  e.RequestID,
		"duration_ms": e.Elapsed.Milliseconds(),
	}
	if e.Code != CodeSuccess {
		fields["code"] = e.Code
		if e.Cause != "" {
			fields["cause"] = e.Cause
		}
	}
	c.debug(ctx, "Clarifai API request", fields)
}
