package appkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// importForms is for error texts, which must not repeat the given ID: it may be
// a key.
const importForms = "An app key is imported by its ID, user_id/app_id/fingerprint, or by user_id/app_id/description=TEXT if exactly " +
	"one key of the app has that description. " +
	"Append \",store_key=false\" to either to keep the secret out of the state."

// importTargetOf returns what a request asks to import. Without success it adds
// an error.
func importTargetOf(ctx context.Context, inv *inventory.Inventory, req resource.ImportStateRequest, diags *diag.Diagnostics) (target key.Target) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		if !key.IsFingerprint(identity.Fingerprint.ValueString()) {
			diags.AddError("Invalid identity", "The identity's fingerprint is not 16 hex digits: it is the first 16 hex digits of the SHA-256 "+
				"of the key, never the key itself.")
		}
		ref := key.Ref{UserID: identity.UserID.ValueString(), AppID: identity.AppID.ValueString(), Fingerprint: identity.Fingerprint.ValueString()}
		return key.Target{Ref: ref, StoreKey: true}
	}
	target, err := key.ParseImportID(req.ID)
	switch {
	case err != nil:
		addImportError(ctx, inv, err, diags)
	case target.ByDescription:
		target.Fingerprint = fingerprintByDescription(ctx, inv, target, diags)
	}
	return target
}

// checkImport returns the key to import. If there is none, it adds an error.
func checkImport(ctx context.Context, inv *inventory.Inventory, ref key.Ref, diags *diag.Diagnostics) (k clarifai.Key, ok bool) {
	k, err := inv.Key(ctx, ref, inventory.Now)
	if err == nil && k.AppID != ref.AppID {
		if _, gone := inv.App(ctx, ref.AppRef(), inventory.Checked); errors.Is(gone, inventory.ErrGone) {
			diags.AddError("Cannot import app key", fmt.Sprintf(
				"%s has no app %q: the key is in the app %s. Import it as %s.", ref.UserID, ref.AppID, k.Ref().App(), k.ID()))
			return k, false
		}
	}
	if errors.Is(err, inventory.ErrGone) {
		if _, err := inv.App(ctx, ref.AppRef(), inventory.Checked); err != nil {
			advice.App{AppRef: ref.AppRef()}.AddError(diags, "import app key", err)
			return k, false
		}
		diags.AddError("Cannot import app key", "The app "+ref.App()+" has no key with the fingerprint "+ref.Fingerprint+".")
		return k, false
	}
	if err != nil {
		advice.AddError(diags, "import app key", "key "+ref.ID(), err)
	}
	return k, err == nil
}

// warnRotationOf warns if the key of an import is part of a rotation of which another key is
// alive. An import takes over one key alone, and cannot see until when others are to live.
func warnRotationOf(ctx context.Context, inv *inventory.Inventory, k clarifai.Key, diags *diag.Diagnostics) {
	warn := func(detail string) { diags.AddWarning("Another key of the rotation of "+k.ID()+" is alive", detail) }
	for _, s := range inv.Record(k.Ref()).Successors {
		warn("The key " + s.ID() + " is alive, and its description says that it succeeds " + k.ID() + ". So another resource or state may " +
			"rotate that key and revoke this one soon. Import " + s.ID() + " instead to take the rotation over. If an interrupted run left it, " +
			"delete it in Clarifai.")
	}
	predecessor := key.Predecessor(k.Description)
	if predecessor == "" {
		return
	}
	before := key.Ref{UserID: k.UserID, AppID: k.AppID, Fingerprint: predecessor}
	if _, err := inv.Key(ctx, before, inventory.Checked); err == nil {
		warn("The key " + before.ID() + " is alive, and the description of " + k.ID() + " says that it succeeds that key. The import takes over " +
			"the one key alone, so Terraform will not revoke the other one: delete it in Clarifai once nothing uses it, unless another resource or " +
			"state manages it.")
	}
}

