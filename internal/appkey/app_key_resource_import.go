package appkey

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// importForms is for error texts, which must not repeat what was given: it may be a key.
const importForms = "A key is imported by its id, user_id/app_id/fingerprint, or by user_id/app_id/description=TEXT where exactly one key of the app has that description. " +
	"\",store_key=false\" behind either keeps the secret out of the state."

// wanted is a parsed import id.
type wanted struct {
	UserID, AppID string
	Fingerprint   string // or
	Description   string
	ByDescription bool
	StoreKey      bool
}

// rawKeyError says that an import id holds a key instead of a fingerprint.
type rawKeyError struct {
	key           clarifai.Secret
	userID, appID string // as far as the id said
}

func (e *rawKeyError) Error() string { return "the import id holds a key" }

var (
	errImportForm = errors.New("the import id has none of the known forms")
	printForm     = regexp.MustCompile(`^[0-9a-f]{16}$`)
	rawKeyForm    = regexp.MustCompile(`^[A-Za-z0-9]{20,}$`)
)

// parseImportID reads an import id. Its errors repeat nothing of it.
func parseImportID(id string) (wanted, error) {
	w := wanted{StoreKey: true}
	for suffix, store := range map[string]bool{",store_key=false": false, ",store_key=true": true} {
		if rest, ok := strings.CutSuffix(id, suffix); ok {
			id, w.StoreKey = rest, store
			break
		}
	}
	parts := strings.SplitN(id, "/", 3)
	last := parts[len(parts)-1]
	if rawKeyForm.MatchString(last) && !(len(parts) == 3 && printForm.MatchString(last)) {
		e := &rawKeyError{key: clarifai.Secret(last)}
		if len(parts) == 3 {
			e.userID, e.appID = parts[0], parts[1]
		}
		return wanted{}, e
	}
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return wanted{}, errImportForm
	}
	w.UserID, w.AppID = parts[0], parts[1]
	if text, ok := strings.CutPrefix(last, "description="); ok && text != "" {
		w.Description, w.ByDescription = text, true
		return w, nil
	}
	if !printForm.MatchString(last) {
		return wanted{}, errImportForm
	}
	w.Fingerprint = last
	return w, nil
}

// ImportState takes an id in one of the forms above, or an identity.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	w := wanted{StoreKey: true}
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var who identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &who)...)
		w.UserID, w.AppID, w.Fingerprint = who.UserID.ValueString(), who.AppID.ValueString(), who.Fingerprint.ValueString()
		if !printForm.MatchString(w.Fingerprint) {
			resp.Diagnostics.AddError("Invalid identity", "The identity's fingerprint is not 16 hex digits: it is the first 16 hex digits of the SHA-256 of the key, never the key itself.")
		}
	} else {
		var err error
		if w, err = parseImportID(req.ID); err != nil {
			refuseImport(ctx, inv, err, &resp.Diagnostics)
		}
	}
	if w.ByDescription && !resp.Diagnostics.HasError() {
		w.Fingerprint = byDescription(ctx, inv, w.UserID, w.AppID, w.Description, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if w.UserID, ok = r.User(ctx, inv, types.StringValue(w.UserID), &resp.Diagnostics); !ok {
		return
	}
	id := clarifai.Key{UserID: w.UserID, AppID: w.AppID, Fingerprint: w.Fingerprint}.ID()
	for name, value := range map[string]any{"id": id, "user_id": w.UserID, "app_id": w.AppID, "fingerprint": w.Fingerprint, "store_key": w.StoreKey} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, []byte("true"))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{
		UserID: types.StringValue(w.UserID), AppID: types.StringValue(w.AppID), Fingerprint: types.StringValue(w.Fingerprint),
	})...)
}

// refuseImport explains without repeating the id. For a raw key it gives the
// id to use instead, from the key's fingerprint.
func refuseImport(ctx context.Context, inv *inventory.Inventory, err error, diags *diag.Diagnostics) {
	var raw *rawKeyError
	if !errors.As(err, &raw) {
		diags.AddError("Invalid import id", "The import id has none of the known forms. "+importForms)
		return
	}
	print := raw.key.Fingerprint()
	use := "USER_ID/APP_ID/" + print
	if raw.appID != "" {
		use = raw.userID + "/" + raw.appID + "/" + print
	} else if found, ok := locate(ctx, inv, print); ok {
		use = found.ID()
	}
	diags.AddError("The import id is a key",
		"What was given as import id looks like a key itself. Terraform prints import ids, so a key must not be one: this one has been shown already, consider replacing it. "+
			"Import it as "+use+" instead. "+importForms)
}

// locate finds a key in the account of the provider's user.
func locate(ctx context.Context, inv *inventory.Inventory, print string) (clarifai.Key, bool) {
	user, err := inv.UserID(ctx)
	if err != nil {
		return clarifai.Key{}, false
	}
	keys, err := inv.AccountKeys(ctx, user)
	if err != nil {
		return clarifai.Key{}, false
	}
	for _, k := range keys {
		if k.Fingerprint == print {
			return k, true
		}
	}
	return clarifai.Key{}, false
}

// byDescription gives the fingerprint of the one key of an app that has the description.
func byDescription(ctx context.Context, inv *inventory.Inventory, user, app, description string, diags *diag.Diagnostics) string {
	keys, err := inv.AppKeysDirect(ctx, user, app)
	if errors.Is(err, inventory.ErrGone) {
		diags.AddError("No such app", user+" has no app "+app+". Check the ids.")
		return ""
	}
	if err != nil {
		addError(diags, "listing the keys of", "app "+user+"/"+app, err)
		return ""
	}
	var found, all []string
	print := ""
	for _, k := range keys {
		all = append(all, k.ID())
		if k.Description == description {
			found, print = append(found, k.ID()), k.Fingerprint
		}
	}
	switch {
	case len(found) == 1:
		return print
	case len(found) == 0 && len(all) == 0:
		diags.AddError("No key has this description", "The app "+user+"/"+app+" has no keys.")
	case len(found) == 0:
		diags.AddError("No key has this description", "No key of app "+user+"/"+app+" has the description "+inv.Redact(quote(description))+". Its keys are "+strings.Join(all, ", ")+".")
	default:
		diags.AddError("Several keys have this description", "The description "+inv.Redact(quote(description))+" belongs to "+strings.Join(found, ", ")+". Use one of these ids.")
	}
	return ""
}

func quote(s string) string { return "\"" + s + "\"" }
