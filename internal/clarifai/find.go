package clarifai

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// ErrGone says that a thing does not exist any more, and that the account it
// was in has vouched for that.
var ErrGone = errors.New("it does not exist (any more)")

// FindApp reads an app. [ErrGone] means that it does not exist, and that the
// account vouches for that. A renamed app answers [IsMoved].
func (c *Client) FindApp(ctx context.Context, userID, appID string) (App, error) {
	return c.findApp(ctx, userID, appID, (*shelf[App]).get)
}

// FreshApp is [Client.FindApp] that takes nothing from a listing.
func (c *Client) FreshApp(ctx context.Context, userID, appID string) (App, error) {
	return c.findApp(ctx, userID, appID, (*shelf[App]).direct)
}

func (c *Client) findApp(ctx context.Context, userID, appID string, read func(*shelf[App], context.Context, string) (App, error)) (App, error) {
	app, err := c.account(userID).app(ctx, appID, read)
	if IsNotFound(err) {
		return App{}, c.gone(ctx, userID)
	}
	return app, err
}

// AppExisted tells whether the account had an app of this id before this run.
// Terraform plans once more while it applies, and has to come to the same plan
// after the app was made or renamed by the run itself.
func (c *Client) AppExisted(ctx context.Context, userID, appID string) (bool, error) {
	if c.account(userID).isNew(appID) {
		return false, nil
	}
	_, err := c.FindApp(ctx, userID, appID)
	if _, moved := IsMoved(err); moved || errors.Is(err, ErrGone) {
		return false, nil
	}
	return err == nil, err
}

// FindKey reads a key of an app by its fingerprint; the key itself stands in no
// URL. [ErrGone] means what it means for [Client.FindApp]. Where the app was
// renamed meanwhile, by somebody else or by a run that did not come to the key,
// the key comes with the app's new id.
func (c *Client) FindKey(ctx context.Context, userID, appID, print string) (Key, error) {
	acc := c.account(userID)
	k, ok, err := acc.key(ctx, appID, print)
	if newID, moved := IsMoved(err); moved && newID != "" && newID != appID {
		k, ok, err = acc.key(ctx, newID, print)
	}
	switch {
	case err == nil && ok:
		return k, nil
	case IsNotFound(err):
		k, ok, err := acc.elsewhere(ctx, appID, print)
		if err == nil && !ok {
			err = c.gone(ctx, userID)
		}
		return k, err
	case err == nil:
		return Key{}, c.gone(ctx, userID)
	}
	return Key{}, err
}

// FindMovedKey looks for a key in an app that may have been renamed during this
// run, so the account's listing is not used.
func (c *Client) FindMovedKey(ctx context.Context, userID, appID, print string) (Key, error) {
	acc := c.account(userID)
	there, err := acc.rings.direct(ctx, appID) // a rename has made this run forget what it knew of the id
	if err != nil && !IsNotFound(err) {
		return Key{}, err
	}
	if k, ok := there[print]; ok && err == nil {
		acc.putKey(k)
		return k, nil
	}
	return Key{}, c.gone(ctx, userID)
}

// AppKeys gives all keys of an app in the order of their making. Where those of
// many apps are wanted, the account's listing serves them.
func (c *Client) AppKeys(ctx context.Context, userID, appID string) ([]Key, error) {
	return c.appKeys(ctx, userID, appID, false)
}

// OwnAppKeys is [Client.AppKeys] by the app's own listing, for who has to know
// that there is no other.
func (c *Client) OwnAppKeys(ctx context.Context, userID, appID string) ([]Key, error) {
	return c.appKeys(ctx, userID, appID, true)
}

func (c *Client) appKeys(ctx context.Context, userID, appID string, own bool) ([]Key, error) {
	r, err := c.account(userID).ring(ctx, appID, own)
	if IsNotFound(err) {
		return nil, c.gone(ctx, userID)
	}
	if err != nil {
		return nil, err
	}
	keys := make([]Key, 0, len(r))
	for _, k := range r {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y Key) int {
		if n := x.CreatedAt.Compare(y.CreatedAt.Time); n != 0 {
			return n
		}
		return strings.Compare(x.Fingerprint, y.Fingerprint)
	})
	return keys, nil
}

// gone is [ErrGone] where the account answers, else the reason for doubt.
func (c *Client) gone(ctx context.Context, userID string) error {
	if err := c.Trust(ctx, userID); err != nil {
		return err
	}
	return ErrGone
}
