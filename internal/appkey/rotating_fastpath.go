package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// RotatingFastPath returns clarifai_rotating_app_key for the fast path: most nights,
// no key of a fleet is due.
func RotatingFastPath(data func() *base.Data) fastpath.Resource {
	return fastpath.For(newRotatingAppKeyResource(), fastRotatingKey{fastKey{data: data}})
}

// fastRotatingKey decides which rotating keys the fast path answers for: what
// fastKey says of the current key, and nothing may be due.
type fastRotatingKey struct {
	fastKey
}

var (
	_ fastpath.Kind[rotatingKeyModel]       = fastRotatingKey{}
	_ fastpath.ConfigKind[rotatingKeyModel] = fastRotatingKey{}
)

// WrittenFor is fastKey's, with the attributes of the rotation.
func (f fastRotatingKey) WrittenFor() fastpath.Shape {
	shape := f.fastKey.WrittenFor()
	for _, name := range []string{
		"rotation_period", "overlap", "rotation_spread", "rotated_at", "next_rotation_at", "previous_key", "previous_id", "previous_expires_at",
	} {
		shape.Attributes[name] = fastpath.Attribute{Type: types.StringType}
	}
	shape.Attributes["key_ids"] = fastpath.Attribute{Type: types.SetType{ElemType: types.StringType}}
	return shape
}

// ReadResult is fastKey's. Read has more to do where a date has passed, where there
// are older keys than the previous one, and after an import or a move.
func (f fastRotatingKey) ReadResult(ctx context.Context, state rotatingKeyModel) (rotatingKeyModel, bool) {
	inv := f.data().Inventory()
	if inv == nil || state.NextRotationAt.IsNull() || state.RotatedAt.IsNull() {
		return state, false
	}
	now := inv.Now()
	others := 0
	if state.hasPrevious() {
		if ref, ok := key.RefOf(state.PreviousID.ValueString()); ok {
			f.data().NoteKey(ref, func(k *run.Key) { k.Read = true })
		}
		others = 1
	}
	due := hasPassed(state.NextRotationAt, now) || hasPassed(state.PreviousExpiresAt, now) || hasPassed(state.ExpiresAt, now)
	if due || len(state.KeyIDs.Elements()) != 1+others {
		return state, false
	}
	k, ok := f.find(ctx, state.appKeyModel)
	if !ok || len(state.successors(inv).all()) > 0 || k.AppID != state.AppID.ValueString() || k.UserID != state.UserID.ValueString() {
		return state, false
	}
	state.appKeyModel = keyFromAPI(k, state.appKeyModel, serverDefaults{})
	return state, true
}

// PlanKeepsState reports false for what fastKey does, and for a key whose rotation has
// no date yet.
func (f fastRotatingKey) PlanKeepsState(state rotatingKeyModel, config func() (rotatingKeyModel, bool)) (fastpath.Notes, bool) {
	if state.NextRotationAt.IsNull() || state.RotatedAt.IsNull() || f.data().Inventory() == nil || hasWrongClock(f.data()) {
		return nil, false
	}
	return f.keepsState(state.appKeyModel, func() (appKeyModel, bool) {
		c, ok := config()
		return c.appKeyModel, ok
	}, state.allKeys()...)
}

// ConfigIsValid is ValidateConfig's.
func (f fastRotatingKey) ConfigIsValid(ctx context.Context, config rotatingKeyModel) bool {
	var diags diag.Diagnostics
	validateSchedule(config.RotationPeriod, config.Overlap, config.RotationSpread, &diags)
	return len(diags) == 0 && f.fastKey.ConfigIsValid(ctx, config.appKeyModel)
}
