package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// NewKey says which key to create.
type NewKey struct {
	UserID      string
	AppID       string
	Description string
	Scopes      []string
	Endpoints   []string

	// ExpiresAt is the date until which the key is to live; zero: for ever.
	ExpiresAt clarifai.Time
	// Lifetime is how long the key is to live where Clarifai takes dates: the key is
	// wanted without one, too.
	Lifetime time.Duration

	// Unless is the fingerprint of a key of another app that makes the new one
	// unnecessary if this app holds it: a rename may have taken it along.
	Unless string
	// Adopts reports whether a key like it, which that app held before, was created in
	// its place by a run that was killed. Nil: none was.
	Adopts func(clarifai.Key) bool
}

// lookAlike is equal for keys that could be taken for each other. Scopes and
// endpoints are not part of it: the server may add to those requested, so the key
// of one create can look as if another had requested it.
func (n NewKey) lookAlike() string {
	return strings.Join([]string{n.UserID, n.AppID, n.Description}, "\x00")
}

// CreatedKey is the key that an app holds after [Inventory.CreateKey], and what is
// doubtful about it.
type CreatedKey struct {
	clarifai.Key
	Created bool // false: it is the key of NewKey.Unless
	Adopted bool // created, but by a run that was killed
	// Alike are the fingerprints of keys like it that the app held before: a run that
	// was killed while it created the key may have left one.
	Alike []string
	// Surplus are the fingerprints of matching keys that appeared while this one was
	// created after lost answers, which probably created them, or that were created to
	// no purpose and could not be revoked.
	Surplus []string
	// MayAppear is how many attempts got no answer, and nothing was found that they
	// created: they may still be carried out.
	MayAppear int
}

// AmbiguousError says that after a lost answer several keys could be the one
// that was requested.
type AmbiguousError struct {
	AppID        string
	Fingerprints []string
}

func (e *AmbiguousError) Error() string {
	lost := "the answer to the creation of a key in app " + e.AppID + " was lost, and "
	if len(e.Fingerprints) == 1 {
		return lost + "a key that matches it (fingerprint " + e.Fingerprints[0] + ") was not listed before, but may have existed: whether it is the one cannot be determined"
	}
	return fmt.Sprintf("%s%d keys that were not there before match it (fingerprints %s), so which one was created cannot be determined",
		lost, len(e.Fingerprints), strings.Join(e.Fingerprints, ", "))
}

func isAmbiguous(err error) bool {
	_, ok := errors.AsType[*AmbiguousError](err)
	return ok
}

// CreateKey creates a key exactly once. Clarifai has no idempotency keys, so it
// first lists what the app holds; after a lost answer, the key that was not there
// and that no other create of this run has claimed is the one that was created.
// Creates in one app with the same description run one at a time. [ErrGone] means
// that there is no such app.
func (i *Inventory) CreateKey(ctx context.Context, n NewKey) (CreatedKey, error) {
	if n.Unless != "" {
		return i.moveKey(ctx, n)
	}
	return i.createKey(ctx, n)
}

