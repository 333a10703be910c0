package inventory

import (
	"context"
	"iter"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// maxReadings bounds how often a listing whose items repeat is read.
const maxReadings = 5

// streamUntilStable yields the items of a listing, each once. It requests a page
// when the items of the one before are used up, and reads the listing again while
// items repeat in it, until a reading brings nothing new. Only then may absence
// from it mean anything. An error is the last thing that it yields.
func streamUntilStable[T any](ctx context.Context, list func() *clarifai.Pager[T], id func(T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		known := map[string]bool{}
		for range maxReadings {
			before, repeated := len(known), false
			for page, err := range list().Pages(ctx) {
				if err != nil {
					var none T
					yield(none, err)
					return
				}
				repeated = repeated || page.Repeated
				for _, item := range page.Items {
					if known[id(item)] {
						continue
					}
					known[id(item)] = true
					if !yield(item, nil) {
						return
					}
				}
			}
			if !repeated || len(known) == before {
				return
			}
		}
	}
}

// readUntilStable reads a listing completely, as [streamUntilStable] does.
func readUntilStable[T any](ctx context.Context, list func() *clarifai.Pager[T], id func(T) string) ([]T, error) {
	return collect(streamUntilStable(ctx, list, id))
}

// StreamApps yields the account's own apps as their pages arrive. If search is not
// empty, Clarifai yields only those whose ID, name or texts match it. A consumer
// that stops early causes no further request. An error is the last thing that it
// yields.
func (i *Inventory) StreamApps(ctx context.Context, userID, search string) iter.Seq2[clarifai.App, error] {
	return func(yield func(clarifai.App, error) bool) {
		for app, err := range streamUntilStable(ctx, func() *clarifai.Pager[clarifai.App] {
			return i.client.ListApps(userID, search)
		}, func(a clarifai.App) string { return a.ID }) {
			if err == nil && !isOwn(app.UserID, userID) {
				continue
			}
			if !yield(app, i.orUnverified(ctx, userID, err)) {
				return
			}
		}
	}
}

// StreamKeys yields the keys of the account's own apps as their pages arrive, as
// [Inventory.StreamApps] does apps. Where Clarifai refuses to list the keys of an
// account, it lists those of one app after the other.
func (i *Inventory) StreamKeys(ctx context.Context, userID string) iter.Seq2[clarifai.Key, error] {
	return func(yield func(clarifai.Key, error) bool) {
		served := false
		for k, err := range streamUntilStable(ctx, func() *clarifai.Pager[clarifai.Key] {
			return i.client.ListKeys(userID)
		}, keyFingerprint) {
			switch {
			case clarifai.IsRefused(err) && !clarifai.IsNotFound(err) && !served:
				i.streamKeysByApp(ctx, userID, err, yield)
				return
			case err == nil && !isOwn(k.UserID, userID):
				continue
			}
			served = true
			if !yield(k, i.orUnverified(ctx, userID, err)) {
				return
			}
		}
	}
}

// streamKeysByApp yields the keys of one app after the other. If Clarifai refuses to
// list the apps as well, it yields why it refused the listing of keys.
func (i *Inventory) streamKeysByApp(ctx context.Context, userID string, refused error, yield func(clarifai.Key, error) bool) {
	for app, err := range i.StreamApps(ctx, userID, "") {
		if clarifai.IsRefused(err) {
			err = refused
		}
		if err != nil {
			yield(clarifai.Key{}, err)
			return
		}
		for k, err := range i.StreamAppKeys(ctx, userID, app.ID) {
			if !yield(k, err) || err != nil {
				return
			}
		}
	}
}

// StreamAppKeys yields the keys of one app as their pages arrive, as
// [Inventory.StreamApps] does apps. The error [ErrGone] says that there is no such
// app.
func (i *Inventory) StreamAppKeys(ctx context.Context, userID, appID string) iter.Seq2[clarifai.Key, error] {
	return func(yield func(clarifai.Key, error) bool) {
		for k, err := range streamUntilStable(ctx, func() *clarifai.Pager[clarifai.Key] {
			return i.client.ListAppKeys(userID, appID)
		}, keyFingerprint) {
			if !yield(k, i.OrGone(ctx, userID, err)) {
				return
			}
		}
	}
}

func keyFingerprint(k clarifai.Key) string { return k.Fingerprint }

// isOwn reports whether an item of an account's listing is the account's own; else
// another owner shares it.
func isOwn(owner, userID string) bool {
	return owner == "" || owner == userID || userID == aliasMe
}

// orUnverified replaces a "not found" about an account with what verifying the
// account says.
func (i *Inventory) orUnverified(ctx context.Context, userID string, err error) error {
	if clarifai.IsNotFound(err) {
		if unverified := i.VerifyAccount(ctx, userID); unverified != nil {
			return unverified
		}
	}
	return err
}