// addImportError explains what is wrong with an import ID without repeating it.
// For a raw key it gives the ID to use instead, which has the key's fingerprint.
func addImportError(ctx context.Context, inv *inventory.Inventory, err error, diags *diag.Diagnostics) {
	raw, ok := errors.AsType[*key.RawKeyError](err)
	if !ok {
		diags.AddError("Invalid import ID", "The import ID has none of the known forms. "+importForms)
		return
	}
	fingerprint := raw.Key.Fingerprint()
	use := "USER_ID/APP_ID/" + fingerprint
	if raw.AppID != "" {
		use = raw.UserID + "/" + raw.AppID + "/" + fingerprint
	} else if user := inv.Preflight(ctx, "").UserID; user != "" {
		keys, err := inv.AppKeys(ctx, clarifai.AppRef{UserID: user}, inventory.Checked)
		if i := slices.IndexFunc(keys, func(k clarifai.Key) bool { return k.Fingerprint == fingerprint }); err == nil && i >= 0 {
			use = keys[i].ID()
		}
	}
	diags.AddError("The import ID is a key",
		"The given import ID looks like a key itself. Terraform prints import IDs, so this key is in the output of "+
			"this run: replace it once it is imported. Import it as "+use+" instead. "+importForms)
}

// newestRotated returns the newest of keys, which are in the order of their creation,
// if they are one rotating key and its successors: all but one have a mark.
func newestRotated(keys []clarifai.Key) []clarifai.Key {
	var newest []clarifai.Key
	unmarked := 0
	for _, k := range keys {
		if _, predecessor := key.CutSuccessorMark(k.Description); predecessor == "" {
			unmarked++
			continue
		}
		newest = []clarifai.Key{k}
	}
	if unmarked > 1 || newest == nil {
		return keys
	}
	return newest
}

// fingerprintByDescription returns the fingerprint of the only key of an app
// that has the target's description, or of the newest one of a rotating key. Where there is
// none in what was read before, it asks the app afresh: another process may have created it
// since. Without success it adds an error, and returns none.
func fingerprintByDescription(ctx context.Context, inv *inventory.Inventory, target key.Target, diags *diag.Diagnostics) string {
	const summary = "Cannot find app key"
	keys, err := inv.AppKeys(ctx, target.AppRef(), inventory.Itself)
	if err == nil && !slices.ContainsFunc(keys, target.IsDescribedBy) || errors.Is(err, inventory.ErrGone) {
		keys, err = inv.AppKeys(ctx, target.AppRef(), inventory.Now)
	}
	if err != nil {
		advice.App{AppRef: target.AppRef()}.AddError(diags, "find app key", err)
		return ""
	}
	found := newestRotated(slices.DeleteFunc(slices.Clone(keys), func(k clarifai.Key) bool { return !target.IsDescribedBy(k) }))
	// The description may be sensitive, which a provider cannot see.
	switch {
	case len(found) == 1:
		return found[0].Fingerprint
	case len(keys) == 0:
		diags.AddError(summary, "No key has the description asked for: the app "+target.App()+" has no keys.")
	case len(found) == 0:
		diags.AddError(summary,
			"No key of the app "+target.App()+" has the description asked for. Its keys are "+strings.Join(key.IDs(keys), ", ")+". Use one of these IDs.")
	default:
		diags.AddError(summary, "Several keys have the description asked for: "+strings.Join(key.IDs(found), ", ")+". Use one of these IDs.")
	}
	return ""
}

// ImportState imports by an ID in one of the forms of key.ParseImportID, or by
// identity.
func (r *keyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	target := importTargetOf(ctx, inv, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	owner := types.StringValue(target.UserID)
	if _, ok = r.Account(ctx, &owner, &resp.Diagnostics); !ok {
		return
	}
	target.UserID = owner.ValueString()
	k, ok := checkImport(ctx, inv, target.Ref, &resp.Diagnostics)
	if !ok {
		return
	}
	warnRotationOf(ctx, inv, k, &resp.Diagnostics)
	for name, value := range map[string]any{
		"id": target.ID(), "user_id": target.UserID, "app_id": target.AppID, "fingerprint": target.Fingerprint, "store_key": target.StoreKey,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	noteImported.Set(ctx, resp.Private, true, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityOf(target.Ref))...)
}
