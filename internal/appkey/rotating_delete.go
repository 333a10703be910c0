package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// Delete revokes every living key, also one that a killed run has left.
func (r *rotatingAppKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rotatingKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if err := revokeManaged(ctx, inv, state.appKeyModel); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
	for _, k := range state.retiring(nil) {
		if err := revokeRetired(ctx, inv, state, k.Ref); err != nil {
			advice.AddError(&resp.Diagnostics, "delete app key", "key "+k.ID(), err)
		}
	}
	deleteSuccessors(ctx, inv, state, &resp.Diagnostics)
}

// deleteSuccessors revokes the successors of a state's keys. It only warns about what
// it cannot find out: nothing is to block a destroy.
func deleteSuccessors(ctx context.Context, inv *inventory.Inventory, state rotatingKeyModel, diags *diag.Diagnostics) {
	ref := state.ref()
	keys, err := inv.AppKeys(ctx, ref.AppRef(), inventory.Checked)
	if errors.Is(err, inventory.ErrGone) {
		return
	}
	if err != nil {
		diags.AddWarning("App keys may be left", "Whether a run that was killed has left a key in the app "+ref.App()+" could not be checked: "+err.Error()+
			". If so, its description ends in \"(after "+ref.Fingerprint+")\": delete it in Clarifai.")
		return
	}
	found := state.successorsAmong(keys)
	for _, k := range append(found.ofCurrent, found.ofOthers...) {
		if err := inv.DeleteKey(ctx, k.Ref(), k.Value); err != nil {
			advice.AddError(diags, "delete app key", "key "+k.ID(), err)
		}
	}
}

// successors are keys that no state holds although their mark says that they succeed
// a key of this resource: of a run that was killed between the POST and the state, or
// of an attempt that Clarifai carried out after it was given up. A mark that names one of
// these very keys is not there by chance.
type successors struct {
	ofCurrent []clarifai.Key // oldest first
	ofOthers  []clarifai.Key // of keys before it, which never came into use
}

// successorsAmong returns the successors among the keys of an app.
func (m rotatingKeyModel) successorsAmong(keys []clarifai.Key) (s successors) {
	own := map[string]bool{}
	for _, id := range stringsOf(m.KeyIDs) {
		if ref, ok := key.RefOf(id); ok {
			own[ref.Fingerprint] = true
		}
	}
	for _, k := range keys {
		_, predecessor := key.CutSuccessorMark(k.Description)
		switch {
		case own[k.Fingerprint] || !own[predecessor]:
		case predecessor == m.Fingerprint.ValueString():
			s.ofCurrent = append(s.ofCurrent, k)
		default:
			s.ofOthers = append(s.ofOthers, k)
		}
	}
	return s
}
