package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ErrAppExists says that the id of an app to be made is taken.
var ErrAppExists = errors.New("an app of this id exists already")

// OwnerError says that Clarifai made an app for somebody else than asked. The
// app was deleted again, or Left says why not.
type OwnerError struct {
	Asked, Got, AppID string
	Left              error
}

func (e *OwnerError) Error() string {
	s := fmt.Sprintf("Clarifai made the app %s for %s instead of %s", e.AppID, e.Got, e.Asked)
	if e.Left != nil {
		return s + ", and it could not be deleted again: " + e.Left.Error()
	}
	return s + "; it was deleted again"
}

// CreateApp makes an app. Its id makes that safe: after a lost answer the app
// is looked for, and found means made, because it was not there before. An app
// that was made for another owner is taken back.
func (c *Client) CreateApp(ctx context.Context, userID string, app App) (App, error) {
	acc := c.account(userID)
	if taken, err := acc.taken(ctx, app.ID); err != nil {
		return App{}, err
	} else if taken {
		return App{}, ErrAppExists
	}
	made, _, err := settle(ctx, c, post[App]{
		method: "PostApps",
		send:   func(ctx context.Context) (App, *Error) { return c.postApp(ctx, userID, app) },
		look: func(ctx context.Context) (App, bool, error) {
			found, err := c.GetApp(ctx, userID, app.ID)
			if _, moved := IsMoved(err); moved || IsNotFound(err) {
				return App{}, false, nil
			}
			return found, err == nil, err
		},
	})
	if err != nil {
		return App{}, c.duplicateApp(ctx, userID, app.ID, err)
	}
	if made.UserID != "" && made.UserID != userID && userID != aliasMe {
		err := &OwnerError{Asked: userID, Got: made.UserID, AppID: made.ID}
		calm, cancel := Calm(ctx)
		defer cancel()
		err.Left = c.DeleteApp(calm, made.UserID, made.ID)
		return App{}, err
	}
	made = c.completeApp(ctx, userID, made)
	acc.bearApp(made)
	return made, nil
}

func (c *Client) postApp(ctx context.Context, userID string, app App) (App, *Error) {
	body := struct {
		Apps []App `json:"apps"`
	}{[]App{app}}
	var out appsAnswer
	e := c.once(ctx, call{method: "PostApps", verb: http.MethodPost, path: []string{"users", userID, "apps"}, body: body, out: &out})
	if e.Code != CodeSuccess {
		return App{}, e
	}
	made, err := out.single("PostApps")
	if err != nil {
		return App{}, as(err)
	}
	return made, nil
}

// duplicateApp makes [ErrAppExists] of whatever code says that an id is taken:
// which one that is, is not documented, so the app itself is asked for.
func (c *Client) duplicateApp(ctx context.Context, userID, appID string, err error) error {
	e := as(err)
	if e == nil || isTransient(e) || IsUnauthorized(err) || IsInsufficientScopes(err) || IsNotFound(err) {
		return err
	}
	if hasCode(err, CodeDuplicateKey) {
		return ErrAppExists
	}
	if _, there := c.GetApp(ctx, userID, appID); there == nil {
		return ErrAppExists
	}
	return err
}

// NewKey says what key to make.
type NewKey struct {
	UserID      string
	AppID       string
	Description string
	Scopes      []string
	Endpoints   []string

	// Unless is the fingerprint of a key that makes the new one unnecessary where
	// the app turns out to hold it.
	Unless string
}

// words are equal for keys that could be taken for each other. Scopes and
// endpoints are no part of it: the server may add to those asked for, so that
// the key of one create looks as if another had asked for it.
func (n NewKey) words() string {
	return strings.Join([]string{n.UserID, n.AppID, n.Description}, "\x00")
}

// MadeKey is a key that was made, and what is doubtful about it.
type MadeKey struct {
	Key
	// Stayed: the key of NewKey.Unless was there, and none was made.
	Stayed bool
	// Surplus are fingerprints of keys with the same words that appeared while
	// this one was made after lost answers: probably made by those attempts.
	Surplus []string
}

// AmbiguousError says that after a lost answer several keys could be the one
// that was asked for.
type AmbiguousError struct {
	AppID        string
	Fingerprints []string
}

