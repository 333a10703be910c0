package appkey

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ base.ManagedResource                = (*appKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*appKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*appKeyResource)(nil)
	_ base.ManagedResource                = (*rotatingAppKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*rotatingAppKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*rotatingAppKeyResource)(nil)
)

// NewAppKeyResource returns the resource clarifai_app_key.
func NewAppKeyResource() resource.Resource { return newAppKeyResource() }

func newAppKeyResource() *appKeyResource {
	return &appKeyResource{keyResource{base.Resource{Name: "app_key"}}}
}

type appKeyResource struct {
	keyResource
}

// keyResource is what the resources whose state is a key share.
type keyResource struct {
	base.Resource
}

// Schema describes the resource's attributes. The framework runs every plan
// modifier for each of thousands of keys, so what several attributes decide
// together is in ModifyPlan instead.
func (r *appKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key: a secret that is limited to one app and to a set of scopes.",
		Attributes:          keyAttributes("replaces", scope.RequiresReplace()),
	}
	resp.Schema.Attributes["expires_at"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: base.Date(),
		MarkdownDescription: "When the key expires (RFC 3339); null if it does not. A change creates a new key with that date, and then " +
			"revokes the old one, in place. A date that has passed changes nothing: the plan warns until it is set to a later one. " +
			"Removing it keeps the key and its date; such a date, and one that Clarifai sets, replaces the key once it has passed, and the plan " +
			"warns 30 days before.",
	}
}

// ValidateConfig refuses a key without any limit and warns about scopes that
// will not do what they seem to.
func (r *appKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	key.ValidateLimits(ctx, req.Config, &resp.Diagnostics)
}

// keyAttributes describes appKeyModel. Verb says what a change of the key's limits
// or keepers does to it, and limits are the plan modifiers that do so.
func keyAttributes(verb string, limits ...planmodifier.Set) map[string]schema.Attribute {
	modifiers := append([]planmodifier.Set{scope.KeepEquivalent()}, limits...)
	return map[string]schema.Attribute{
		"app_id": schema.StringAttribute{
			Required: true, Validators: base.AppID(),
			MarkdownDescription: "App that the key gives access to. Updated in place: if Terraform renames the app, the key and its value " +
				"stay; in any other app, a new key is created before the old one is revoked.",
		},
		"user_id": schema.StringAttribute{
			Optional: true, Computed: true, Validators: base.OwnerID(),
			MarkdownDescription: "User or organization that owns the app. Default: the provider's user for a new key, the owner in the state " +
				"for an existing one. A change is like one of `app_id`.",
		},
		"description": schema.StringAttribute{
			Optional: true, Validators: base.Description(),
			MarkdownDescription: "What the key is for. Updated in place. Clarifai may be unable to clear it: removing it then fails with an " +
				"error that says what to do.",
		},
		"scopes": schema.SetAttribute{
			CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true,
			Validators:    []validator.Set{scope.ScopeNames()},
			PlanModifiers: modifiers,
			MarkdownDescription: "What the key may do, such as `Inputs:Get` (or `Inputs_Get`). A change " + verb + " the key. " +
				"Order, spelling and dependencies that Clarifai adds to what it stores make no difference; an import takes over what Clarifai has " +
				"stored. At least one of `scopes` and `endpoints` is required.",
		},
		"endpoints": schema.SetAttribute{
			CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Optional: true,
			Validators:          []validator.Set{scope.EndpointNames()},
			PlanModifiers:       modifiers,
			MarkdownDescription: "API methods that the key is limited to, such as `/clarifai.api.V2/PostModelOutputs`. A change " + verb + " the key.",
		},
		"keepers": schema.MapAttribute{
			ElementType: types.StringType, Optional: true,
			MarkdownDescription: "Values of your choice. A change of any of them " + verb + " the key: use them to rotate it. The first ones " +
				"after an import are only recorded and change nothing.",
		},
		"store_key": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: "Whether the state holds the secret in `key`. With `false`, it is in neither state nor plan. " +
				"Turning it off later leaves the value in older versions and backups of the state: rotate the key then. " +
				"An import fills `key` until the next apply, unless the import ID ends in `,store_key=false`. Default: `true`.",
		},
		"key": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The secret. Null if `store_key` is `false`.",
		},
		"id":          computed("`user_id/app_id/fingerprint`. Not a secret."),
		"fingerprint": computed("First 16 hex digits of the SHA-256 of the key. Not a secret."),
		"created_at":  computed("When the key was created (RFC 3339)."),
		"expires_at": computed("When the key expires (RFC 3339); null if it does not. The plan warns 30 days before, and " + verb +
			" the key afterwards."),
	}
}

func computed(text string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: text}
}

func (r *keyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id":     identityschema.StringAttribute{RequiredForImport: true, Description: "Owner of the app."},
		"app_id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App that the key gives access to."},
		"fingerprint": identityschema.StringAttribute{RequiredForImport: true, Description: "First 16 hex digits of the SHA-256 of the key."},
	}}
}

// NewRotatingAppKeyResource returns the resource clarifai_rotating_app_key.
func NewRotatingAppKeyResource() resource.Resource { return newRotatingAppKeyResource() }

