package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
)

// api is the API as a colleague uses it by hand, without Terraform.
type api struct{ account cli.Account }

type apiKey struct {
	ID     string   `json:"id"`
	Scopes []string `json:"scopes"`
}

// key returns the key with a fingerprint, so that no secret is taken from the state.
func (a api) key(ctx context.Context, fingerprint string) (apiKey, error) {
	var answer struct{ Keys []apiKey }
	err := a.call(ctx, cli.Request{What: "listing keys", Verb: http.MethodGet, Answer: &answer}, "keys")
	if err != nil {
		return apiKey{}, err
	}
	for _, found := range answer.Keys {
		if cli.Fingerprint(found.ID) == fingerprint {
			return found, nil
		}
	}
	return apiKey{}, fmt.Errorf("the API does not have key %s", fingerprint)
}

// tamper deletes one key and widens another.
func (a api) tamper(ctx context.Context, deleted, widened string) error {
	key, err := a.key(ctx, deleted)
	if err != nil {
		return err
	}
	if err := a.call(ctx, cli.Request{What: "deleting a key", Verb: http.MethodDelete}, "keys", key.ID); err != nil {
		return err
	}
	if key, err = a.key(ctx, widened); err != nil {
		return err
	}
	key.Scopes = append(key.Scopes, "All")
	body := map[string]any{"action": "overwrite", "keys": []apiKey{key}}
	return a.call(ctx, cli.Request{What: "widening a key's scopes", Verb: http.MethodPatch, Body: body}, "keys")
}

// mustWork returns an error unless the API accepts a key for its app.
func (a api) mustWork(ctx context.Context, secret, appID string) error {
	var answer struct{ App struct{ ID string } }
	a.account.PAT = secret
	err := a.call(ctx, cli.Request{What: "using a key", Verb: http.MethodGet, Answer: &answer}, "apps", appID, "myscopes")
	if err == nil && answer.App.ID != appID {
		err = fmt.Errorf("a key of app %s works for app %q", appID, answer.App.ID)
	}
	return err
}

// call sends a request for a path of the account.
func (a api) call(ctx context.Context, r cli.Request, path ...string) error {
	r.URL, r.PAT = a.account.URL+"/v2/users/"+a.account.UserID+"/"+strings.Join(path, "/"), a.account.PAT
	return cli.Call(ctx, r)
}
