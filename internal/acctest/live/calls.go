package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// request is a call that the provider's client does not make.
type request struct {
	verb  string
	path  []string // after /v2/users/
	query url.Values
	body  any
	key   clarifai.Secret // what authorizes the request; empty: the PAT
}

// do sends a request, and again after errors that may pass. The error is one of those,
// or none; a definite refusal is an answer.
func (a *account) do(ctx context.Context, what string, r request) (answer, error) {
	return repeat(ctx, a, what, func() (answer, error) {
		if err := a.send(ctx, what, r); err != nil && clarifai.IsTransient(err) {
			return a.last, err
		}
		return a.last, nil
	})
}

// send sends a request once. The error is that of an answer which is no success.
func (a *account) send(ctx context.Context, what string, r request) *clarifai.Error {
	failed := &clarifai.Error{Method: what}
	var content []byte
	target, err := url.JoinPath(a.URL, append([]string{"v2", "users"}, r.path...)...)
	if err == nil && r.body != nil {
		content, err = json.Marshal(r.body)
	}
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	req, failure := http.NewRequestWithContext(ctx, r.verb, target, bytes.NewReader(content))
	if err != nil || failure != nil {
		return failed
	}
	req.Header.Set("Authorization", "Key "+cmp.Or(r.key.Reveal(), a.PAT))
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.RoundTrip(req)
	if err != nil {
		failed.Cause = "no answer" // without the URL, which may hold a key
		return failed
	}
	resp.Body.Close()
	failed.HTTPStatus, failed.Details = a.last.http, a.last.details
	if _, err := fmt.Sscan(a.last.code, &failed.Code); err != nil && a.last.code == "" {
		failed.Cause = "the answer is not the JSON of Clarifai's API"
	}
	if !a.last.refused() {
		return nil
	}
	return failed
}

// repeat calls a method that is attempted once, again after errors that may pass.
func repeat[T any](ctx context.Context, a *account, what string, attempt func() (T, error)) (T, error) {
	retry := a.client.NewRetryState(what)
	for {
		var none T
		if err := retry.WaitForTurn(ctx); err != nil {
			return none, err
		}
		got, err := attempt()
		if e := clarifai.AsError(err); e == nil || !retry.Again(ctx, e) {
			return got, err
		}
	}
}

// definite returns the error unless it is a refusal: an answer that counts.
func definite(err error) error {
	if e := clarifai.AsError(err); e != nil && e.Code != 0 && !clarifai.IsTransient(e) {
		return nil
	}
	return err
}

// all reads a listing to its end.
func all[T any](ctx context.Context, pager *clarifai.Pager[T]) (items []T, err error) {
	for page, err := range pager.Pages(ctx) {
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
	}
	return items, nil
}

// merged returns an object with more fields.
func merged(o, more fields) fields {
	maps.Copy(o, more)
	return o
}
