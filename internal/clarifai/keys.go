package clarifai

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// typePAT is the type of keys that are no app's: personal access tokens. The
// name of the other type has changed over the years, so it is not relied on.
const typePAT = "personal_access_token"

// Key is an app-specific API key.
type Key struct {
	Value       Secret // what Clarifai calls its id
	UserID      string
	AppID       string
	Description string
	Scopes      []string // shared by keys that have the same: not to be changed
	Endpoints   []string // likewise
	CreatedAt   Time
	ExpiresAt   Time // zero: does not expire
	Fingerprint string
}

// ID is the key's name that is no secret: user_id/app_id/fingerprint.
func (k Key) ID() string { return k.UserID + "/" + k.AppID + "/" + k.Fingerprint }

type wireKey struct {
	ID          string    `json:"id,omitempty"`
	Type        string    `json:"type,omitempty"`
	Description *string   `json:"description,omitempty"`
	Scopes      names     `json:"scopes,omitempty"`
	Endpoints   names     `json:"endpoints,omitempty"`
	Apps        []wireApp `json:"apps,omitempty"`
	CreatedAt   Time      `json:"created_at,omitzero"`
	ExpiresAt   Time      `json:"expires_at,omitzero"`
}

type wireApp struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
}

type keysAnswer struct {
	envelope
	Keys []wireKey `json:"keys"`
}