// moveKey returns the key that takes the place of the one of fingerprint n.Unless,
// which is in another app. If a rename of that app took the key along, it is the key
// itself; listings may show that late, so after a rename by this run it keeps looking
// for a while. Otherwise it creates the key that n asks for, and looks once more: a key
// that turns up then stays, and the new one is revoked. It never revokes the old key.
func (i *Inventory) moveKey(ctx context.Context, n NewKey) (CreatedKey, error) {
	k, err := i.findMoved(ctx, n)
	if !errors.Is(err, ErrGone) {
		return CreatedKey{Key: k}, err
	}
	created, err := i.createKey(ctx, n)
	if err != nil || !created.Created {
		return created, err
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	a := i.account(n.UserID)
	old, err := a.reread(detached, n.old())
	if err != nil || old.Value == "" { // it was looked for before: a failure now proves nothing
		return created, nil
	}
	if err := i.DeleteKey(detached, created.Ref(), created.Value); err != nil {
		created.Surplus = append(created.Surplus, created.Fingerprint)
	}
	a.wroteKey(old, false)
	return CreatedKey{Key: old, Surplus: created.Surplus}, nil
}

// findMoved looks for the old key in the new app: once, or for a while if this
// run renamed the app.
func (i *Inventory) findMoved(ctx context.Context, n NewKey) (clarifai.Key, error) {
	a, ref := i.account(n.UserID), n.old().Ref()
	err := a.keyReads.itself(ctx, n.AppID, false) // a rename made this run forget what it knew of the ID
	for {
		if err = a.concludeKeys(ctx, n.AppID, err); err != nil {
			return clarifai.Key{}, err
		}
		if k, ok := a.knownKey(n.AppID, n.Unless); ok {
			a.wroteKey(k, false)
			return k, nil
		}
		if !a.about(n.AppID).renamed {
			return clarifai.Key{}, ErrGone
		}
		if err = a.lookAgain(ctx, ref, false); errors.Is(err, errLookedEnough) {
			return clarifai.Key{}, ErrGone
		}
	}
}

func (i *Inventory) createKey(ctx context.Context, n NewKey) (CreatedKey, error) {
	release, err := i.turn(ctx, n.lookAlike())
	if err != nil {
		return CreatedKey{}, err
	}
	defer release()
	a := i.account(n.UserID)
	a.locked(n.AppID, func(r *appRecord) { r.creating++ })
	defer a.locked(n.AppID, func(r *appRecord) { r.creating-- })
	if err := a.noteExisting(ctx, n.AppID); err != nil {
		return CreatedKey{}, err
	}
	if n.Unless != "" {
		// At the very last, and not from what was listed before: once the app answers
		// to its new ID, the rename that may have taken the key along is done.
		if k, err := a.reread(ctx, n.old()); err != nil {
			return CreatedKey{}, err
		} else if k.Value != "" {
			a.wroteKey(k, false)
			return CreatedKey{Key: k}, nil
		}
	}
	if n, err = i.withDate(n); err != nil {
		return CreatedKey{}, err
	}
	since, alike := i.client.ServerTime(), a.alike(n)
	for at, k := range slices.Backward(alike) { // the newest
		if n.Adopts != nil && n.Adopts(k) {
			return CreatedKey{Key: k, Created: true, Adopted: true, Alike: fingerprints(slices.Delete(alike, at, at+1))}, nil
		}
	}
	result, err := a.postPatiently(ctx, n, since)
	if err != nil {
		return CreatedKey{}, err
	}
	detached, cancel := Detached(ctx)
	defer cancel()
	created := result.value
	if created.UserID != n.UserID && n.UserID != aliasMe {
		err := &OwnerError{Asked: n.UserID, Got: created.UserID, What: "key " + created.ID()}
		err.Left = i.DeleteKey(detached, created.Ref(), created.Value)
		return CreatedKey{}, err
	}
	created = a.completed(detached, created, n)
	a.wroteKey(created, true)
	out := CreatedKey{Key: created, Created: true, Alike: fingerprints(alike)}
	if result.lost > 0 {
		// An attempt that got no answer may have been carried out late.
		if rest, err := a.candidates(detached, n.withAnyDate(), since); err == nil {
			out.Surplus = fingerprints(rest)
		}
		missing := result.lost - len(out.Surplus)
		if result.found {
			missing--
		}
		out.MayAppear = max(0, missing)
	}
	return a.checkDate(detached, n, out)
}

// postKey sends the creation of a key until it was carried out once.
func (a *account) postKey(ctx context.Context, n NewKey, since time.Time) (outcome[clarifai.Key], error) {
	return createOnce(ctx, a.inv, onceOnly[clarifai.Key]{
		method: "PostKeys",
		send: func(ctx context.Context) (clarifai.Key, error) {
			return a.inv.client.PostKey(ctx, clarifai.Key{
				UserID: n.UserID, AppID: n.AppID, Description: n.Description, Scopes: n.Scopes, Endpoints: n.Endpoints, ExpiresAt: n.ExpiresAt,
			})
		},
		look: func(ctx context.Context) (clarifai.Key, bool, error) {
			found, err := a.candidates(ctx, n, since)
			if err != nil || len(found) == 0 {
				return clarifai.Key{}, false, err
			}
			if len(found) > 1 {
				return clarifai.Key{}, false, &AmbiguousError{AppID: n.AppID, Fingerprints: fingerprints(found)}
			}
			return found[0], true, nil
		},
	})
}

// old returns the key that makes a new one unnecessary, as if it were in the new app.
func (n NewKey) old() clarifai.Key {
	return clarifai.Key{UserID: n.UserID, AppID: n.AppID, Fingerprint: n.Unless}
}

// completed reads a new key if the answer to its creation omits what there is to
// know of it. The key exists, so a failure to read it is no failure of the create.
func (a *account) completed(ctx context.Context, created clarifai.Key, n NewKey) clarifai.Key {
	// That an answer repeats the date does not show that it is stored.
	if created.IsBare() || len(n.Endpoints) > 0 && len(created.Endpoints) == 0 || n.mustExpire() {
		_, _ = a.inv.askAgain(ctx, 3, func() (conclusion, error) {
			if read, err := a.reread(ctx, created); err == nil {
				created = read
			}
			if n.mustExpire() && created.IsBare() { // it is not listed yet
				return contradicted, nil
			}
			return yes, nil
		})
	}
	if created.Description == "" {
		created.Description = n.Description
	}
	if len(created.Scopes) == 0 {
		created.Scopes = n.Scopes
	}
	return created
}

// reread returns a key as its app's listing has it now, or k itself if the
// listing lacks it: it may lag behind.
func (a *account) reread(ctx context.Context, k clarifai.Key) (clarifai.Key, error) {
	keys, err := a.readAppKeys(ctx, k.AppID)
	if err != nil {
		return clarifai.Key{}, err
	}
	if at := slices.IndexFunc(keys, func(there clarifai.Key) bool { return there.Fingerprint == k.Fingerprint }); at >= 0 {
		return keys[at], nil
	}
	return k, nil
}

// PatchKey gives a key another description and returns the key as it is then.
// The answer to a write may omit all but the key's ID: none was ever captured.
func (i *Inventory) PatchKey(ctx context.Context, k clarifai.Key) (clarifai.Key, error) {
	a := i.account(k.UserID)
	got, err := i.client.PatchKey(ctx, k)
	if err != nil {
		return clarifai.Key{}, err
	}
	if got.IsBare() {
		intended := k
		intended.Fingerprint = got.Fingerprint
		if got, err = a.reread(ctx, intended); err != nil {
			return clarifai.Key{}, err
		}
	}
	a.wroteKey(got, false)
	return got, nil
}
