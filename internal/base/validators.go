package base

import (
	"context"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const (
	// aliasMe is Clarifai's alias for the owner of the PAT.
	aliasMe = "me"
	// documentedIDLength is the length of app IDs that Clarifai documents.
	documentedIDLength = 32
	// safeDescriptionLength is how many characters Clarifai surely stores.
	safeDescriptionLength = 1000
)

var (
	appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	ownerPattern = regexp.MustCompile(`^[^/ \t\n]+$`)
)

// IsAppID reports whether id consists of the characters that app IDs may have.
func IsAppID(id string) bool { return appIDPattern.MatchString(id) }

// IsOwnerID reports whether id has the form of the ID of a user or organization.
func IsOwnerID(id string) bool { return ownerPattern.MatchString(id) }

// IsAlias reports whether id is Clarifai's alias for the owner of the PAT.
func IsAlias(id string) bool { return id == aliasMe }

// AppID returns the validators of an attribute that refers to an app.
func AppID() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(appIDPattern, "must be an app ID: 1 to 32 letters, digits, '-' and '_'")}
}

// OwnAppID returns the validators of the attribute that names the app itself:
// AppID, and what Clarifai refuses or may refuse as the ID of a new app.
func OwnAppID() []validator.String {
	return append(AppID(), StringValidator{
		Accepts: `value must not be "ids" or "searches" and should have at most 32 characters`,
		Check: func(at path.Path, id string, diags *diag.Diagnostics) {
			switch {
			case id == "ids" || id == "searches":
				diags.AddAttributeError(at, "Invalid app ID",
					fmt.Sprintf("%s is %q, which is a word of Clarifai's API paths: such an app cannot be addressed. Choose another ID.", at, id))
			case len(id) > documentedIDLength:
				diags.AddAttributeWarning(at, "Long app ID",
					fmt.Sprintf(
						"%s is %q, which has %d characters. Clarifai documents at most %d and may refuse it.", at, id, len(id), documentedIDLength))
			}
		},
	})
}

// OwnerID returns the validators of a user_id. The alias "me" is refused
// because answers hold the real ID, so it is not what Terraform reads back.
func OwnerID() []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(ownerPattern, "must be the ID of a user or organization, as Clarifai's settings show it: it has no "+
			"slash and no space"),
		StringValidator{
			Accepts: "value must be the ID of a user or organization, not the alias me",
			Check: func(at path.Path, id string, diags *diag.Diagnostics) {
				if clarifai.IsKeyLike(id) { // not an error of the attribute: Terraform would show the line that sets it
					diags.AddError("Invalid user_id",
						"A value of "+at.String()+" looks like a personal access token or a key, so it is not repeated here. "+
							"It must be the ID of a user or an organization. If the value was committed or logged, revoke it.")
				}
				if id == aliasMe {
					diags.AddAttributeError(at, "Invalid user_id", fmt.Sprintf(
						"%s is \"me\", Clarifai's alias for the owner of the PAT. Leave it out to use the provider's user, or set it to that user's ID.", at))
				}
			},
		},
	}
}

// Description returns the validators of a description. Clarifai does not document
// how long one may be, so a long one is not refused. The warning does not repeat
// the text, which may be sensitive.
func Description() []validator.String { return MarkedDescription(0) }

// MarkedDescription is [Description] for one to which the provider adds a mark of that length.
func MarkedDescription(mark int) []validator.String {
	most := safeDescriptionLength - mark
	return []validator.String{StringValidator{
		Accepts: fmt.Sprintf("value should have at most %d characters", most),
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			n := utf8.RuneCountInString(text)
			if n <= most {
				return
			}
			detail := fmt.Sprintf("%s has %d characters. Clarifai does not document its limit, and may refuse or cut more than %d: shorten it if "+
				"the apply fails.", at, n, safeDescriptionLength)
			if mark > 0 {
				detail = fmt.Sprintf(
					"%s has %d characters, and the provider adds a mark of %d. Clarifai does not document its limit, and may refuse or cut more than %d "+
						"altogether: shorten it, or the apply may fail.", at, n, mark, safeDescriptionLength)
			}
			diags.AddAttributeWarning(at, "Long description", detail)
		},
	}}
}

// Date returns the validators of a date, which is after the epoch: Clarifai and Go take
// dates before for none.
func Date() []validator.String {
	return []validator.String{StringValidator{
		Accepts: "value must be a date and time in RFC 3339, such as 2031-05-06T07:08:09Z",
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			if date, err := time.Parse(time.RFC3339, text); err != nil || date.Unix() <= 0 {
				diags.AddAttributeError(at, "Invalid date", at.String()+" is not a date and time in RFC 3339. Set it to one, such as "+
					"\"2031-05-06T07:08:09Z\" or time_offset.NAME.rfc3339, or leave it out.")
			}
		},
	}}
}

// StringValidator validates known strings with a function, for rules that the
// framework's validators do not cover or cannot explain.
type StringValidator struct {
	Accepts string // describes the accepted values: "value must be …"
	Check   func(at path.Path, value string, diags *diag.Diagnostics)
}

// Description returns what the validator accepts.
func (v StringValidator) Description(context.Context) string { return v.Accepts }

// MarkdownDescription returns what the validator accepts.
func (v StringValidator) MarkdownDescription(context.Context) string { return v.Accepts }

// ValidateString calls Check, unless the value is null or unknown.
func (v StringValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		v.Check(req.Path, req.ConfigValue.ValueString(), &resp.Diagnostics)
	}
}
