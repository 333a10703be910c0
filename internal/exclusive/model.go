package exclusive

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// exclusiveModel is the state of clarifai_app_keys_exclusive.
type exclusiveModel struct {
	AppID     types.String `tfsdk:"app_id"`
	UserID    types.String `tfsdk:"user_id"`
	KeyIDs    types.Set    `tfsdk:"key_ids"`
	AllowNone types.Bool   `tfsdk:"allow_none"`
	OtherKeys types.Map    `tfsdk:"other_keys"`
}

// appIdentityModel identifies what there is one of per app.
type appIdentityModel struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
}

func (m exclusiveModel) identity() appIdentityModel {
	return appIdentityModel{UserID: m.UserID, AppID: m.AppID}
}

func (m exclusiveModel) ref() clarifai.AppRef {
	return clarifai.AppRef{UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString()}
}

// app returns the app with its owner, as messages name it.
func (m exclusiveModel) app() string { return m.ref().String() }

// fingerprints are those of a set of keys.
type fingerprints map[string]bool

func fingerprintsIn(ids []string) fingerprints {
	f := fingerprints{}
	for _, id := range ids {
		if ref, ok := key.RefOf(id); ok {
			f[ref.Fingerprint] = true
		}
	}
	return f
}

// kept returns the keys of key_ids that are known.
func (m exclusiveModel) kept() fingerprints { return fingerprintsIn(base.Strings(m.KeyIDs)) }

func (m exclusiveModel) others() fingerprints {
	return fingerprintsIn(slices.Collect(maps.Keys(m.OtherKeys.Elements())))
}

// othersBut returns the lines of a message about the keys of other_keys that are not
// among those to be kept.
func (m exclusiveModel) othersBut(kept fingerprints) (lines []string) {
	for id, description := range m.OtherKeys.Elements() {
		text, isString := description.(types.String)
		if ref, ok := key.RefOf(id); ok && isString && !kept[ref.Fingerprint] {
			lines = append(lines, "  "+key.Described(id, text.ValueString()))
		}
	}
	slices.Sort(lines)
	return lines
}

// leavesAppOf reports whether the app is known to be another one than in a state.
func (m exclusiveModel) leavesAppOf(state exclusiveModel) bool {
	differs := func(next, prior types.String) bool { return !next.IsUnknown() && !next.Equal(prior) }
	return differs(m.AppID, state.AppID) || differs(m.UserID, state.UserID)
}

// losesAll reports whether other keys of the app are alive, but none of key_ids.
func (m exclusiveModel) losesAll(living []clarifai.Key) bool {
	kept := m.kept()
	isKept := func(k clarifai.Key) bool { return kept[k.Fingerprint] }
	return len(kept) > 0 && len(living) > 0 && !slices.ContainsFunc(living, isKept)
}

// checkKeyIDs adds an error for what key_ids must not be: empty, something else
// than IDs of keys, or keys of another app or account. What is unknown, or null
// because the configuration leaves it out, is not checked.
func (m exclusiveModel) checkKeyIDs(diags *diag.Diagnostics) {
	if m.KeyIDs.IsNull() || m.KeyIDs.IsUnknown() {
		return
	}
	if len(m.KeyIDs.Elements()) == 0 && !m.AllowNone.IsUnknown() && !m.AllowNone.ValueBool() {
		diags.AddAttributeError(path.Root("key_ids"), "No key is kept",
			"key_ids is empty, so all keys of the app would be revoked sooner or later. If that is what you want, set allow_none = true; else "+
				"add the IDs of the keys to keep.")
	}
	key.ParseIDs(m.KeyIDs, m.UserID, m.AppID, diags)
}

// otherKeysFromAPI returns other_keys for these keys. Anyone can write anything
// into a description, so what looks like a key in it is left out.
func otherKeysFromAPI(inv *inventory.Inventory, keys []clarifai.Key) types.Map {
	others := map[string]attr.Value{}
	for _, k := range keys {
		others[k.ID()] = types.StringValue(key.ShownDescription(inv, k))
	}
	return types.MapValueMust(types.StringType, others)
}
