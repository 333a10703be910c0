package appkey

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// rotatingKeyModel is the state of clarifai_rotating_app_key: its current key, and
// what is known of the keys before it.
type rotatingKeyModel struct {
	appKeyModel
	RotationPeriod    types.String `tfsdk:"rotation_period"`
	Overlap           types.String `tfsdk:"overlap"`
	RotationSpread    types.String `tfsdk:"rotation_spread"`
	RotatedAt         types.String `tfsdk:"rotated_at"`
	NextRotationAt    types.String `tfsdk:"next_rotation_at"`
	PreviousKey       types.String `tfsdk:"previous_key"`
	PreviousID        types.String `tfsdk:"previous_id"`
	PreviousExpiresAt types.String `tfsdk:"previous_expires_at"`
	KeyIDs            types.Set    `tfsdk:"key_ids"`
}

// retiringKey is a key that was rotated away and lives until a date. The zero date
// has always passed: its revocation was tried before, or its date is lost.
type retiringKey struct {
	key.Ref
	until time.Time
}

// allKeys returns the living keys of a state, the current one included.
func (m rotatingKeyModel) allKeys() []key.Ref {
	refs := []key.Ref{m.ref()}
	if len(m.KeyIDs.Elements()) < 2 { // nearly always
		return refs
	}
	for _, k := range m.retiring(nil) {
		refs = append(refs, k.Ref)
	}
	return refs
}

// isOverdue reports whether the key is to be revoked at that time.
func (k retiringKey) isOverdue(at time.Time) bool { return !k.until.After(at) }

// retiring returns the keys of a state other than the current one: the previous one,
// and older ones with the dates in private state.
func (m rotatingKeyModel) retiring(dates retireDates) []retiringKey {
	var keys []retiringKey
	for _, id := range base.Strings(m.KeyIDs) {
		ref, ok := key.RefOf(id)
		switch {
		case !ok || id == m.ID.ValueString():
		case id == m.PreviousID.ValueString():
			keys = append(keys, retiringKey{ref, base.TimeOf(m.PreviousExpiresAt).Time})
		default:
			keys = append(keys, retiringKey{ref, dates[ref.Fingerprint]})
		}
	}
	return keys
}

// hasPrevious reports whether the state has a key that the current one replaced.
func (m rotatingKeyModel) hasPrevious() bool { return m.PreviousID.ValueString() != "" }

// setPrevious sets the previous key.
func (m *rotatingKeyModel) setPrevious(id string, secret types.String, until time.Time) {
	m.PreviousID, m.PreviousKey, m.PreviousExpiresAt = types.StringValue(id), secret, timeValue(until)
	if !m.StoreKey.ValueBool() {
		m.PreviousKey = types.StringNull()
	}
}

// dropPrevious sets that there is no previous key.
func (m *rotatingKeyModel) dropPrevious() {
	m.PreviousID, m.PreviousKey, m.PreviousExpiresAt = types.StringNull(), types.StringNull(), types.StringNull()
}

// setKeys sets the IDs of the living keys.
func (m *rotatingKeyModel) setKeys(ids ...string) {
	slices.Sort(ids)
	values := []attr.Value{}
	for _, id := range slices.Compact(ids) {
		values = append(values, types.StringValue(id))
	}
	m.KeyIDs = types.SetValueMust(types.StringType, values)
}

// followRename gives the keys of an app the IDs that they have after its rename.
func (m *rotatingKeyModel) followRename(from, to key.Ref) {
	renamed := func(id string) string {
		ref, ok := key.RefOf(id)
		if !ok || ref.App() != from.App() {
			return id
		}
		ref.UserID, ref.AppID = to.UserID, to.AppID
		return ref.ID()
	}
	var ids []string
	for _, id := range base.Strings(m.KeyIDs) {
		ids = append(ids, renamed(id))
	}
	m.setKeys(ids...)
	if m.hasPrevious() {
		m.PreviousID = types.StringValue(renamed(m.PreviousID.ValueString()))
	}
}

