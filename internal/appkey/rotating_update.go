package appkey

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Update rotates the key, revokes those whose time has come, and does what an
// update of clarifai_app_key does.
func (r *rotatingAppKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	u := newRotatingUpdate(ctx, inv, req, resp)
	recreated := noteAppRecreated.Get(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case !u.plan.AppID.Equal(u.state.AppID), !u.plan.UserID.Equal(u.state.UserID):
		u.moveAll(ctx)
	case recreated:
		u.recreateAll(ctx)
	case u.plan.Fingerprint.IsUnknown():
		u.rotate(ctx)
	default:
		u.retireAndPatch(ctx)
	}
}

// rotatingUpdate is one Update of a rotating key.
type rotatingUpdate struct {
	keyUpdate
	prior    rotatingKeyModel
	next     rotatingKeyModel // what is written beside the current key
	observed observed
	now      time.Time
}

func newRotatingUpdate(ctx context.Context, inv *inventory.Inventory, req resource.UpdateRequest, resp *resource.UpdateResponse) *rotatingUpdate {
	u := &rotatingUpdate{keyUpdate: keyUpdate{inv: inv, private: req.Private, resp: resp, marked: true}, now: inv.Now()}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.next)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &u.prior)...)
	u.observed = readObserved(ctx, req.Private, &resp.Diagnostics)
	u.plan, u.state = u.next.appKeyModel, u.prior.appKeyModel
	if u.observed.dates == nil {
		u.observed.dates = retireDates{}
	}
	u.write = u.writeAll
	return u
}

// writeAll writes the state with that current key.
func (u *rotatingUpdate) writeAll(ctx context.Context, current appKeyModel) {
	u.next.appKeyModel = current
	u.resp.Diagnostics.Append(u.resp.State.Set(ctx, u.next)...)
	kept := retireDates{}
	for _, k := range u.next.retiring(nil) {
		if until, ok := u.observed.dates[k.Fingerprint]; ok && k.ID() != u.next.PreviousID.ValueString() {
			kept[k.Fingerprint] = until
		}
	}
	noteRetireDates.Set(ctx, u.resp.Private, kept, &u.resp.Diagnostics)
}

// retireAndPatch revokes the keys that the plan retires, and changes the current one
// in place.
func (u *rotatingUpdate) retireAndPatch(ctx context.Context) {
	if !u.revokeRetired(ctx) {
		return
	}
	u.fillUnknownDates()
	if u.next.PreviousKey.IsUnknown() {
		u.next.PreviousKey = u.secretOf(ctx, u.prior.PreviousID)
		if u.resp.Diagnostics.HasError() {
			return
		}
	}
	u.patch(ctx)
}

// revokeRetired revokes the keys that the plan retires. If one cannot be revoked,
// the state stays as it is, so that the next plan does so again.
func (u *rotatingUpdate) revokeRetired(ctx context.Context) bool {
	if u.next.KeyIDs.IsUnknown() { // the overlap was not known: nothing is due
		u.next.KeyIDs = u.prior.KeyIDs
	}
	if u.next.PreviousID.IsUnknown() {
		u.next.PreviousID = u.prior.PreviousID
	}
	planned := stringsOf(u.next.KeyIDs)
	retired := slices.DeleteFunc(u.prior.retiring(u.observed.dates), func(k retiringKey) bool { return slices.Contains(planned, k.ID()) })
	if len(retired) > 0 && !u.isCurrentAlive(ctx) {
		return false
	}
	for _, k := range retired {
		if err := revokeRetired(ctx, u.inv, u.prior, k.Ref); err != nil {
			u.addRevocationError(k.ID(), err)
		}
	}
	if u.prior.hasPrevious() && u.next.PreviousID.IsNull() {
		u.unmarked = true
		deleteSuccessors(ctx, u.inv, u.prior, &u.resp.Diagnostics)
	}
	return !u.resp.Diagnostics.HasError()
}

// isCurrentAlive reports whether the current key still exists: if it was deleted since
// the plan, the keys before it are all that consumers have. Otherwise it adds an error.
func (u *rotatingUpdate) isCurrentAlive(ctx context.Context) bool {
	ref := u.state.ref()
	_, err := u.inv.Key(ctx, ref, inventory.Checked)
	if err != nil {
		advice.AddError(&u.resp.Diagnostics, "update app key", "key "+ref.ID(), err, "No previous key was revoked.")
	}
	return err == nil
}

func (u *rotatingUpdate) addRevocationError(id string, err error) {
	advice.AddError(&u.resp.Diagnostics, "delete previous app key", "key "+id, err,
		"The key stays in key_ids, and the next apply revokes it.")
}

