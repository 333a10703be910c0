package clarifai

import (
	"context"
	"net/http"
	"slices"
)

// typePAT is the type of personal access tokens, which are keys of no app. The
// name of the other type has changed over the years, so nothing relies on it.
const typePAT = "personal_access_token"

// aliasMe is Clarifai's alias in a path for the owner of the PAT.
const aliasMe = "me"

// Key is an app-specific API key (Clarifai's resources.proto).
type Key struct {
	Value       Secret // what Clarifai calls the key's ID
	UserID      string
	AppID       string
	AlsoIn      []AppRef // further apps that it gives access to
	Description string
	Scopes      []string // shared by keys with equal scopes: not to be modified
	Endpoints   []string // likewise
	CreatedAt   Time
	ExpiresAt   Time // zero: does not expire
	Fingerprint string
}

// ID returns the key's name that is no secret: user_id/app_id/fingerprint.
func (k Key) ID() string { return k.UserID + "/" + k.AppID + "/" + k.Fingerprint }

// IsBare reports whether an answer names a key and says nothing else about it.
func (k Key) IsBare() bool {
	return k.CreatedAt.IsZero() && k.Description == "" && len(k.Scopes)+len(k.Endpoints) == 0
}

type wireKey struct {
	ID          string     `json:"id,omitempty"`
	Type        string     `json:"type,omitempty"`
	Description *string    `json:"description,omitempty"`
	Scopes      stringList `json:"scopes,omitempty"`
	Endpoints   stringList `json:"endpoints,omitempty"`
	Apps        []wireApp  `json:"apps,omitempty"`
	CreatedAt   Time       `json:"created_at,omitzero"`
	ExpiresAt   Time       `json:"expires_at,omitzero"`
}

type wireApp struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
}

type keysAnswer struct {
	envelope
	Keys []wireKey `json:"keys"`
}

// keyOf returns the key in an answer about userID and, if it is about one app,
// appID; ok is false for what is no app's key. Of a key of several apps, its app is the
// one that the answer is about, or the first. It remembers the key's value as a secret.
// An answer about one app may omit the key's apps: which of their fields are filled in
// is not documented.
func (c *Client) keyOf(userID, appID string, w wireKey) (k Key, ok bool) {
	if len(w.Apps) == 0 && appID != "" {
		w.Apps = []wireApp{{ID: appID}}
	}
	if w.ID == "" || w.Type == typePAT || slices.ContainsFunc(w.Apps, func(app wireApp) bool { return app.ID == "" }) || len(w.Apps) == 0 {
		return Key{}, false
	}
	if at := slices.IndexFunc(w.Apps, func(app wireApp) bool { return app.ID == appID }); at > 0 {
		w.Apps[0], w.Apps[at] = w.Apps[at], w.Apps[0]
	}
	c.secrets.add(w.ID)
	k = Key{
		Value:       Secret(w.ID),
		UserID:      userID,
		AppID:       w.Apps[0].ID,
		Scopes:      w.Scopes,
		Endpoints:   w.Endpoints,
		CreatedAt:   w.CreatedAt,
		ExpiresAt:   w.ExpiresAt,
		Fingerprint: Secret(w.ID).Fingerprint(),
	}
	ownerOf := func(app wireApp) string {
		if app.UserID != "" && userID != aliasMe {
			return app.UserID
		}
		return userID
	}
	k.UserID = ownerOf(w.Apps[0])
	for _, app := range w.Apps[1:] {
		k.AlsoIn = append(k.AlsoIn, AppRef{UserID: ownerOf(app), AppID: app.ID})
	}
	if w.Description != nil {
		k.Description = *w.Description
	}
	return k, true
}

// onlyKey returns the key of an answer that has to hold exactly one.
func (c *Client) onlyKey(method, userID, appID string, keys []wireKey) (Key, error) {
	if len(keys) != 1 {
		return Key{}, wrongAnswer(method, "the answer holds %d keys instead of one", len(keys))
	}
	k, ok := c.keyOf(userID, appID, keys[0])
	if !ok || len(k.AlsoIn) > 0 {
		return Key{}, wrongAnswer(method, "the answer holds no app-specific key")
	}
	return k, nil
}

