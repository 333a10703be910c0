package appkey

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// rotate gives consumers a new key and keeps the current one alive for the overlap.
// What is overdue is revoked before, and if that fails nothing is created: a schedule
// never has more than two keys.
func (u *rotatingUpdate) rotate(ctx context.Context) {
	found, current, err := u.listApp(ctx)
	if err != nil {
		advice.AddError(&u.resp.Diagnostics, "rotate app key", "key "+u.prior.ID.ValueString(), err, "Nothing was created; the current key "+
			"stays as it is.")
		return
	}
	living, ok := u.revokeOverdue(ctx)
	if !ok {
		return
	}
	created, ok := u.adopt(&found)
	if !ok {
		if created, ok = u.post(ctx); !ok {
			return
		}
	}
	got := u.next.stateOfNew(ctx, created.Key, u.resp.Private, &u.resp.Diagnostics)
	_, differs := descriptionMismatch(u.next.appKeyModel, got)
	switch {
	case !differs:
	case created.Adopted: // described below
		got.Description = u.next.Description
	default:
		u.checkDescription(got)
	}
	u.setRotated(got, u.usedSince(created), current, living)
	u.finish(ctx, got)

	// Even in a run that is being canceled: nothing else knows of these keys.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	u.cleanUp(detached, got, found.all(), created)
	if created.Adopted && differs {
		u.describeAdopted(detached, created.Key)
	}
}

// revokeOverdue revokes the keys whose time has passed and returns those that live on,
// without the current one. If the current key is gone, the others are all that
// consumers have: nothing is revoked.
func (u *rotatingUpdate) revokeOverdue(ctx context.Context) (living []retiringKey, ok bool) {
	now := u.now
	if u.observed.due != nil && u.observed.due.At.After(now) { // by a clock that is ahead of this one
		now = u.observed.due.At
	}
	ok = true
	var revoked []string
	for _, k := range u.prior.retiring(u.observed.dates) {
		if u.gone || u.wasGone() || !k.isOverdue(now) {
			living = append(living, k)
			continue
		}
		if err := u.prior.revoke(ctx, u.inv, k.Ref); err != nil {
			u.addRevocationError(k.ID(), err)
			ok = false
			continue
		}
		revoked = append(revoked, k.ID())
	}
	u.forget(ctx, revoked)
	return living, ok
}

// wasGone reports whether the plan did not find the current key.
func (u *rotatingUpdate) wasGone() bool { return u.observed.due != nil && u.observed.due.Gone }

// listApp lists the app afresh. It returns successors, and the current key. If that was
// deleted since the plan, it warns, and what is listed in its place is empty.
func (u *rotatingUpdate) listApp(ctx context.Context) (found successors, current clarifai.Key, err error) {
	ref := u.prior.ref()
	_, err = u.inv.AppKeys(ctx, ref.AppRef(), inventory.Now)
	if err != nil && !errors.Is(err, inventory.ErrGone) { // the create says so of an app that is gone
		return found, current, err
	}
	found = u.prior.successors(u.inv)
	if u.gone = u.wasGone() && u.inv.Record(ref).Key.Fingerprint == ""; u.gone { // else the listing of the plan lacked it
		return found, current, nil
	}
	current, err = u.inv.Key(ctx, ref, inventory.Checked)
	if u.gone = errors.Is(err, inventory.ErrGone); u.gone {
		u.resp.Diagnostics.AddWarning("The current app key no longer exists",
			"The key "+ref.ID()+" was deleted outside of Terraform since the plan, "+
				"so it is not kept as the previous one. Give the new key to everything that used it.")
		err = nil
	}
	return found, current, err
}

// adopt takes the newest successor that has the wanted limits, and is young enough, out of
// those found.
func (u *rotatingUpdate) adopt(found *successors) (adopted inventory.CreatedKey, ok bool) {
	for i, k := range slices.Backward(found.ofCurrent) {
		if u.hasWantedLimits(k) && u.isYoung(k) {
			found.ofCurrent = slices.Delete(found.ofCurrent, i, i+1)
			return inventory.CreatedKey{Key: k, Adopted: true}, true
		}
	}
	return adopted, false
}

