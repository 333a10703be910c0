package appkey

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// importForms is for error texts, which must not repeat the given ID: it may be
// a key.
const importForms = "An app key is imported by its ID, user_id/app_id/fingerprint, or by user_id/app_id/description=TEXT if exactly one key of the app has that description. " +
	"Append \",store_key=false\" to either to keep the secret out of the state."

// importTarget is a parsed import ID.
type importTarget struct {
	keyRef
	Description   string // instead of the fingerprint
	ByDescription bool
	StoreKey      bool
}

// isDescribedBy reports whether a key has the target's description, with or without
// a successor's mark.
func (t importTarget) isDescribedBy(k clarifai.Key) bool {
	text, _ := cutSuccessorMark(k.Description)
	return text == t.Description || k.Description == t.Description
}

// rawKeyError says that an import ID holds a key instead of a fingerprint.
type rawKeyError struct {
	key           clarifai.Secret
	userID, appID string // empty if the ID does not hold them
}

// Error does not repeat the key.
func (e *rawKeyError) Error() string { return "the import ID holds a key" }

var (
	errImportForm      = errors.New("the import ID has none of the known forms")
	fingerprintPattern = regexp.MustCompile(`^[0-9a-f]{16}$`)
	rawKeyPattern      = regexp.MustCompile(`^[A-Za-z0-9]{20,}$`)
)

// parseImportID reads an import ID. Its errors repeat nothing of it.
func parseImportID(id string) (importTarget, error) {
	target := importTarget{StoreKey: true}
	for suffix, store := range map[string]bool{",store_key=false": false, ",store_key=true": true} {
		if rest, ok := strings.CutSuffix(id, suffix); ok {
			id, target.StoreKey = rest, store
			break
		}
	}
	parts := strings.SplitN(id, "/", 3)
	last := parts[len(parts)-1]
	if rawKeyPattern.MatchString(last) && !(len(parts) == 3 && fingerprintPattern.MatchString(last)) {
		e := &rawKeyError{key: clarifai.Secret(last)}
		if len(parts) == 3 {
			e.userID, e.appID = parts[0], parts[1]
		}
		return importTarget{}, e
	}
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return importTarget{}, errImportForm
	}
	target.UserID, target.AppID = parts[0], parts[1]
	if text, ok := strings.CutPrefix(last, "description="); ok && text != "" {
		target.Description, target.ByDescription = text, true
		return target, nil
	}
	if !fingerprintPattern.MatchString(last) {
		return importTarget{}, errImportForm
	}
	target.Fingerprint = last
	return target, nil
}

// parseKeyID reads an ID of the form user_id/app_id/fingerprint. The error does
// not repeat it: it may be a key.
func parseKeyID(id string, diags *diag.Diagnostics) (keyRef, bool) {
	target, err := parseImportID(id)
	if err == nil && !target.ByDescription && target.StoreKey {
		return target.keyRef, true
	}
	detail := "The ID of an app key is not of the form user_id/app_id/fingerprint, where the fingerprint is the first 16 hex digits of the SHA-256 of the key. It is never the key itself."
	if raw, ok := errors.AsType[*rawKeyError](err); ok {
		detail += " The given value looks like a key: its fingerprint is " + raw.key.Fingerprint() + "."
	}
	// Not an error of the attribute: for one, Terraform shows the line of the
	// configuration that sets it.
	diags.AddError("Invalid app key ID", detail)
	return keyRef{}, false
}

// importTargetOf returns what a request asks to import. Without success it adds
// an error.
func importTargetOf(ctx context.Context, inv *inventory.Inventory, req resource.ImportStateRequest, diags *diag.Diagnostics) (target importTarget) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		if !fingerprintPattern.MatchString(identity.Fingerprint.ValueString()) {
			diags.AddError("Invalid identity", "The identity's fingerprint is not 16 hex digits: it is the first 16 hex digits of the SHA-256 of the key, never the key itself.")
		}
		ref := keyRef{UserID: identity.UserID.ValueString(), AppID: identity.AppID.ValueString(), Fingerprint: identity.Fingerprint.ValueString()}
		return importTarget{keyRef: ref, StoreKey: true}
	}
	target, err := parseImportID(req.ID)
	switch {
	case err != nil:
		addImportError(ctx, inv, err, diags)
	case target.ByDescription:
		var more diag.Diagnostics
		target.Fingerprint, more = fingerprintByDescription(ctx, inv, target)
		diags.Append(more...)
	}
	return target
}

