package providerdata

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const (
	// aliasMe is Clarifai's alias for the owner of the PAT.
	aliasMe = "me"
	// documentedIDLength is the length of app IDs that Clarifai documents.
	documentedIDLength = 32
)

var (
	appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	ownerPattern = regexp.MustCompile(`^[^/ \t\n]+$`)
)

// IsAppID reports whether id consists of the characters that app IDs may have.
func IsAppID(id string) bool { return appIDPattern.MatchString(id) }

// AppID returns the validators of an attribute that refers to an app.
func AppID() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(appIDPattern, "must be an app ID: 1 to 32 letters, digits, '-' and '_'")}
}

// OwnAppID returns the validators of the attribute that names the app itself:
// AppID, and what Clarifai refuses or may refuse as the ID of a new app.
func OwnAppID() []validator.String { return append(AppID(), addressableAppID{}) }

// OwnerID returns the validators of a user_id. The alias "me" is refused
// because answers hold the real ID, so it is not what Terraform reads back.
func OwnerID() []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(ownerPattern, "must be the ID of a user or organization, as Clarifai's settings show it: it has no slash and no space"),
		notAlias{},
	}
}

// addressableAppID refuses words of Clarifai's API paths and warns about IDs
// that are longer than documented.
type addressableAppID struct{}

func (addressableAppID) Description(context.Context) string {
	return `value must not be "ids" or "searches" and should have at most 32 characters`
}

func (v addressableAppID) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (addressableAppID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	switch id := req.ConfigValue.ValueString(); {
	case id == "ids" || id == "searches":
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid app ID",
			fmt.Sprintf("%s is %q, which is a word of Clarifai's API paths: such an app cannot be addressed. Choose another ID.", req.Path, id))
	case len(id) > documentedIDLength:
		resp.Diagnostics.AddAttributeWarning(req.Path, "Long app ID",
			fmt.Sprintf("%s is %q, which has %d characters. Clarifai documents at most %d and may refuse it.", req.Path, id, len(id), documentedIDLength))
	}
}

// notAlias refuses Clarifai's alias for the owner of the PAT.
type notAlias struct{}

func (notAlias) Description(context.Context) string {
	return "value must be the ID of a user or organization, not the alias me"
}

func (v notAlias) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notAlias) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.ValueString() == aliasMe {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid user_id", fmt.Sprintf(
			"%s is \"me\", Clarifai's alias for the owner of the PAT. Leave it out to use the provider's user, or set it to that user's ID.", req.Path))
	}
}