func (e *AmbiguousError) Error() string {
	lost := "the answer to the creation of a key in app " + e.AppID + " was lost, and "
	if len(e.Fingerprints) == 1 {
		return lost + "a key that matches it (fingerprint " + e.Fingerprints[0] + ") was not listed before, but may have been there: whether it is the one can not be told"
	}
	return fmt.Sprintf("%s%d keys that were not there before match it (fingerprints %s), so which one was made can not be told",
		lost, len(e.Fingerprints), strings.Join(e.Fingerprints, ", "))
}

func isAmbiguous(err error) bool {
	var a *AmbiguousError
	return errors.As(err, &a)
}

// CreateKey makes a key, once. Clarifai knows no idempotency, so what the app
// held before is listed first, and after a lost answer the key that was not
// there and that no other create of this client has claimed is taken as the
// one that was made. Creates in one app with the same description go one after
// the other.
func (c *Client) CreateKey(ctx context.Context, n NewKey) (MadeKey, error) {
	unlock, err := c.alike.lock(ctx, n.words())
	if err != nil {
		return MadeKey{}, err
	}
	defer unlock()
	acc := c.account(n.UserID)
	if err := acc.establish(ctx, n.AppID); err != nil {
		return MadeKey{}, err
	}
	if n.Unless != "" {
		// Last of all, and not from what was listed before: once the app answers to
		// its new id, the rename that may have taken the key along is done.
		k, err := c.reread(ctx, Key{UserID: n.UserID, AppID: n.AppID, Fingerprint: n.Unless})
		if err != nil {
			return MadeKey{}, err
		}
		if k.Value != "" {
			acc.putKey(k)
			return MadeKey{Key: k, Stayed: true}, nil
		}
	}
	since := c.serverTime()
	made, lost, err := settle(ctx, c, post[Key]{
		method: "PostKeys",
		send:   func(ctx context.Context) (Key, *Error) { return c.postKey(ctx, n) },
		look: func(ctx context.Context) (Key, bool, error) {
			found, err := acc.newcomers(ctx, n, since)
			if err != nil || len(found) == 0 {
				return Key{}, false, err
			}
			if len(found) > 1 {
				return Key{}, false, &AmbiguousError{AppID: n.AppID, Fingerprints: fingerprints(found)}
			}
			return found[0], true, nil
		},
	})
	if err != nil {
		return MadeKey{}, err
	}
	calm, cancel := Calm(ctx)
	defer cancel()
	made = c.complete(calm, made, n)
	acc.claim(made)
	out := MadeKey{Key: made}
	if lost > 0 {
		// An attempt believed dead may have been carried out late.
		if rest, err := acc.newcomers(calm, n, since); err == nil {
			out.Surplus = fingerprints(rest)
		}
	}
	return out, nil
}

// complete reads a new key whose answer leaves out what there is to know of it.
// The key is there, so not being able to look is no failure of the create.
func (c *Client) complete(ctx context.Context, made Key, n NewKey) Key {
	if made.bare() || len(n.Endpoints) > 0 && len(made.Endpoints) == 0 {
		if read, err := c.reread(ctx, made); err == nil {
			made = read
		}
	}
	if made.Description == "" {
		made.Description = n.Description
	}
	if len(made.Scopes) == 0 {
		made.Scopes = n.Scopes
	}
	return made
}

func (c *Client) postKey(ctx context.Context, n NewKey) (Key, *Error) {
	w := wireKey{Scopes: n.Scopes, Endpoints: n.Endpoints, Apps: []wireApp{{ID: n.AppID, UserID: n.UserID}}}
	if n.Description != "" {
		w.Description = &n.Description
	}
	body := struct {
		Keys []wireKey `json:"keys"`
	}{[]wireKey{w}}
	var out keysAnswer
	e := c.once(ctx, call{method: "PostKeys", verb: http.MethodPost, path: []string{"users", n.UserID, "keys"}, body: body, out: &out})
	if e.Code != CodeSuccess {
		return Key{}, e
	}
	k, err := c.single("PostKeys", n.UserID, n.AppID, out.Keys)
	if err != nil {
		return Key{}, as(err)
	}
	return k, nil
}

func fingerprints(keys []Key) []string {
	var out []string
	for _, k := range keys {
		out = append(out, k.Fingerprint)
	}
	slices.Sort(out)
	return out
}
