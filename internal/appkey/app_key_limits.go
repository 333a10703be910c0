package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// validateLimits validates the scopes and endpoints of a configuration: a key
// needs at least one of them, and what they will not do is worth a warning.
func validateLimits(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var scopes, endpoints scope.SetValue
	diags.Append(config.GetAttribute(ctx, path.Root("scopes"), &scopes)...)
	diags.Append(config.GetAttribute(ctx, path.Root("endpoints"), &endpoints)...)
	if diags.HasError() {
		return
	}
	if isEmpty(scopes) && isEmpty(endpoints) {
		diags.AddAttributeError(path.Root("scopes"), "Neither scopes nor endpoints",
			"The key has neither scopes nor endpoints, so nothing says what it may do. Set scopes, for example [\"Apps:Get\", \"Inputs:Get\"], or endpoints, or both.")
		return
	}
	if !scopes.HasUnknown() {
		for _, w := range scope.Warnings(scopes.Strings()) {
			diags.AddAttributeWarning(path.Root("scopes"), w.Summary, w.Detail)
		}
	}
	if !endpoints.HasUnknown() {
		for _, w := range scope.EndpointWarnings(endpoints.Strings()) {
			diags.AddAttributeWarning(path.Root("endpoints"), w.Summary, w.Detail)
		}
	}
}
