package inventory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Key returns a key of an app by its fingerprint; the key itself is in no URL.
// [ErrGone] means that it does not exist, where Now asks the app once more, because
// another process may have created it since its listing was read. If the app was
// renamed, the key has the app's new ID. [SharedKeyError] comes with the key.
func (i *Inventory) Key(ctx context.Context, ref clarifai.KeyRef, fresh Freshness) (clarifai.Key, error) {
	a := i.account(ref.UserID)
	k, err := a.findKey(ctx, ref)
	if fresh == Now && errors.Is(err, ErrGone) && !i.Record(ref).KeyRevoked {
		k, err = a.missingKey(ctx, ref, a.keyReads.itself(ctx, ref.AppID, true))
	}
	return a.unlessShared(ref, k, err)
}

// findKey finds a key that was looked for in the apps from before, if there are any.
func (a *account) findKey(ctx context.Context, ref clarifai.KeyRef, from ...string) (clarifai.Key, error) {
	if a.inv.Record(ref).KeyRevoked {
		return clarifai.Key{}, ErrGone
	}
	if k, ok := a.knownKey(ref.AppID, ref.Fingerprint); ok {
		return k, nil
	}
	return a.missingKey(ctx, ref, a.lookInApp(ctx, ref), from...)
}

// lookInApp looks for a key in the listing of the account and, if that lacks it, in
// that of the app.
func (a *account) lookInApp(ctx context.Context, ref clarifai.KeyRef) error {
	item, err := a.keyReads.listed(ctx, ref.AppID)
	if _, ok := a.knownKey(ref.AppID, ref.Fingerprint); ok || err != nil || item.itself.asked {
		return err
	}
	err = a.keyReads.itself(ctx, ref.AppID, false)
	if _, ok := a.knownKey(ref.AppID, ref.Fingerprint); ok {
		a.keyReads.incomplete.Store(true)
	}
	return err
}

// missingKey returns a key that was looked for in its app's own listing, whose answer
// is listErr. If it was not there, it asks until it is certain whether it is gone.
func (a *account) missingKey(ctx context.Context, ref clarifai.KeyRef, listErr error, from ...string) (clarifai.Key, error) {
	listErr = a.concludeKeys(ctx, ref.AppID, listErr)
	r := a.about(ref.AppID)
	if listErr == nil && !r.shown && len(r.keys) == 0 { // perhaps the answer about an app that does not exist
		_, listErr = a.inv.App(ctx, ref.AppRef(), Itself)
	}
	newID, moved := clarifai.IsMoved(listErr)
	// This run has renamed the app, or somebody probably did, and another one may have its ID.
	if to := cmp.Or(r.nowAt, r.maybeAt); to != "" && errors.Is(listErr, ErrGone) || r.maybeAt != "" && listErr == nil {
		newID, moved = to, true
	}
	facts := keyFacts{from: append(from, ref.AppID), lacking: listErr == nil && !moved}
	switch at := ref; {
	case moved && newID != "" && newID != ref.AppID && !otherOwner(listErr, a.userID):
		at.AppID = newID
		err := a.lookInApp(ctx, at)
		_, ok := a.knownKey(newID, ref.Fingerprint)
		if ok || err == nil {
			a.sawRename(newID)
		}
		if ok || err == nil && newID != r.maybeAt {
			facts.lacking = true
			ref = at
			break
		}
		if _, movedOn := clarifai.IsMoved(err); err != nil && !movedOn && !clarifai.IsNotFound(err) {
			return clarifai.Key{}, err
		}
		facts.app = yes
	case moved, errors.Is(listErr, ErrGone):
		facts.app = yes // under this ID
	case listErr != nil:
		return clarifai.Key{}, listErr
	}
	return a.concludeKey(ctx, ref, facts)
}

