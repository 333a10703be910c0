package appkey

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// FastPath returns clarifai_app_key for the fast path: fleets have thousands of
// keys, and a nightly plan should find all of them unchanged. Data returns what
// Configure made, nil before.
func FastPath(data func() *base.Data) fastpath.Resource {
	return fastpath.For(newAppKeyResource(), fastKey{data: data})
}

// fastKey decides which keys the fast path answers for.
type fastKey struct {
	data func() *base.Data
}

var (
	_ fastpath.Kind[appKeyModel]       = fastKey{}
	_ fastpath.ConfigKind[appKeyModel] = fastKey{}
)

// WrittenFor is compared with the schema. Add what is new there only once the
// answers below hold for it.
func (fastKey) WrittenFor() fastpath.Shape {
	text := fastpath.Attribute{Type: types.StringType}
	return fastpath.Shape{
		Attributes: map[string]fastpath.Attribute{
			"id": text, "user_id": text, "app_id": text, "description": text, "key": text,
			"fingerprint": text, "created_at": text, "expires_at": text,
			"scopes":    {Type: scope.SetType{}, PlanModifiers: true},
			"endpoints": {Type: scope.SetType{Kind: scope.Endpoints}, PlanModifiers: true},
			"keepers":   {Type: types.MapType{ElemType: types.StringType}},
			"store_key": {Type: types.BoolType, Default: booldefault.StaticBool(true)},
		},
		Identity:    []string{"user_id", "app_id", "fingerprint"},
		ReadIgnores: []string{string(noteImported), string(notePriorKey)},
		// ModifyPlan looks at these only where something differs.
		PlanIgnores: []string{string(noteDefaults), string(noteImported), string(noteRenamedOutside), string(noteAppManaged), string(notePriorKey)},
	}
}

// ReadResult maps the key as Read does where there is no note of what Clarifai
// filled in. Read has more to do where the key is missing, has moved to another
// app, cannot be read, or is in an app that the plan recreates.
func (f fastKey) ReadResult(ctx context.Context, state appKeyModel) (appKeyModel, bool) {
	k, ok := f.find(ctx, state)
	if !ok || !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(f.data().Inventory().ServerNow()) {
		return state, false
	}
	return keyFromAPI(k, state, serverDefaults{}), true
}

// find finds the key of a state, in an app that the plan does not recreate.
func (f fastKey) find(ctx context.Context, state appKeyModel) (k clarifai.Key, ok bool) {
	inv := f.data().Inventory()
	if inv == nil {
		return k, false
	}
	f.data().NoteKey(state.ref(), func(k *run.Key) { k.Held = true })
	k, err := inv.Key(ctx, state.ref(), inventory.Checked)
	if err != nil {
		return k, false
	}
	if f.data().App(k.Ref().AppRef()).Recreated {
		return k, false
	}
	f.data().NoteKey(k.Ref(), func(k *run.Key) { k.Read = true })
	noteExpiry(f.data(), k)
	return k, true
}

// PlanKeepsState reports false for a key that expires soon, or has another owner than
// the provider's user, about which ModifyPlan has something to say, and where the
// default of store_key would change the plan: the state is false and the
// configuration no longer sets it, where another address destroys the key, and where a
// set of exclusive keys leaves it out.
func (f fastKey) PlanKeepsState(state appKeyModel, config func() (appKeyModel, bool)) (fastpath.Notes, bool) {
	return f.keepsState(state, config, state.ref())
}

// keepsState is PlanKeepsState for a resource that has these keys, the current one first.
func (f fastKey) keepsState(state appKeyModel, config func() (appKeyModel, bool), refs ...key.Ref) (fastpath.Notes, bool) {
	if f.data().Inventory() == nil || len(f.data().PlanKeys(false, refs...)) > 0 {
		return nil, false
	}
	if _, clash := f.data().PlanKey(run.KeyPlan{App: refs[0].AppRef(), IDs: refs}); clash != run.NoClash {
		return nil, false
	}
	expires := !state.ExpiresAt.IsNull() && f.data().Key(state.ref()).Left > 0
	another, storeless := f.data().OwnerDiffers(state.UserID.ValueString()), !state.StoreKey.ValueBool()
	if expires || another || storeless {
		c, ok := config()
		if !ok || expires && c.ExpiresAt.IsNull() || another && c.UserID.IsNull() || storeless && c.StoreKey.IsNull() {
			return nil, false
		}
	}
	note, err := json.Marshal(refs[0])
	return fastpath.Notes{string(notePriorKey): note}, err == nil
}

// ConfigIsValid is ValidateConfig's.
func (fastKey) ConfigIsValid(_ context.Context, config appKeyModel) bool {
	var diags diag.Diagnostics
	key.CheckLimits(config.Scopes, config.Endpoints, &diags)
	return len(diags) == 0
}

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

// PlanKeepsState reports false for what fastKey does, for a key whose rotation has no date
// yet, where the previous key was revoked by an apply that failed later, and where it may
// do more than the current one.
func (f fastRotatingKey) PlanKeepsState(state rotatingKeyModel, config func() (rotatingKeyModel, bool)) (fastpath.Notes, bool) {
	refs := state.allKeys()
	if state.NextRotationAt.IsNull() || state.RotatedAt.IsNull() || f.data().Inventory() == nil || hasWrongClock(f.data()) ||
		state.hasPrevious() && !slices.Contains(key.IDs(refs), state.PreviousID.ValueString()) {
		return nil, false
	}
	for _, ref := range refs[1:] {
		k := f.data().Inventory().Record(ref).Key
		held := keyFromAPI(k, state.appKeyModel, serverDefaults{})
		if scopes, endpoints := beyond(&state.appKeyModel, &held); k.Fingerprint != "" && len(scopes)+len(endpoints) > 0 {
			return nil, false
		}
	}
	return f.keepsState(state.appKeyModel, func() (appKeyModel, bool) {
		c, ok := config()
		return c.appKeyModel, ok
	}, refs...)
}

// ConfigIsValid is ValidateConfig's.
func (f fastRotatingKey) ConfigIsValid(ctx context.Context, config rotatingKeyModel) bool {
	var diags diag.Diagnostics
	validateSchedule(config.RotationPeriod, config.Overlap, config.RotationSpread, &diags)
	return len(diags) == 0 && f.fastKey.ConfigIsValid(ctx, config.appKeyModel)
}
