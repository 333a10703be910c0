package appkey

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	appIDForm    = stringvalidator.RegexMatches(appIDPattern, "must be an app ID: letters, digits, '-' and '_'")
)

// Schema is the resource's attributes. Each is paid for a thousand times, so
// what several attributes decide together is in ModifyPlan, not in modifiers.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key: a secret that is limited to one app and to a set of scopes.\n\n" +
			"Clarifai's own ID of a key is the key itself. The `id` here is `user_id/app_id/fingerprint`, where the fingerprint is the first " +
			"16 hex digits of the SHA-256 of the key: safe in logs, plans and import blocks.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{appIDForm},
				MarkdownDescription: "App that the key opens. A change replaces the key, unless the app was merely renamed: then the key and its value stay.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: providerdata.OwnerID(),
				MarkdownDescription: "User or organization that owns the app. Default: the provider's. A change replaces the key.",
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the key is for. Changed in place. Clarifai may be unable to clear it: then removing it ends in an error that says what to do.",
			},
			"scopes": schema.SetAttribute{
				CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true,
				Validators:    []validator.Set{scope.ScopeNames()},
				PlanModifiers: []planmodifier.Set{scope.KeepEquivalent(), scope.RequiresReplace()},
				MarkdownDescription: "What the key may do, such as `Inputs:Get` (or `Inputs_Get`). A change replaces the key. " +
					"Order, spelling and dependencies that Clarifai adds make no difference. At least one of `scopes` and `endpoints` is needed.",
			},
			"endpoints": schema.SetAttribute{
				CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Optional: true,
				Validators:          []validator.Set{scope.EndpointNames()},
				PlanModifiers:       []planmodifier.Set{scope.RequiresReplace()},
				MarkdownDescription: "API methods that the key is limited to, such as `/clarifai.api.V2/PostModelOutputs`. A change replaces the key.",
			},
			"keepers": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Values of your choice. When any changes, the key is replaced: use them to rotate it. The first ones after an import are written down and replace nothing.",
			},
			"store_key": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the state holds the secret in `key`. With `false` it is in neither state nor plan. " +
					"Turning it off later leaves the value in older versions and backups of the state: rotate the key then. " +
					"An import fills `key` until the next apply, unless `,store_key=false` stands behind the import id. Default: `true`.",
			},
			"key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The secret. Null where `store_key` is `false`.",
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`user_id/app_id/fingerprint`. No secret.",
			},
			"fingerprint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "First 16 hex digits of the SHA-256 of the key. No secret.",
			},
			"created_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the key was made (RFC 3339).",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the key expires (RFC 3339); null if it does not. The plan warns 30 days before, and replaces the key afterwards.",
			},
		},
	}
}

// IdentitySchema is how Terraform 1.12 and later finds a key.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id":     identityschema.StringAttribute{RequiredForImport: true, Description: "Owner of the app."},
		"app_id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App that the key opens."},
		"fingerprint": identityschema.StringAttribute{RequiredForImport: true, Description: "First 16 hex digits of the SHA-256 of the key."},
	}}
}

// ValidateConfig refuses a key without any limit and warns of scopes that will
// not do what they seem to.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	checkLimits(ctx, req.Config, &resp.Diagnostics)
}

// checkLimits checks scopes and endpoints of a configuration.
func checkLimits(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var scopes, endpoints scope.SetValue
	diags.Append(config.GetAttribute(ctx, path.Root("scopes"), &scopes)...)
	diags.Append(config.GetAttribute(ctx, path.Root("endpoints"), &endpoints)...)
	if diags.HasError() {
		return
	}
	if empty(scopes) && empty(endpoints) {
		diags.AddAttributeError(path.Root("scopes"), "Neither scopes nor endpoints",
			"The key has neither scopes nor endpoints, so what it may do is not said. Set scopes, for example [\"Predict\"], or endpoints, or both.")
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
