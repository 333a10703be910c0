package appkey

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Update rotates the key, revokes those whose time has come, and does what an
// update of clarifai_app_key does.
func (r *rotatingAppKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var next, prior rotatingKeyModel
	u := rotatingUpdate{
		keyUpdate: keyUpdate{next: &next.appKeyModel, prior: &prior.appKeyModel, private: req.Private, resp: resp, marked: true},
		next:      &next, prior: &prior, now: r.now(),
	}
	u.write = u.writeAll
	u.adopts = func(k clarifai.Key) bool {
		return key.Predecessor(k.Description) == prior.Fingerprint.ValueString() && u.isYoung(k)
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &next)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	u.held = prior.allKeys()
	if u.observed = readObserved(ctx, req.Private, &resp.Diagnostics); u.observed.dates == nil {
		u.observed.dates = retireDates{}
	}
	u.run(ctx, &r.keyResource, &u)
	r.warnClock(&resp.Diagnostics)
}

// rotatingUpdate is one Update of a rotating key. Next is what is written, with the
// current key in it.
type rotatingUpdate struct {
	keyUpdate
	next, prior *rotatingKeyModel // of which those of keyUpdate are a part
	observed    observed
	now         time.Time
	gone        bool // the current key does not exist, since the plan or before
}

// writeAll writes the state with that current key.
func (u *rotatingUpdate) writeAll(ctx context.Context, current appKeyModel) {
	u.next.appKeyModel = current
	u.resp.Diagnostics.Append(u.resp.State.Set(ctx, *u.next)...)
	kept := retireDates{}
	for _, k := range u.next.retiring(nil) {
		if until, ok := u.observed.dates[k.Fingerprint]; ok && k.ID() != u.next.PreviousID.ValueString() {
			kept[k.Fingerprint] = until
		}
	}
	noteRetireDates.Set(ctx, u.resp.Private, kept, &u.resp.Diagnostics)
}

// change rotates the key if the plan says so. Otherwise it revokes the keys that the
// plan retires, and changes the current one in place.
func (u *rotatingUpdate) change(ctx context.Context) {
	if u.next.Fingerprint.IsUnknown() {
		u.rotate(ctx)
		return
	}
	if !u.revokeRetired(ctx) {
		return
	}
	u.next.fillDates(u.prior, u.now)
	if u.next.PreviousKey.IsUnknown() {
		u.next.PreviousKey = u.secretOf(ctx, u.prior.PreviousID)
		if u.resp.Diagnostics.HasError() {
			return
		}
	}
	u.keyUpdate.change(ctx)
}

// revokeRetired revokes the keys that the plan retires. One that cannot be revoked stays
// in the state, so that the next plan does so again.
func (u *rotatingUpdate) revokeRetired(ctx context.Context) bool {
	if u.next.KeyIDs.IsUnknown() { // the overlap was not known: nothing is due
		u.next.KeyIDs = u.prior.KeyIDs
	}
	if u.next.PreviousID.IsUnknown() {
		u.next.PreviousID = u.prior.PreviousID
	}
	planned := base.Strings(u.next.KeyIDs)
	retired := slices.DeleteFunc(u.prior.retiring(u.observed.dates), func(k retiringKey) bool { return slices.Contains(planned, k.ID()) })
	u.unmarked = u.prior.hasPrevious() && u.next.PreviousID.IsNull()
	if len(retired) == 0 {
		return !u.resp.Diagnostics.HasError()
	}
	// If the current key was deleted since the plan, those before it are all that consumers have.
	if _, err := u.inv.Key(ctx, u.prior.ref(), inventory.Checked); err != nil {
		advice.AddError(&u.resp.Diagnostics, "update app key", "key "+u.prior.ref().ID(), err, "No previous key was revoked.")
		return false
	}
	found := findSuccessors(ctx, u.inv, *u.prior, &u.resp.Diagnostics)
	var revoked []string
	for _, k := range retired {
		if err := u.prior.revoke(ctx, u.inv, k.Ref); err != nil {
			u.addRevocationError(k.ID(), err)
			continue
		}
		revoked = append(revoked, k.ID())
	}
	u.forget(ctx, revoked) // whatever fails from now on
	u.revokeSuccessors(ctx, found.ofOthers)
	return !u.resp.Diagnostics.HasError()
}

// forget writes the state as it was, without keys that are revoked. Of the previous one,
// the ID stays: the plan that drops it removes the mark of its successor.
func (u *rotatingUpdate) forget(ctx context.Context, revoked []string) {
	if len(revoked) == 0 {
		return
	}
	m := *u.prior
	m.setKeys(slices.DeleteFunc(base.Strings(m.KeyIDs), func(id string) bool { return slices.Contains(revoked, id) })...)
	if slices.Contains(revoked, m.PreviousID.ValueString()) {
		m.PreviousKey = types.StringNull()
	}
	u.resp.Diagnostics.Append(u.resp.State.Set(ctx, m)...)
}

func (u *rotatingUpdate) addRevocationError(id string, err error) {
	advice.AddError(&u.resp.Diagnostics, "delete previous app key", "key "+id, err,
		"The key stays in key_ids, and the next apply revokes it.")
}

// secretOf returns the secret of a key of this resource, null if it is gone.
func (u *rotatingUpdate) secretOf(ctx context.Context, id types.String) types.String {
	ref, ok := key.RefOf(id.ValueString())
	if !ok {
		return types.StringNull()
	}
	k, err := u.inv.Key(ctx, ref, inventory.Checked)
	if err != nil && !errors.Is(err, inventory.ErrGone) {
		advice.AddError(&u.resp.Diagnostics, "read previous app key", "key "+ref.ID(), err)
	}
	if err != nil {
		return types.StringNull()
	}
	return types.StringValue(k.Value.Reveal())
}

