package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// api is the way around Terraform: what a colleague does by hand, and the
// emulator's own counts.
type api struct {
	base   string
	pat    string
	client *http.Client
}

func newAPI(e *emulator) *api {
	return &api{base: e.url, pat: e.pat, client: &http.Client{Timeout: 10 * time.Second}}
}

// stats are the emulator's counts.
type stats struct {
	Requests int `json:"requests"`
	Apps     int `json:"apps"`
	Keys     int `json:"keys"`
}

func (a *api) stats(ctx context.Context) (stats, error) {
	var s stats
	err := a.call(ctx, "reading the emulator's counts", http.MethodGet, nil, &s, "_emulator", "stats")
	return s, err
}

type apiKey struct {
	ID     string   `json:"id"`
	Scopes []string `json:"scopes"`
}

// find looks the key up by its fingerprint, so that no secret is taken from the state.
func (a *api) find(ctx context.Context, k key) (apiKey, error) {
	var answer struct {
		Keys []apiKey `json:"keys"`
	}
	err := a.call(ctx, "listing the app's keys", http.MethodGet, nil, &answer, "v2", "users", user, "apps", k.appID, "keys")
	if err != nil {
		return apiKey{}, err
	}
	for _, found := range answer.Keys {
		sum := sha256.Sum256([]byte(found.ID))
		if hex.EncodeToString(sum[:])[:16] == k.fingerprint {
			return found, nil
		}
	}
	return apiKey{}, fmt.Errorf("the API does not have %s", k.address)
}

func (a *api) deleteKey(ctx context.Context, k key) error {
	found, err := a.find(ctx, k)
	if err != nil {
		return err
	}
	return a.call(ctx, "deleting a key", http.MethodDelete, nil, nil, "v2", "users", user, "keys", found.ID)
}

// widenKey adds a scope that the configuration does not have.
func (a *api) widenKey(ctx context.Context, k key, scope string) error {
	found, err := a.find(ctx, k)
	if err != nil {
		return err
	}
	found.Scopes = append(found.Scopes, scope)
	body := map[string]any{"action": "overwrite", "keys": []apiKey{found}}
	return a.call(ctx, "widening a key's scopes", http.MethodPatch, body, nil, "v2", "users", user, "keys")
}

// call says in its errors what was done, never the URL, which may hold a key.
func (a *api) call(ctx context.Context, what, method string, body, answer any, path ...string) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	target, err := url.JoinPath(a.base, path...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, &content)
	if err != nil {
		return fmt.Errorf("%s: the request can not be made", what)
	}
	req.Header.Set("Authorization", "Key "+a.pat)
	req.Header.Set("Content-Type", "application/json")

	resp, err := a.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s: the emulator does not answer", what)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", what, resp.Status, data)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
