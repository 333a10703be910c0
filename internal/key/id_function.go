package key

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

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
	switch {
	case base.IsAlias(user):
		resp.Error = function.NewArgumentFuncError(0, "user_id is \"me\", Clarifai's alias for the owner of the PAT, which is in no ID; "+
			"pass the owner's ID, which Clarifai's settings show")
		return
	case !base.IsOwnerID(user):
		resp.Error = function.NewArgumentFuncError(0, "user_id is empty, or has a slash or a space; pass the ID alone")
		return
	case !base.IsAppID(app):
		resp.Error = function.NewArgumentFuncError(1, "app_id is no app ID, which consists of letters, digits, '-' and '_'; pass the ID alone")
		return
	}
	if strings.TrimSpace(secret) != secret || secret == "" || strings.Contains(secret, "/") {
		resp.Error = function.NewArgumentFuncError(2, "key is empty, has spaces around it or has a slash; pass the key itself")
		return
	}
	if len(secret) < shortestKey {
		resp.Error = function.NewArgumentFuncError(2, "key is too short: Clarifai's keys have 32 letters and digits; pass the key itself, "+
			"not its fingerprint or its description")
		return
	}
	resp.Error = resp.Result.Set(ctx, Ref{UserID: user, AppID: app, Fingerprint: clarifai.Secret(secret).Fingerprint()}.ID())
}
