package providerdata

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// aliasMe is Clarifai's alias for the owner of the PAT.
const aliasMe = "me"

// OwnerID is what a user_id has to be: answers bear the real id, so the alias
// would not be what Terraform reads back.
func OwnerID() []validator.String {
	return []validator.String{stringvalidator.LengthAtLeast(1), noAlias{}}
}

type noAlias struct{}

func (noAlias) Description(context.Context) string {
	return "value must be the id of a user or organization, not the alias me"
}

func (v noAlias) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (noAlias) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	switch id := req.ConfigValue.ValueString(); {
	case strings.ContainsAny(id, "/ \t\n"):
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid user_id", fmt.Sprintf(
			"%s is %q; the id of a user or organization has no slash and no space. Write it as Clarifai's settings show it.", req.Path, id))
	case id == aliasMe:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid user_id", fmt.Sprintf(
			"%s is \"me\", Clarifai's alias for the owner of the PAT. Leave it out to mean the provider's user, or write that user's id.", req.Path))
	}
}
