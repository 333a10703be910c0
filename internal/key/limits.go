package key

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// ValidateLimits validates the scopes and endpoints of a configuration: a key
// needs at least one of them, and what they will not do is worth a warning.
func ValidateLimits(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	scopes := base.Attribute[scope.SetValue](ctx, config, "scopes", diags)
	endpoints := base.Attribute[scope.SetValue](ctx, config, "endpoints", diags)
	if !diags.HasError() {
		CheckLimits(scopes, endpoints, diags)
	}
}

// CheckLimits is [ValidateLimits] for scopes and endpoints that are read already.
func CheckLimits(scopes, endpoints scope.SetValue, diags *diag.Diagnostics) {
	if scopes.IsEmpty() && endpoints.IsEmpty() {
		diags.AddAttributeError(path.Root("scopes"), "Neither scopes nor endpoints",
			"The key has neither scopes nor endpoints, so nothing says what it may do. Set scopes, for example [\"Apps:Get\", \"Inputs:Get\"], "+
				"or endpoints, or both.")
		return
	}
	if !scopes.HasUnknown() {
		for _, w := range scope.Warnings(scopes.Strings()) {
			diags.AddAttributeWarning(path.Root("scopes"), w.Summary, w.Detail)
		}
		if w, ok := scope.CallsNothing(scopes.Strings()); ok && endpoints.IsEmpty() {
			diags.AddAttributeWarning(path.Root("scopes"), w.Summary, w.Detail)
		}
	}
	if !endpoints.HasUnknown() {
		for _, w := range scope.EndpointWarnings(endpoints.Strings()) {
			diags.AddAttributeWarning(path.Root("endpoints"), w.Summary, w.Detail)
		}
	}
}

// AddLimitErrors adds an error for each limit of a new key that is not the one
// asked for. The state keeps the key, marked for replacement.
func AddLimitErrors(asked inventory.NewKey, got clarifai.Key, diags *diag.Diagnostics) {
	add := func(attribute string, asked, given []string) {
		diags.AddAttributeError(path.Root(attribute), "Clarifai gave the app key different "+attribute,
			"The configuration asks for "+strings.Join(asked, ", ")+"; the new key "+got.ID()+" has "+clarifai.Escape(strings.Join(given, ", "))+
				". The next apply replaces it: set "+attribute+" to what Clarifai gives, or to a different set.")
	}
	if len(asked.Scopes) > 0 && !scope.Equivalent(asked.Scopes, got.Scopes) {
		add("scopes", asked.Scopes, got.Scopes)
	}
	if len(asked.Endpoints) > 0 && len(got.Endpoints) > 0 && !scope.NewEndpoints(asked.Endpoints).Equal(scope.NewEndpoints(got.Endpoints)) {
		add("endpoints", asked.Endpoints, got.Endpoints)
	}
}