// key takes a key out of an answer and remembers its value as a secret. What
// is no app's key is not ok. An answer about one app, appID, may leave out the
// key's apps: which parts of them are filled in is not documented.
func (c *Client) key(userID, appID string, w wireKey) (k Key, ok bool) {
	if len(w.Apps) == 0 && appID != "" {
		w.Apps = []wireApp{{ID: appID}}
	}
	if w.ID == "" || w.Type == typePAT || len(w.Apps) != 1 || w.Apps[0].ID == "" {
		return Key{}, false
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
	if owner := w.Apps[0].UserID; owner != "" && userID != aliasMe {
		k.UserID = owner
	}
	if w.Description != nil {
		k.Description = *w.Description
	}
	return k, true
}

// ListKeys lists the app keys of an account, again while its pages overlap, as
// [Client.ListAppKeys] does. The personal access tokens that Clarifai lists
// beside them are dropped unread.
func (c *Client) ListKeys(ctx context.Context, userID string) ([]Key, error) {
	return readAgain(func() ([]Key, bool, error) {
		return c.readKeys(ctx, "ListKeys", userID, "", accountKeys(userID), false)
	})
}

func accountKeys(userID string) []string { return []string{"users", userID, "keys"} }

// ListAppKeys lists the keys of one app. Nothing else can tell of a key that it
// lacks, so it is read again after pages overlapped, until a reading brings
// nothing new: where a key came twice, another one was passed over.
func (c *Client) ListAppKeys(ctx context.Context, userID, appID string) ([]Key, error) {
	return c.listAppKeys(ctx, userID, appID, false)
}

func (c *Client) listAppKeys(ctx context.Context, userID, appID string, toTheEnd bool) ([]Key, error) {
	return readAgain(func() ([]Key, bool, error) {
		return c.readKeys(ctx, "ListAppKeys", userID, appID, []string{"users", userID, "apps", appID, "keys"}, toTheEnd)
	})
}

// readAgain reads a listing until its pages do not overlap, or bring nothing new.
func readAgain(read func() (keys []Key, overlapped bool, err error)) ([]Key, error) {
	var all []Key
	known := map[Secret]bool{}
	for range maxReadings {
		keys, overlapped, err := read()
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, k := range keys {
			if !known[k.Value] {
				known[k.Value] = true
				all = append(all, k)
			}
		}
		if !overlapped || len(all) == before {
			break
		}
	}
	return all, nil
}

// maxReadings bounds how often a listing is read whose pages overlap.
const maxReadings = 5

// readKeys reads a listing once. Overlapped tells whether a key came twice.
func (c *Client) readKeys(ctx context.Context, method, userID, appID string, path []string, toTheEnd bool) (keys []Key, overlapped bool, err error) {
	seen := map[string]struct{}{}
	err = pages(ctx, nil, toTheEnd, func(ctx context.Context, q url.Values) ([]wireKey, error) {
		var out keysAnswer
		err := c.do(ctx, call{method: method, verb: http.MethodGet, path: path, query: q, out: &out})
		return out.Keys, err
	}, func(page []wireKey) int {
		fresh := 0
		for _, w := range page {
			if _, dup := seen[w.ID]; dup {
				overlapped = true
				continue
			}
			seen[w.ID] = struct{}{}
			fresh++
			if k, ok := c.key(userID, appID, w); ok {
				keys = append(keys, k)
			}
		}
		return fresh
	})
	return keys, overlapped, err
}

// PatchKey gives a key another description. Scopes, endpoints and expiry go
// along as they are, because it is not known whether Clarifai keeps what an
// overwrite leaves out.
func (c *Client) PatchKey(ctx context.Context, k Key) (Key, error) {
	body := struct {
		Keys   []wireKey `json:"keys"`
		Action string    `json:"action"`
	}{[]wireKey{{ID: k.Value.Reveal(), Description: &k.Description, Scopes: k.Scopes, Endpoints: k.Endpoints, ExpiresAt: k.ExpiresAt}}, "overwrite"}
	var out keysAnswer
	err := c.do(ctx, call{method: "PatchKeys", verb: http.MethodPatch, path: []string{"users", k.UserID, "keys"}, body: body, out: &out})
	if err != nil {
		return Key{}, err
	}
	got := k
	got.Fingerprint = k.Value.Fingerprint()
	if len(out.Keys) > 0 {
		if got, err = c.single("PatchKeys", k.UserID, k.AppID, out.Keys); err != nil {
			return Key{}, err
		}
	}
	if got.Value != k.Value {
		return Key{}, &Error{Method: "PatchKeys", HTTPStatus: http.StatusOK, Cause: "the answer is about another key"}
	}
	if len(out.Keys) == 0 || got.bare() {
		if got, err = c.reread(ctx, got); err != nil {
			return Key{}, err
		}
	}
	c.account(k.UserID).putKey(got)
	return got, nil
}

// bare tells whether an answer names a key and says nothing else of it.
func (k Key) bare() bool {
	return k.CreatedAt.IsZero() && k.Description == "" && len(k.Scopes)+len(k.Endpoints) == 0
}

// reread gives a key as its app's listing has it. The answer to what was
// written may leave out all but its id: no such answer was ever captured.
func (c *Client) reread(ctx context.Context, k Key) (Key, error) {
	keys, err := c.ListAppKeys(ctx, k.UserID, k.AppID)
	if err != nil {
		return Key{}, err
	}
	for _, there := range keys {
		if there.Fingerprint == k.Fingerprint {
			return there, nil
		}
	}
	return k, nil // a listing may lag behind
}

func (c *Client) single(method, userID, appID string, keys []wireKey) (Key, error) {
	if len(keys) != 1 {
		return Key{}, &Error{Method: method, HTTPStatus: http.StatusOK, Cause: fmt.Sprintf("the answer holds %d keys instead of one", len(keys))}
	}
	k, ok := c.key(userID, appID, keys[0])
	if !ok {
		return Key{}, &Error{Method: method, HTTPStatus: http.StatusOK, Cause: "the answer holds no app-specific key"}
	}
	return k, nil
}

// DeleteKey revokes a key. That it is gone already is a success where the
// account answers for the PAT. DELETE is the one method that has no other
// place for the key than the URL.
func (c *Client) DeleteKey(ctx context.Context, userID string, value Secret) error {
	c.secrets.add(value.Reveal())
	var out envelope
	err := c.do(ctx, call{method: "DeleteKey", verb: http.MethodDelete, path: []string{"users", userID, "keys", value.Reveal()}, out: &out})
	if IsKeyNotFound(err) {
		// Asked anew: the same answer comes for a PAT that was revoked a moment ago.
		err = c.vouch(ctx, userID)
	}
	if err == nil {
		c.account(userID).dropKey(value.Fingerprint())
	}
	return err
}

// sameSet compares without order and without repeats.
func sameSet(a, b []string) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(slices.Compact(x), slices.Compact(y))
}

// names is a list of scopes or endpoints. Ten thousand keys of a fleet share a
// few sets of scopes, so the same text gives the same list, decoded once.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	list, err := interned.list(b)
	*n = list
	return err
}

var interned = &interner{lists: map[string][]string{}, words: map[string]string{}}

type interner struct {
	mu    sync.Mutex
	lists map[string][]string // by their JSON
	words map[string]string
}

func (i *interner) list(text []byte) ([]string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l, ok := i.lists[string(text)]; ok {
		return l, nil
	}
	var l []string
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, err
	}
	for n, w := range l {
		if known, ok := i.words[w]; ok {
			l[n] = known
		} else {
			i.words[w] = w
		}
	}
	if len(l) == 0 {
		l = nil
	}
	i.lists[string(text)] = l
	return l, nil
}