// move takes the keys to another app. A rename takes all of them along, those included
// that the current one has replaced if it is gone. In any other app, one key is created,
// and those of the old app are revoked.
func (u *rotatingUpdate) move(ctx context.Context) {
	moved, ok := u.findOrCreate(ctx)
	if !ok {
		return
	}
	if !moved.Created {
		u.keepMoved(ctx, moved)
		return
	}
	stays, old, err := u.startInApp(ctx, moved)
	got, ok := u.setMoved(ctx, moved)
	if err != nil {
		advice.AddError(&u.resp.Diagnostics,
			"list app keys", "app "+got.ref().App(), err, "No old key was revoked, and all of them stay in key_ids.")
	}
	if !ok || err != nil {
		return
	}
	// Even in a run that is being canceled: consumers are to use the new key now.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	left := append([]string{got.ID.ValueString()}, stays...)
	var found successors
	if len(stays) == 0 { // else the old app is this one
		found = findSuccessors(detached, u.inv, *u.prior, &u.resp.Diagnostics)
	}
	for _, ref := range old {
		if err := u.prior.revoke(detached, u.inv, ref); err != nil {
			left = append(left, ref.ID())
			u.addRevocationError(ref.ID(), err)
		}
	}
	left = append(left, u.revokeSuccessors(detached, found.all())...) // nothing looks for them in the old app any longer
	u.next.setKeys(left...)
	u.writeAll(ctx, got)
	u.unmark(detached, moved.Key)
	became := ", and the old one was revoked without an overlap"
	if len(stays) > 0 {
		became = ", and " + strings.Join(stays, ", ") + ", which the old one had replaced, stays alive until its date"
	}
	u.warnReplaced(got, became)
}

// startInApp is startAnew in another app. Keys before the current one that are there,
// because a rename took them along without it, stay until their dates. Stays are their
// IDs, and old are the others, which stay in key_ids until they are known to be revoked.
func (u *rotatingUpdate) startInApp(ctx context.Context, k inventory.CreatedKey) (stays []string, old []key.Ref, err error) {
	app, before := k.Ref().AppRef(), u.prior.retiring(u.observed.dates)
	u.startAnew(k)
	old, ids := []key.Ref{u.prior.ref()}, []string{k.ID(), u.prior.ID.ValueString()}
	keys, err := u.inv.AppKeys(ctx, app, inventory.Itself) // which were listed for the new key
	for _, r := range before {
		ref := app.Key(r.Fingerprint)
		if !slices.ContainsFunc(keys, func(k clarifai.Key) bool { return k.Fingerprint == r.Fingerprint }) {
			old, ids = append(old, r.Ref), append(ids, r.ID())
			continue
		}
		stays, ids = append(stays, ref.ID()), append(ids, ref.ID())
		u.observed.dates[r.Fingerprint] = r.until
		if r.ID() == u.prior.PreviousID.ValueString() {
			u.next.setPrevious(ref.ID(), u.prior.PreviousKey, r.until)
		}
	}
	u.next.setKeys(ids...)
	return stays, old, err
}

// unmark removes the mark by which another run would have found the key, if this one
// had been killed.
func (u *rotatingUpdate) unmark(ctx context.Context, k clarifai.Key) {
	u.unmarked = true
	if u.describe(k) == k.Description {
		return
	}
	if _, err := u.patchDescription(ctx, k); err != nil {
		advice.AddError(&u.resp.Diagnostics, "update app key", "key "+k.ID(), err)
	}
}

// keepMoved writes the keys that a rename took along. If the plan also changes what
// only a rotation changes, the next plan rotates.
func (u *rotatingUpdate) keepMoved(ctx context.Context, moved inventory.CreatedKey) {
	m := u.next
	m.RotatedAt, m.NextRotationAt, m.PreviousExpiresAt = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.KeyIDs, m.PreviousID, m.PreviousKey = u.prior.KeyIDs, u.prior.PreviousID, u.prior.PreviousKey
	if !m.StoreKey.ValueBool() {
		m.PreviousKey = types.StringNull()
	}
	m.fillDates(u.prior, u.now)
	m.followRename(u.prior.ref(), moved.Ref())
	c := keyPlan{next: u.keyUpdate.next, prior: u.keyUpdate.prior}
	pending := c.changesKeepers(false) || c.changesLimits() || u.observed.due != nil && u.observed.due.Pending
	u.setMoved(ctx, moved)
	if pending {
		noteDue.Set(ctx, u.resp.Private, &dueNote{At: u.now.UTC(), Pending: true}, &u.resp.Diagnostics)
	}
}

// startAnew sets the rotation of a key that nothing precedes.
func (u *rotatingUpdate) startAnew(k inventory.CreatedKey) {
	u.next.Fingerprint = types.StringValue(k.Fingerprint)
	u.next.startUse(u.usedSince(k))
	u.next.dropPrevious()
	u.next.setKeys(k.ID())
	u.observed.dates = retireDates{}
}

// usedSince returns since when a new key is in use. What a run that was killed has created
// is in use since then.
func (u *rotatingUpdate) usedSince(k inventory.CreatedKey) time.Time {
	if k.Adopted {
		return k.CreatedAt.Time
	}
	return u.now
}

// recreate creates the key again in its app, which this run has recreated. The
// previous keys died with the app. If the app was not deleted after all, all keys
// stay.
func (u *rotatingUpdate) recreate(ctx context.Context) {
	moved, ok := u.createInNewApp(ctx)
	switch {
	case !ok:
	case moved.Created:
		u.startAnew(moved)
		if _, ok := u.setMoved(ctx, moved); ok {
			u.unmark(ctx, moved.Key)
		}
	default:
		u.keepMoved(ctx, moved)
	}
}
