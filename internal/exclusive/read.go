package exclusive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Read shows the other keys of the app. It sends no request beyond those that the
// app's keys in the same plan need.
func (r *exclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state exclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	revoked := noteRevoked.Get(ctx, req.Private, &resp.Diagnostics)
	inv, ok := r.Account(ctx, &state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	living, err := livingKeys(ctx, inv, state)
	if newID, moved := clarifai.IsMoved(err); moved && newID != "" { // the app's own refresh says so
		state.AppID = types.StringValue(newID)
		living, err = livingKeys(ctx, inv, state)
	}
	_, moved := clarifai.IsMoved(err)
	if moved || errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app keys", "app "+state.app(), err)
		return
	}
	others, marked := appKeys{living: living, kept: state.kept(), revoked: revoked, now: inv.ServerNow()}.sort()
	warnShared(inv, state, &resp.Diagnostics)
	warnMarked(inv, state, r.notHeld(marked), &resp.Diagnostics)
	state.OtherKeys = otherKeysFromAPI(inv, r.notHeld(others))
	r.Data().NoteApp(state.ref(), func(a *run.App) { a.SetsRead++ })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// notHeld returns the keys that no resource of this run holds or has just created. One that
// does revokes its keys itself: a rotating key has more of them than the one that key_ids
// may refer to.
func (r *exclusiveResource) notHeld(keys []clarifai.Key) []clarifai.Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k clarifai.Key) bool {
		return r.Data().Key(k.Ref()).IsHeld() || r.Data().Inventory().Record(k.Ref()).KeyCreated
	})
}

// warnShared names the keys of the app that give access to others as well, unless key_ids
// does.
func warnShared(inv *inventory.Inventory, m exclusiveModel, diags *diag.Diagnostics) {
	kept := m.kept()
	shared := slices.DeleteFunc(inv.SharedKeys(m.ref()), func(k clarifai.Key) bool { return kept[k.Fingerprint] })
	key.WarnShared(diags, inv, m.app(), shared)
}

// livingKeys returns the keys of the app as the listings of this plan have them, those
// included that give access to other apps as well.
func livingKeys(ctx context.Context, inv *inventory.Inventory, m exclusiveModel) ([]clarifai.Key, error) {
	if len(m.KeyIDs.Elements()) == 0 {
		// Without keys, the app's own listing would be a request that nothing else needs.
		keys, err := inv.AppKeys(ctx, m.ref(), inventory.Listed)
		if err == nil && len(keys) == 0 {
			_, err = inv.App(ctx, m.ref(), inventory.Checked)
		}
		if !clarifai.IsNotFound(err) {
			return withShared(inv, m, keys), err
		}
	}
	keys, err := inv.AppKeys(ctx, m.ref(), inventory.Checked)
	if err == nil && m.losesAll(keys) { // the account's listing may lack some
		keys, err = inv.AppKeys(ctx, m.ref(), inventory.Itself)
	}
	return withShared(inv, m, keys), err
}

func withShared(inv *inventory.Inventory, m exclusiveModel, keys []clarifai.Key) []clarifai.Key {
	return append(keys, inv.SharedKeys(m.ref())...)
}

// warnMarked names the keys that are left alone because of a mark. A temporary key
// that this run created is none of them: it is known to be one.
func warnMarked(inv *inventory.Inventory, m exclusiveModel, marked []clarifai.Key, diags *diag.Diagnostics) {
	marked = slices.DeleteFunc(marked, func(k clarifai.Key) bool { return inv.Record(k.Ref()).KeyCreated })
	if len(marked) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("other_keys"), "App keys of "+m.app()+" are left alone", fmt.Sprintf(
		"The app %s has keys that key_ids does not name, and whose descriptions mark them as temporary keys of a "+
			"Terraform run or as part of a rotation:\n%s\n\nThis resource does not revoke them. Anyone can write such a "+
			"description: if you do not know a key, delete it in Clarifai.", m.app(), key.Names(inv, marked)))
}
