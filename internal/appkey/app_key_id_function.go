package appkey

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var _ function.Function = (*IDFunction)(nil)

// IDFunction is the function app_key_id.
type IDFunction struct{}

// NewIDFunction is app_key_id for the registry.
func NewIDFunction() function.Function { return &IDFunction{} }

// Metadata names the function.
func (*IDFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "app_key_id"
}

// Definition is the function's signature.
func (*IDFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The non-secret id of a key that one already has",
		MarkdownDescription: "Gives `user_id/app_id/fingerprint` for a key, for import blocks and for looking a key up. It asks nobody. " +
			"The result is no secret, but Terraform marks it as sensitive where the key is: wrap it in `nonsensitive()` then.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "user_id", MarkdownDescription: "Owner of the app."},
			function.StringParameter{Name: "app_id", MarkdownDescription: "App that the key opens."},
			function.StringParameter{Name: "key", MarkdownDescription: "The key itself."},
		},
		Return: function.StringReturn{},
	}
}

// Run computes the id. Errors do not repeat the key.
func (*IDFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var user, app, key string
	if resp.Error = req.Arguments.Get(ctx, &user, &app, &key); resp.Error != nil {
		return
	}
	for i, v := range []string{user, app} {
		if v == "" || strings.Contains(v, "/") {
			resp.Error = function.NewArgumentFuncError(int64(i), []string{"user_id", "app_id"}[i]+" is empty or has a slash; give the bare ID")
			return
		}
	}
	if strings.TrimSpace(key) != key || key == "" || strings.Contains(key, "/") {
		resp.Error = function.NewArgumentFuncError(2, "key is empty, has spaces around it or has a slash; give the key itself")
		return
	}
	resp.Error = resp.Result.Set(ctx, clarifai.Key{UserID: user, AppID: app, Fingerprint: clarifai.Secret(key).Fingerprint()}.ID())
}