// fillUnknownDates sets the dates of a key that has just come under rotation.
func (u *rotatingUpdate) fillUnknownDates() {
	if u.next.RotatedAt.IsUnknown() {
		u.next.RotatedAt = timeValue(u.now)
	}
	s, ok := u.next.schedule()
	if u.next.NextRotationAt.IsUnknown() {
		u.next.NextRotationAt = types.StringNull()
		if ok {
			u.next.NextRotationAt = timeValue(s.first(timeOf(u.next.RotatedAt), u.state.Fingerprint.ValueString(), u.now))
		}
	}
	if u.next.PreviousExpiresAt.IsUnknown() {
		u.next.PreviousExpiresAt = u.prior.PreviousExpiresAt
		if ok && s.overlap != overlapOf(u.prior.Overlap) {
			u.next.PreviousExpiresAt = timeValue(timeOf(u.prior.RotatedAt).Add(s.overlap))
		}
	}
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

// moveAll takes the keys to another app. A rename takes all of them along. In any
// other app, one key is created, and those of the old app are revoked.
func (u *rotatingUpdate) moveAll(ctx context.Context) {
	moved, ok := u.findOrCreate(ctx)
	if !ok {
		return
	}
	old := []key.Ref{u.state.ref()}
	for _, k := range u.prior.retiring(u.observed.dates) {
		old = append(old, k.Ref)
	}
	if !moved.Created {
		u.keepMoved(ctx, moved)
		return
	}
	u.startAnew(moved.Key, old...)
	got, ok := u.setMoved(ctx, moved)
	if !ok {
		return
	}
	// Even in a run that is being cancelled: consumers are to use the new key now.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	left := []string{got.ID.ValueString()}
	for _, ref := range old {
		if err := revokeRetired(detached, u.inv, u.prior, ref); err != nil {
			left = append(left, ref.ID())
			u.addRevocationError(ref.ID(), err)
		}
	}
	deleteSuccessors(detached, u.inv, u.prior, &u.resp.Diagnostics) // nothing looks for them in the old app any longer
	u.next.setKeys(left...)
	u.writeAll(ctx, got)
	u.resp.Diagnostics.AddWarning("App key was replaced in another app",
		"The app "+got.ref().App()+" did not hold the key "+u.state.ID.ValueString()+", so the key "+got.ID.ValueString()+" was created there, and the old one was revoked without an overlap. "+
			"Give the new value to everything that uses the old one.")
}

// keepMoved writes the keys that a rename took along. If the plan also changes what
// only a rotation changes, the next plan rotates.
func (u *rotatingUpdate) keepMoved(ctx context.Context, moved inventory.MovedKey) {
	u.keepRotation(key.Ref{UserID: moved.UserID, AppID: moved.AppID})
	u.setMoved(ctx, moved)
	if u.changesNewKeys() || u.observed.due != nil && u.observed.due.Pending {
		noteDue.Set(ctx, u.resp.Private, &dueNote{At: u.now.UTC(), Pending: true}, &u.resp.Diagnostics)
	}
}

// keepRotation keeps what is known of the rotation of keys that are in that app now.
func (u *rotatingUpdate) keepRotation(app key.Ref) {
	u.next.RotatedAt, u.next.NextRotationAt, u.next.KeyIDs = u.prior.RotatedAt, types.StringUnknown(), u.prior.KeyIDs
	u.next.PreviousID, u.next.PreviousKey, u.next.PreviousExpiresAt = u.prior.PreviousID, u.prior.PreviousKey, u.prior.PreviousExpiresAt
	if !u.next.StoreKey.ValueBool() {
		u.next.PreviousKey = types.StringNull()
	}
	if now, ok := u.next.schedule(); ok {
		if before, ok := u.prior.schedule(); ok && now.period == before.period && now.spread == before.spread {
			u.next.NextRotationAt = u.prior.NextRotationAt
		}
		if u.next.hasPrevious() && now.overlap != overlapOf(u.prior.Overlap) {
			u.next.PreviousExpiresAt = timeValue(timeOf(u.prior.RotatedAt).Add(now.overlap))
		}
	}
	u.fillUnknownDates()
	u.next.followRename(u.state.ref(), app)
}

// changesNewKeys reports whether the plan changes something that only a new key gets.
func (u *rotatingUpdate) changesNewKeys() bool {
	c := keyChange{plan: u.plan, state: u.state}
	return c.changesKeepers(false) || (&rotationPlan{keyChange: c}).changesLimits()
}

// startAnew sets the rotation of a key that nothing precedes. Old keys stay in
// key_ids until they are known to be revoked.
func (u *rotatingUpdate) startAnew(k clarifai.Key, old ...key.Ref) {
	u.next.Fingerprint = types.StringValue(k.Fingerprint)
	u.next.startUse(u.now)
	u.next.dropPrevious()
	ids := []string{k.ID()}
	for _, ref := range old {
		ids = append(ids, ref.ID())
	}
	u.next.setKeys(ids...)
	u.observed.dates = retireDates{}
}

// recreateAll creates the key again in its app, which this run has recreated. The
// previous keys died with the app. If the app was not deleted after all, all keys
// stay.
func (u *rotatingUpdate) recreateAll(ctx context.Context) {
	moved, ok := u.createInNewApp(ctx)
	switch {
	case !ok:
	case moved.Created:
		u.startAnew(moved.Key)
		u.setMoved(ctx, moved)
	default:
		u.keepMoved(ctx, moved)
	}
}

// revokeRetired revokes a key that is not the current one any longer. That it is gone
// is a success.
func revokeRetired(ctx context.Context, inv *inventory.Inventory, state rotatingKeyModel, k key.Ref) error {
	secret := clarifai.Secret("")
	switch k.ID() {
	case state.ID.ValueString():
		secret = clarifai.Secret(state.Key.ValueString())
	case state.PreviousID.ValueString():
		secret = clarifai.Secret(state.PreviousKey.ValueString())
	}
	if secret != "" {
		return inv.DeleteKey(ctx, k, secret)
	}
	return key.Revoke(ctx, inv, k)
}