// ListKeys lists the app-specific keys of an account. It drops the personal
// access tokens that Clarifai lists beside them unread.
func (c *Client) ListKeys(userID string) *Pager[Key] { return c.listKeys(userID, "") }

// ListAppKeys lists the keys of one app.
func (c *Client) ListAppKeys(userID, appID string) *Pager[Key] { return c.listKeys(userID, appID) }

func (c *Client) listKeys(userID, appID string) *Pager[Key] {
	method, path := "ListKeys", keysPath(userID)
	if appID != "" {
		method, path = "ListAppKeys", appsPath(userID, appID, "keys")
	}
	out := &keysAnswer{}
	return newPager(c, call{method: method, verb: http.MethodGet, path: path, out: out}, func() []listed[Key] {
		items := make([]listed[Key], len(out.Keys))
		for i, w := range out.Keys {
			k, ok := c.keyOf(userID, appID, w)
			items[i] = listed[Key]{id: w.ID, item: k, wanted: ok}
		}
		return items
	})
}

func keysPath(userID string, segments ...string) []string {
	return append([]string{"users", userID, "keys"}, segments...)
}

// PostKey sends the creation of a key once, without waiting for its turn and
// without a retry: see [RetryState]. It sends the description, scopes, endpoints
// and expiry of k, its app and that app's owner. The error is an [Error].
func (c *Client) PostKey(ctx context.Context, k Key) (Key, error) {
	w := wireKey{Scopes: k.Scopes, Endpoints: k.Endpoints, ExpiresAt: k.ExpiresAt, Apps: []wireApp{{ID: k.AppID, UserID: k.UserID}}}
	if k.Description != "" {
		w.Description = &k.Description
	}
	body := map[string]any{"keys": []wireKey{w}}
	var out keysAnswer
	if e := c.attempt(ctx, call{method: "PostKeys", verb: http.MethodPost, path: keysPath(k.UserID), body: body, out: &out}); e != nil {
		return Key{}, e
	}
	return c.onlyKey("PostKeys", k.UserID, k.AppID, out.Keys)
}

// PatchKey gives a key another description. It sends scopes, endpoints and
// expiry as they are, because it is not known whether Clarifai keeps what an
// overwrite omits. An answer without a key returns a bare key.
func (c *Client) PatchKey(ctx context.Context, k Key) (Key, error) {
	w := wireKey{ID: k.Value.Reveal(), Description: &k.Description, Scopes: k.Scopes, Endpoints: k.Endpoints, ExpiresAt: k.ExpiresAt}
	body := map[string]any{"keys": []wireKey{w}, "action": "overwrite"}
	var out keysAnswer
	err := c.do(ctx, call{method: "PatchKeys", verb: http.MethodPatch, path: keysPath(k.UserID), body: body, out: &out})
	if err != nil {
		return Key{}, err
	}
	if len(out.Keys) == 0 {
		return Key{Value: k.Value, UserID: k.UserID, AppID: k.AppID, Fingerprint: k.Value.Fingerprint()}, nil
	}
	got, err := c.onlyKey("PatchKeys", k.UserID, k.AppID, out.Keys)
	if err == nil && got.Value != k.Value {
		return Key{}, wrongAnswer("PatchKeys", "the answer is about another key")
	}
	return got, err
}

// DeleteKey revokes a key. DELETE is the one method that has no other place for
// the key than the URL.
func (c *Client) DeleteKey(ctx context.Context, userID string, value Secret) error {
	c.secrets.add(value.Reveal())
	var out envelope
	return c.do(ctx, call{method: "DeleteKey", verb: http.MethodDelete, path: keysPath(userID, value.Reveal()), out: &out})
}
