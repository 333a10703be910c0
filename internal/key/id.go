package key

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Target is a parsed import ID.
type Target struct {
	Ref
	Description   string // instead of the fingerprint
	ByDescription bool
	StoreKey      bool
}

// IsDescribedBy reports whether a key has the target's description, with or without
// a successor's mark.
func (t Target) IsDescribedBy(k clarifai.Key) bool {
	text, _ := CutSuccessorMark(k.Description)
	return text == t.Description || k.Description == t.Description
}

// RawKeyError says that an import ID holds a key instead of a fingerprint.
type RawKeyError struct {
	Key           clarifai.Secret
	UserID, AppID string // empty if the ID does not hold them
}

// Error does not repeat the key.
func (e *RawKeyError) Error() string { return "the import ID holds a key" }

var (
	errImportForm      = errors.New("the import ID has none of the known forms")
	fingerprintPattern = regexp.MustCompile(`^[0-9a-f]{16}$`)
	rawKeyPattern      = regexp.MustCompile(`^[A-Za-z0-9]{20,}$`)
)

// ParseImportID reads an import ID. Its errors repeat nothing of it.
func ParseImportID(id string) (Target, error) {
	target := Target{StoreKey: true}
	for suffix, store := range map[string]bool{",store_key=false": false, ",store_key=true": true} {
		if rest, ok := strings.CutSuffix(id, suffix); ok {
			id, target.StoreKey = rest, store
			break
		}
	}
	parts := strings.SplitN(id, "/", 3)
	last := parts[len(parts)-1]
	if rawKeyPattern.MatchString(last) {
		e := &RawKeyError{Key: clarifai.Secret(last)}
		if len(parts) == 3 {
			e.UserID, e.AppID = parts[0], parts[1]
		}
		return Target{}, e
	}
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return Target{}, errImportForm
	}
	target.UserID, target.AppID = parts[0], parts[1]
	if text, ok := strings.CutPrefix(last, "description="); ok && text != "" {
		target.Description, target.ByDescription = text, true
		return target, nil
	}
	if !fingerprintPattern.MatchString(last) {
		return Target{}, errImportForm
	}
	target.Fingerprint = last
	return target, nil
}

// ParseID reads an ID of the form user_id/app_id/fingerprint. The error does
// not repeat it: it may be a key.
func ParseID(id string, diags *diag.Diagnostics) (Ref, bool) {
	if ref, ok := RefOf(id); ok {
		return ref, true
	}
	detail := "The ID of an app key is not of the form user_id/app_id/fingerprint, where the fingerprint is the first 16 hex digits of " +
		"the SHA-256 of the key. It is never the key itself."
	_, err := ParseImportID(id)
	if raw, ok := errors.AsType[*RawKeyError](err); ok {
		detail += " The given value looks like a key: its fingerprint is " + raw.Key.Fingerprint() + "."
	}
	// Not an error of the attribute: for one, Terraform shows the line of the
	// configuration that sets it.
	diags.AddError("Invalid app key ID", detail)
	return Ref{}, false
}

// ParseIDs reads the known IDs of a set, which are those of keys of one app. It adds an
// error for what is none, and for a key of another app or account.
func ParseIDs(set types.Set, userID, appID types.String, diags *diag.Diagnostics) (refs []Ref) {
	for _, element := range set.Elements() {
		id, ok := element.(types.String)
		if !ok || id.IsUnknown() {
			continue
		}
		ref, ok := ParseID(id.ValueString(), diags)
		if !ok {
			continue
		}
		refs = append(refs, ref)
		if isOther(appID, ref.AppID) || isOther(userID, ref.UserID) {
			owner := userID.ValueString()
			if owner == "" {
				owner = ref.UserID
			}
			diags.AddError("Key of another app", clarifai.Escape(clarifai.RedactKeys( // a key may be in the place of an app
				"The key "+ref.ID()+" is not one of the app "+owner+"/"+appID.ValueString()+". No key is revoked: correct the ID, app_id or user_id.")))
		}
	}
	return refs
}

// isOther reports whether an attribute is set to another value.
func isOther(attribute types.String, value string) bool {
	return !attribute.IsNull() && !attribute.IsUnknown() && attribute.ValueString() != value
}

// RefOf returns what an ID of the form user_id/app_id/fingerprint names. An import ID
// that has more than that, such as ",store_key=true", is none.
func RefOf(id string) (Ref, bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || !IsFingerprint(parts[2]) {
		return Ref{}, false
	}
	return Ref{UserID: parts[0], AppID: parts[1], Fingerprint: parts[2]}, true
}

// IsFingerprint reports whether a text has the form of a fingerprint.
func IsFingerprint(text string) bool { return fingerprintPattern.MatchString(text) }

// NewIDFunction returns the function app_key_id.
func NewIDFunction() function.Function {
	return base.NewFunction("app_key_id", keyIDDefinition(), keyID)
}

// shortestKey is how long a key is at least. Published ones have 32 characters, which
// Clarifai does not promise; a fingerprint has 16.
const shortestKey = 20

func keyIDDefinition() function.Definition {
	return function.Definition{
		Summary: "Returns the non-secret ID of a key",
		MarkdownDescription: "Returns `user_id/app_id/fingerprint` of a key that you already have, for import blocks and for lookups. It " +
			"sends no request. " +
			"The result is not a secret, but Terraform marks it as sensitive if the key is: in that case, wrap it in `nonsensitive()`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "user_id", MarkdownDescription: "Owner of the app."},
			function.StringParameter{Name: "app_id", MarkdownDescription: "App that the key gives access to."},
			function.StringParameter{Name: "key", MarkdownDescription: "The key itself."},
		},
		Return: function.StringReturn{},
	}
}

// keyID computes the ID. Its errors do not repeat the key.
func keyID(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var user, app, secret string
	if resp.Error = req.Arguments.Get(ctx, &user, &app, &secret); resp.Error != nil {
		return
	}
	fail := func(argument int64, problem string) { resp.Error = function.NewArgumentFuncError(argument, problem) }
	switch {
	case base.IsAlias(user):
		fail(0, "user_id is \"me\", Clarifai's alias for the owner of the PAT, which is in no ID; pass the owner's ID, which Clarifai's "+
			"settings show")
	case !base.IsOwnerID(user):
		fail(0, "user_id is empty, or has a slash or a space; pass the ID alone")
	case !base.IsAppID(app):
		fail(1, "app_id is empty, or has other characters than letters, digits, '-' and '_'; pass the ID alone")
	case strings.TrimSpace(secret) != secret || secret == "" || strings.Contains(secret, "/"):
		fail(2, "key is empty, has spaces around it or has a slash; pass the key itself")
	case len(secret) < shortestKey:
		fail(2, "key is too short: Clarifai's keys have 32 letters and digits; pass the key itself, not its fingerprint or its description")
	default:
		resp.Error = resp.Result.Set(ctx, Ref{UserID: user, AppID: app, Fingerprint: clarifai.Secret(secret).Fingerprint()}.ID())
	}
}
