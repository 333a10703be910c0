package inventory

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file gives new keys a date until which they live. Whether Clarifai takes, stores
// and enforces it is not documented.

// PastDateError says that a key was not created because its date has passed by
// Clarifai's clock.
type PastDateError struct{ Date, Now time.Time }

func (e *PastDateError) Error() string {
	return fmt.Sprintf("it would expire at %s, which has passed: Clarifai's clock says %s", e.Date.UTC().Format(time.RFC3339), e.Now.UTC().Format(time.RFC3339))
}

// UndatedError says that Clarifai created a key with another date than requested, or
// with none. It was revoked again, or Left says why not.
type UndatedError struct {
	Key        string // its ID
	Asked, Got clarifai.Time
	Left       error
	Surplus    []string // fingerprints of keys that lost attempts may have left
}

func (e *UndatedError) Error() string {
	s := fmt.Sprintf("Clarifai created the key %s without the date %s", e.Key, e.Asked)
	if !e.Got.IsZero() {
		s = fmt.Sprintf("Clarifai created the key %s with the date %s instead of %s", e.Key, e.Got, e.Asked)
	}
	if e.Left != nil {
		s += ", and it could not be revoked again, so it is still valid: " + e.Left.Error()
	} else {
		s += "; it was revoked again"
	}
	if len(e.Surplus) > 0 {
		s += ". Answers from Clarifai were lost before, and the app has keys like it that were not there before: fingerprints " +
			strings.Join(e.Surplus, ", ")
	}
	return s
}

// mustExpire reports whether the key is wanted only with its date.
func (n NewKey) mustExpire() bool { return !n.ExpiresAt.IsZero() && n.Lifetime == 0 }

// withAnyDate returns n for a comparison with keys whose date does not matter.
func (n NewKey) withAnyDate() NewKey {
	n.ExpiresAt = clarifai.Time{}
	return n
}

// withDate turns a lifetime into a date, and fails if the date has passed.
func (i *Inventory) withDate(n NewKey) (NewKey, error) {
	now := i.ServerNow()
	if n.Lifetime > 0 && !i.refusesDates.Load() {
		n.ExpiresAt = clarifai.Time{Time: now.Add(n.Lifetime).UTC().Truncate(time.Second)}
	}
	if n.mustExpire() && !n.ExpiresAt.After(now) {
		return n, &PastDateError{Date: n.ExpiresAt.Time, Now: now}
	}
	return n, nil
}

// postPatiently posts a key whose app may not be shown yet; [ErrGone] means that there is
// no such app. A key that is wanted without a date, too, is posted again without it after
// a definite refusal; after a lost answer, it may be there already.
func (a *account) postPatiently(ctx context.Context, n NewKey, since time.Time) (outcome[clarifai.Key], error) {
	post := func(n NewKey) (outcome[clarifai.Key], error) {
		return patiently(ctx, a, n.AppID, func(ctx context.Context) (outcome[clarifai.Key], error) { return a.postKey(ctx, n, since) })
	}
	result, err := post(n)
	if !n.ExpiresAt.IsZero() && !n.mustExpire() && result.lost == 0 && clarifai.IsInvalid(err) {
		if result, err = post(n.withAnyDate()); err == nil {
			a.inv.refusesDates.Store(true)
		}
	}
	return result, a.inv.orGone(ctx, a.ref(n.AppID), err)
}

// checkDate revokes a new key again if it does not have the date that it must have.
func (a *account) checkDate(ctx context.Context, n NewKey, created CreatedKey) (CreatedKey, error) {
	if !n.mustExpire() || n.ExpiresAt.IsSameDate(created.ExpiresAt) {
		return created, nil
	}
	err := &UndatedError{Key: created.ID(), Asked: n.ExpiresAt, Got: created.ExpiresAt, Surplus: created.Surplus}
	err.Left = a.inv.DeleteKey(ctx, created.Ref(), created.Value)
	return CreatedKey{}, err
}