// checkImport adds an error if there is no key to import.
func checkImport(ctx context.Context, inv *inventory.Inventory, ref keyRef, diags *diag.Diagnostics) {
	_, err := inv.FindKeyAfresh(ctx, ref.UserID, ref.AppID, ref.Fingerprint)
	if errors.Is(err, inventory.ErrGone) {
		_, err = inv.FindApp(ctx, ref.UserID, ref.AppID)
		switch {
		case err == nil:
			diags.AddError("Cannot import app key", "The app "+ref.app()+" has no key with the fingerprint "+ref.Fingerprint+".")
			return
		case errors.Is(err, inventory.ErrGone):
			diags.AddError("Cannot import app key", fmt.Sprintf("%s has no app %q.", ref.UserID, ref.AppID))
			return
		}
	}
	if err != nil {
		advice.AddError(diags, "import app key", "key "+ref.id(), err)
	}
}

// addImportError explains what is wrong with an import ID without repeating it.
// For a raw key it gives the ID to use instead, which has the key's fingerprint.
func addImportError(ctx context.Context, inv *inventory.Inventory, err error, diags *diag.Diagnostics) {
	raw, ok := errors.AsType[*rawKeyError](err)
	if !ok {
		diags.AddError("Invalid import ID", "The import ID has none of the known forms. "+importForms)
		return
	}
	fingerprint := raw.key.Fingerprint()
	use := "USER_ID/APP_ID/" + fingerprint
	if raw.appID != "" {
		use = raw.userID + "/" + raw.appID + "/" + fingerprint
	} else if found, ok := findInAccount(ctx, inv, fingerprint); ok {
		use = found.ID()
	}
	diags.AddError("The import ID is a key",
		"The given import ID looks like a key itself. Terraform prints import IDs, so a key must not be one: this key has already been shown, consider replacing it. "+
			"Import it as "+use+" instead. "+importForms)
}

// findInAccount finds a key in the account of the provider's user.
func findInAccount(ctx context.Context, inv *inventory.Inventory, fingerprint string) (clarifai.Key, bool) {
	user, err := inv.UserID(ctx)
	if err != nil {
		return clarifai.Key{}, false
	}
	keys, err := inv.AccountKeys(ctx, user)
	if err != nil {
		return clarifai.Key{}, false
	}
	for _, k := range keys {
		if k.Fingerprint == fingerprint {
			return k, true
		}
	}
	return clarifai.Key{}, false
}

// newestRotated returns the newest of keys, which are in the order of their creation,
// if they are one rotating key and its successors: all but one have a mark.
func newestRotated(keys []clarifai.Key) []clarifai.Key {
	var newest []clarifai.Key
	unmarked := 0
	for _, k := range keys {
		if _, predecessor := cutSuccessorMark(k.Description); predecessor == "" {
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
// that has the target's description, or of the newest one of a rotating key. Where there is none in what was read before,
// it asks the app afresh: another process may have created it since.
func fingerprintByDescription(ctx context.Context, inv *inventory.Inventory, target importTarget) (fingerprint string, diags diag.Diagnostics) {
	const summary = "Cannot find app key"
	keys, err := inv.AppKeysDirect(ctx, target.UserID, target.AppID)
	if err == nil && !slices.ContainsFunc(keys, target.isDescribedBy) || errors.Is(err, inventory.ErrGone) {
		keys, err = inv.AppKeysAfresh(ctx, target.UserID, target.AppID)
	}
	if errors.Is(err, inventory.ErrGone) {
		diags.AddError(summary, target.UserID+" has no app "+target.AppID+". Check the IDs.")
		return "", diags
	}
	if err != nil {
		advice.AddError(&diags, "list app keys", "app "+target.app(), err)
		return "", diags
	}
	var (
		found, all []string
		matching   []clarifai.Key
	)
	for _, k := range keys {
		all = append(all, k.ID())
		if target.isDescribedBy(k) {
			matching = append(matching, k)
		}
	}
	for _, k := range newestRotated(matching) {
		found, fingerprint = append(found, k.ID()), k.Fingerprint
	}
	// The description may be sensitive, which a provider cannot see.
	switch {
	case len(found) == 1:
		return fingerprint, diags
	case len(all) == 0:
		diags.AddError(summary, "No key has the description asked for: the app "+target.app()+" has no keys.")
	case len(found) == 0:
		diags.AddError(summary, "No key of the app "+target.app()+" has the description asked for. Its keys are "+strings.Join(all, ", ")+".")
	default:
		diags.AddError(summary, "Several keys have the description asked for: "+strings.Join(found, ", ")+". Use one of these IDs.")
	}
	return "", diags
}

// ImportState imports by an ID in one of the forms of parseImportID, or by
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
	if target.UserID, ok = r.User(ctx, inv, types.StringValue(target.UserID), &resp.Diagnostics); !ok {
		return
	}
	if checkImport(ctx, inv, target.keyRef, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]any{
		"id": target.id(), "user_id": target.UserID, "app_id": target.AppID, "fingerprint": target.Fingerprint, "store_key": target.StoreKey,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, []byte("true"))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, target.identity())...)
}