// complete fills what an import or a move leaves out. Rotation counts from the
// creation of the key then.
func (m *rotatingKeyModel) complete() {
	if m.RotatedAt.ValueString() == "" && !m.RotatedAt.IsUnknown() {
		m.RotatedAt = m.CreatedAt
	}
	if m.KeyIDs.IsNull() {
		m.setKeys(m.ID.ValueString())
	}
}

// schedule returns the key's schedule, if it is known.
func (m rotatingKeyModel) schedule() (schedule, bool) {
	return newSchedule(m.RotationPeriod, m.Overlap, m.RotationSpread)
}

// startUse sets that the key has come into use at that time.
func (m *rotatingKeyModel) startUse(now time.Time) {
	m.RotatedAt, m.NextRotationAt = timeValue(now), types.StringNull()
	if s, ok := m.schedule(); ok {
		m.NextRotationAt = timeValue(s.next(now, m.Fingerprint.ValueString()))
	}
}

// fillDates sets the dates that are unknown, of a key that stays, from those of the state
// before. Now is the time of the apply; it is zero in a plan, where stays unknown what
// depends on the clock or on a schedule that is not known.
func (m *rotatingKeyModel) fillDates(prior *rotatingKeyModel, now time.Time) {
	if m.RotatedAt.IsUnknown() {
		switch {
		case !prior.RotatedAt.IsNull():
			m.RotatedAt = prior.RotatedAt
		case !now.IsZero():
			m.RotatedAt = timeValue(now)
		}
	}
	if m.NextRotationAt.IsUnknown() {
		m.NextRotationAt = m.nextRotation(prior, now)
	}
	if m.PreviousExpiresAt.IsUnknown() && (!m.Overlap.IsUnknown() || !prior.hasPrevious()) {
		m.PreviousExpiresAt = prior.PreviousExpiresAt
		if prior.hasPrevious() && overlapOf(m.Overlap) != overlapOf(prior.Overlap) {
			rotated := base.TimeOf(prior.RotatedAt).Time // earlier than its apply if that adopted the key
			if at := base.TimeOf(prior.PreviousExpiresAt).Add(-overlapOf(prior.Overlap)); at.After(rotated) {
				rotated = at
			}
			m.PreviousExpiresAt = timeValue(rotated.Add(overlapOf(m.Overlap)))
		}
	}
}

// nextRotation returns the date of the next rotation, for fillDates.
func (m *rotatingKeyModel) nextRotation(prior *rotatingKeyModel, now time.Time) types.String {
	if m.RotationPeriod.IsUnknown() || m.RotationSpread.IsUnknown() {
		return types.StringUnknown()
	}
	s, ok := newSchedule(m.RotationPeriod, types.StringNull(), m.RotationSpread)
	before, had := newSchedule(prior.RotationPeriod, types.StringNull(), prior.RotationSpread)
	fingerprint, counts := prior.Fingerprint.ValueString(), !prior.NextRotationAt.IsNull() && !prior.RotatedAt.IsNull()
	switch {
	case counts && (!ok || !had || s == before):
		return prior.NextRotationAt
	case counts && now.IsZero():
		return timeValue(s.next(base.TimeOf(prior.RotatedAt).Time, fingerprint))
	case now.IsZero(): // after an import or a move, by the clock of the apply
		return types.StringUnknown()
	case !ok:
		return types.StringNull()
	}
	return timeValue(s.first(base.TimeOf(m.RotatedAt).Time, fingerprint, now))
}

// timeValue returns an attribute's value for a time: RFC 3339 in seconds.
func timeValue(at time.Time) types.String {
	if at.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(at.UTC().Truncate(time.Second).Format(time.RFC3339))
}

// hasPassed reports whether the time in an attribute has come. A null date is never due.
func hasPassed(date types.String, at time.Time) bool {
	due := base.TimeOf(date)
	return !due.IsZero() && !due.After(at)
}