func newRotatingAppKeyResource() *rotatingAppKeyResource {
	return &rotatingAppKeyResource{keyResource{base.Resource{Name: "rotating_app_key"}}}
}

// rotatingAppKeyResource keeps one rule for everything that depends on time or on
// the outside: Read observes and notes in private state; what ModifyPlan plans
// depends on configuration, prior state and prior private state alone; Update does
// what the plan left unknown.
type rotatingAppKeyResource struct {
	keyResource
}

// Schema describes the resource's attributes: those of clarifai_app_key and those of
// its rotation.
func (r *rotatingAppKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := keyAttributes("rotates")
	maps.Copy(attributes, rotationAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key that rotates without an outage: once `rotation_period` has passed, the next apply " +
			"creates a new key, and the old one stays alive for `overlap`, as `previous_key`, until a later apply revokes it.",
		Attributes: attributes,
	}
}

// rotationAttributes describes what rotatingKeyModel has beyond a key.
func rotationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"description": schema.StringAttribute{
			Optional: true, Validators: append(base.MarkedDescription(key.MarkLength), noSuccessorMark()),
			MarkdownDescription: "What the key is for. Updated in place. Clarifai may be unable to clear it: removing it then fails with an " +
				"error that says what to do.",
		},
		"rotation_period": schema.StringAttribute{
			Required: true, Validators: []validator.String{durationValidator(true)},
			MarkdownDescription: "How long a key is used before it is rotated: days, such as `90d`, or a duration, such as `36h`. A change " +
				"counts from `rotated_at` and rotates in the next plan at the earliest.",
		},
		"overlap": schema.StringAttribute{
			Optional: true, Validators: []validator.String{durationValidator(true)},
			MarkdownDescription: "How long the previous key stays alive after a rotation. `overlap` and `rotation_spread` together must be " +
				"shorter than `rotation_period`. Default: `24h`.",
		},
		"rotation_spread": schema.StringAttribute{
			Optional: true, Validators: []validator.String{durationValidator(false)},
			MarkdownDescription: "Time over which the rotations of keys that were created together are spread: each key rotates up to this " +
				"much earlier, by a share that its fingerprint determines. Default: `0s`.",
		},
		"rotated_at":       computed("When the apply created the current key (RFC 3339). After an import or a move, when Clarifai created it."),
		"next_rotation_at": computed("From when on a plan rotates the key (RFC 3339)."),
		"previous_key": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The previous secret, as long as its key lives. Null if there is none or if `store_key` is `false`.",
		},
		"previous_id":         computed("`id` of the previous key: `user_id/app_id/fingerprint`. Not a secret."),
		"previous_expires_at": computed("Until when the previous key lives (RFC 3339): the first apply after that revokes it."),
		"key_ids": schema.SetAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "The `id` of each living key of this resource. A key whose revocation failed stays here until an apply has " +
				"revoked it.",
		},
	}
}

func durationValidator(positive bool) validator.String {
	return base.StringValidator{
		Accepts: "value must be a duration, such as 90d, 36h or 1d12h",
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			d, err := parseDuration(text)
			switch {
			case err != nil:
				diags.AddAttributeError(at, "Invalid duration", at.String()+" is \""+text+"\". Set it to a number of days, such as \"90d\", or to a "+
					"duration such as \"36h\" or \"1d12h\".")
			case d < 0, d == 0 && positive:
				diags.AddAttributeError(at, "Invalid duration", at.String()+" is \""+text+"\", which is not positive. Set it to a longer time, such "+
					"as \"24h\" or \"90d\".")
			}
		},
	}
}

// noSuccessorMark returns a validator that refuses a description that would be read
// back without its end.
func noSuccessorMark() validator.String {
	return base.StringValidator{
		Accepts: "value must not end in \" (after <fingerprint>)\"",
		Check: func(at path.Path, text string, diags *diag.Diagnostics) {
			if _, fingerprint := key.CutSuccessorMark(text); fingerprint != "" {
				diags.AddAttributeError(at, "Invalid description", at.String()+" ends in \"(after "+fingerprint+
					")\". The provider uses this ending for rotated keys. Choose another.")
			}
		},
	}
}

// ValidateConfig refuses a key without any limit, and a schedule whose keys overlap.
func (r *rotatingAppKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	key.ValidateLimits(ctx, req.Config, &resp.Diagnostics)
	// GetAttribute would walk the schema for each of these, for each of thousands of keys.
	var config map[string]tftypes.Value
	if err := req.Config.Raw.As(&config); err != nil {
		resp.Diagnostics.AddError("Invalid configuration", err.Error())
		return
	}
	validateSchedule(textOf(config["rotation_period"]), textOf(config["overlap"]), textOf(config["rotation_spread"]), &resp.Diagnostics)
}

// textOf returns a string as the framework has it.
func textOf(v tftypes.Value) types.String {
	var s string
	switch {
	case !v.IsKnown():
		return types.StringUnknown()
	case v.IsNull() || v.As(&s) != nil:
		return types.StringNull()
	}
	return types.StringValue(s)
}