// post creates the new key. Its surplus, keys of lost attempts to do so, have this run's
// mark, and cleanUp revokes them. Without success it adds an error.
func (u *rotatingUpdate) post(ctx context.Context) (created inventory.CreatedKey, ok bool) {
	asked := u.next.newKey()
	asked.Description = key.MarkSuccessor(asked.Description, u.prior.Fingerprint.ValueString())
	created, err := postKey(ctx, u.inv, asked, &u.resp.Diagnostics)
	if err == nil {
		alone := created
		alone.Surplus = nil
		addCreated(asked, alone, &u.resp.Diagnostics)
	}
	return created, err == nil
}

// hasWantedLimits reports whether a key may do what the plan asks for. Clarifai may
// not show endpoints.
func (u *rotatingUpdate) hasWantedLimits(k clarifai.Key) bool {
	scopes, endpoints := u.next.Scopes.Strings(), u.next.Endpoints.Strings()
	return (len(scopes) == 0 || scope.Equivalent(scopes, k.Scopes)) &&
		(len(endpoints) > 0 && len(k.Endpoints) == 0 || scope.NewEndpoints(endpoints).Equal(scope.NewEndpoints(k.Endpoints)))
}

// isYoung reports whether a key may be used for some time: its rotation counts from its
// creation, and must not be due before the overlap is over.
func (u *rotatingUpdate) isYoung(k clarifai.Key) bool {
	s, ok := u.next.schedule()
	return ok && !k.CreatedAt.IsZero() && s.next(k.CreatedAt.Time, k.Fingerprint).After(u.now.Add(s.overlap))
}

// setRotated sets the rotation of the new current key, which counts from that time. The
// one before it becomes the previous one, unless it is gone.
func (u *rotatingUpdate) setRotated(got appKeyModel, since time.Time, current clarifai.Key, living []retiringKey) {
	m := u.next
	m.appKeyModel = got
	m.startUse(since)
	ids := []string{got.ID.ValueString()}
	dates := retireDates{}
	for _, k := range living {
		ids = append(ids, k.ID())
		dates[k.Fingerprint] = k.until
	}
	u.observed.dates = dates
	m.dropPrevious()
	if u.gone {
		if slices.Contains(ids, u.prior.PreviousID.ValueString()) {
			m.setPrevious(u.prior.PreviousID.ValueString(), u.prior.PreviousKey, base.TimeOf(u.prior.PreviousExpiresAt).Time)
		}
	} else {
		secret := u.prior.Key
		if current.Value != "" {
			secret = types.StringValue(current.Value.Reveal())
		}
		m.setPrevious(u.prior.ID.ValueString(), secret, u.now.Add(overlapOf(m.Overlap)))
		ids = append(ids, u.prior.ID.ValueString())
	}
	m.setKeys(ids...)
}

// cleanUp revokes the keys that an earlier run left beside the one in use, as far as the
// plan named them, and those of lost attempts of this one. One that cannot be revoked
// goes into key_ids, and the next plan revokes it.
func (u *rotatingUpdate) cleanUp(ctx context.Context, got appKeyModel, found []clarifai.Key, created inventory.CreatedKey) {
	left := u.revokeSuccessors(ctx, found)
	for _, fingerprint := range created.Surplus {
		ref := created.Ref().AppRef().Key(fingerprint)
		if err := key.Revoke(ctx, u.inv, ref); err != nil {
			left = append(left, ref.ID())
			u.addRevocationError(ref.ID(), err)
		}
	}
	if len(left) == 0 {
		return
	}
	for _, id := range left {
		if ref, ok := key.RefOf(id); ok {
			u.observed.dates[ref.Fingerprint] = time.Time{}
		}
	}
	u.next.setKeys(append(left, base.Strings(u.next.KeyIDs)...)...)
	u.writeAll(ctx, got)
}

// describeAdopted gives a key of an earlier run the description that the plan asks for now.
func (u *rotatingUpdate) describeAdopted(ctx context.Context, k clarifai.Key) {
	k.Description = u.describe(k)
	if len(k.Endpoints) == 0 {
		k.Endpoints = u.next.Endpoints.Strings() // a PATCH that overwrites the whole key must not lose them
	}
	if _, err := u.inv.PatchKey(ctx, k); err != nil {
		advice.AddError(&u.resp.Diagnostics, "update app key", "key "+k.ID(), err)
	}
}