// concludeKey decides whether a key is gone, from what its app said.
func (a *account) concludeKey(ctx context.Context, ref clarifai.KeyRef, f keyFacts) (clarifai.Key, error) {
	for {
		if k, ok := a.knownKey(ref.AppID, ref.Fingerprint); ok && f.app != yes {
			return k, nil
		}
		a.locked(ref.AppID, func(r *appRecord) {
			f.lagging, f.settled, f.elsewhere = !r.renamedAt.IsZero(), a.inv.cfg.StateHolds(a.ref(ref.AppID)), ""
			if k := a.keys[ref.Fingerprint]; k != nil && f.lacking {
				f.elsewhere = k.key.AppID
			} else if k != nil && k.listedAsOf >= a.searchedAsOf {
				f.elsewhere = k.listedIn
			}
			if f.app == yes && f.searched && slices.Contains(f.from, f.elsewhere) && r.renamedAt.IsZero() && !r.removed {
				r.renamedAt, f.lagging = a.inv.Now(), true // or deleted: the listing lags behind either
			}
		})
		switch isKeyGone(f) {
		case yes:
			return clarifai.Key{}, cmp.Or(a.inv.VerifyAccount(ctx, a.userID), ErrGone)
		case no:
			k, err := a.findKey(ctx, a.ref(f.elsewhere).Key(ref.Fingerprint), f.from...)
			if err == nil {
				a.sawRename(k.AppID)
			}
			return k, err
		case unknown:
			search := a.searchKeys
			if f.lacking {
				search = a.askApps
			}
			if err := search(ctx); err != nil && !(a.about(ref.AppID).removed && clarifai.IsRefused(err)) {
				return clarifai.Key{}, err
			}
			f.searched = true
		case contradicted:
			err := a.lookAgain(ctx, ref, f.app == yes)
			switch enough := errors.Is(err, errLookedEnough); {
			case enough && f.lacking && ref.AppID == f.from[len(f.from)-1]: // the key's app may have had this ID before the one that lacks it
				f.lacking, f.app, err = false, yes, nil
			case enough && !f.searched && a.searchKeys(ctx) == nil: // or it is not the one that Clarifai named
				f.searched, err = true, nil
			case enough:
				err = &LaggingError{Key: a.ref(f.from[0]).Key(ref.Fingerprint), To: ref.AppID}
			}
			if err != nil {
				return clarifai.Key{}, err
			}
		}
	}
}

// errLookedEnough says that all times to look have passed.
var errLookedEnough = errors.New("it was looked for long enough")

// lookAgain waits until it is time to look again for a key in an app that was
// renamed, and reads the listing of the app, or of the account, again. The keys of an
// app have the times to look and the last of them in common: after it, the error is
// [errLookedEnough].
func (a *account) lookAgain(ctx context.Context, ref clarifai.KeyRef, everywhere bool) error {
	number := func() (n int) {
		a.locked(ref.AppID, func(r *appRecord) {
			if n = r.keysAsOf; everywhere {
				n = a.searchedAsOf
			}
		})
		return n
	}
	before := number()
	wait := untilNextLook(a.about(ref.AppID).renamedAt, a.inv.Now(), a.inv.cfg.RenameWait)
	if wait < 0 {
		return errLookedEnough
	}
	if err := a.inv.sleep(ctx, wait); err != nil || number() != before { // somebody else has looked
		return err
	}
	if !everywhere {
		return a.concludeKeys(ctx, ref.AppID, a.keyReads.itself(ctx, ref.AppID, true))
	}
	return a.inv.join(ctx, "search again/"+a.userID, func(ctx context.Context) error { return apiError(a.readAllKeys(ctx)) })
}

// untilNextLook returns how long to wait for the next of the times at which to look
// again; negative if all have passed.
func untilNextLook(begun, now time.Time, total time.Duration) time.Duration {
	at := begun
	for _, wait := range growingWaits(total) {
		if at = at.Add(wait); at.After(now) {
			return at.Sub(now)
		}
	}
	return -1
}

// AppKeys returns the keys of an app, oldest first; without an app ID, those of the
// account's own apps, by app. [ErrGone] means that there is no such app. With Listed,
// some may be lacking.
func (i *Inventory) AppKeys(ctx context.Context, ref clarifai.AppRef, fresh Freshness) ([]clarifai.Key, error) {
	a, id := i.account(ref.UserID), ref.AppID
	if id == "" {
		return a.keysOfAll(ctx, fresh)
	}
	err := a.keyReads.read(ctx, id, fresh)
	if fresh != Listed { // who rests on a listing asks nothing further
		err = a.concludeKeys(ctx, id, err)
	}
	if err != nil {
		return nil, err
	}
	return a.appKeys(id), nil
}

// keysOfAll returns the keys of the account's own apps.
func (a *account) keysOfAll(ctx context.Context, fresh Freshness) ([]clarifai.Key, error) {
	if fresh < Now && a.keyReads.isComplete(ctx) {
		return a.knownKeys(nil), nil
	}
	listed, err := share(ctx, a.inv, "all keys/"+a.userID, func(ctx context.Context) (map[string]clarifai.Key, error) {
		return byID(a.inv.StreamKeys(ctx, a.ref("")), fingerprint)
	})
	if err != nil {
		return nil, err
	}
	return a.knownKeys(listed), nil
}
