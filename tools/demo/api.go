package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// api is the API as a colleague uses it by hand, without Terraform.
type api struct{ account cli.Account }

type apiKey struct {
	ID     string   `json:"id"`
	Scopes []string `json:"scopes"`
}

// find returns the key with the fingerprint of k, so that no secret is taken
// from the state.
func (a api) find(ctx context.Context, k key) (apiKey, error) {
	var answer struct {
		Keys []apiKey `json:"keys"`
	}
	err := a.call(ctx, cli.Request{What: "listing the app's keys", Verb: http.MethodGet, Answer: &answer}, "apps", k.appID, "keys")
	if err != nil {
		return apiKey{}, err
	}
	for _, found := range answer.Keys {
		if cli.Fingerprint(found.ID) == k.fingerprint {
			return found, nil
		}
	}
	return apiKey{}, fmt.Errorf("the API does not have %s", k.address)
}

func (a api) deleteKey(ctx context.Context, k key) error {
	found, err := a.find(ctx, k)
	if err != nil {
		return err
	}
	return a.call(ctx, cli.Request{What: "deleting a key", Verb: http.MethodDelete}, "keys", found.ID)
}

// widenKey adds a scope that the configuration does not have.
func (a api) widenKey(ctx context.Context, k key, scope string) error {
	found, err := a.find(ctx, k)
	if err != nil {
		return err
	}
	found.Scopes = append(found.Scopes, scope)
	body := map[string]any{"action": "overwrite", "keys": []apiKey{found}}
	return a.call(ctx, cli.Request{What: "widening a key's scopes", Verb: http.MethodPatch, Body: body}, "keys")
}

// mustWork returns an error unless the API accepts a key for its app.
func (a api) mustWork(ctx context.Context, secret, appID string) error {
	var answer struct {
		App struct {
			ID string `json:"id"`
		} `json:"app"`
	}
	err := a.call(ctx, cli.Request{What: "using a key", Verb: http.MethodGet, PAT: secret, Answer: &answer}, "apps", appID, "myscopes")
	if err == nil && answer.App.ID != appID {
		err = fmt.Errorf("a key of app %s works for app %q", appID, answer.App.ID)
	}
	return err
}

// call sends a request for a path of the account, with its PAT unless the request
// has a key of its own.
func (a api) call(ctx context.Context, r cli.Request, path ...string) error {
	target, err := url.JoinPath(a.account.URL, append([]string{"v2", "users", a.account.UserID}, path...)...)
	if err != nil {
		return fmt.Errorf("%s: %w", r.What, err)
	}
	r.URL, r.PAT = target, cmp.Or(r.PAT, a.account.PAT)
	return cli.Call(ctx, r)
}
