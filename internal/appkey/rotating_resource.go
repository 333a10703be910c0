package appkey

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

var (
	_ base.ManagedResource                = (*rotatingAppKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*rotatingAppKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*rotatingAppKeyResource)(nil)
)

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
		"rotated_at": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the apply created the current key (RFC 3339). After an import or a move, when Clarifai created it.",
		},
		"next_rotation_at": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "From when on a plan rotates the key (RFC 3339).",
		},
		"previous_key": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The previous secret, as long as its key lives. Null if there is none or if `store_key` is `false`.",
		},
		"previous_id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "`id` of the previous key: `user_id/app_id/fingerprint`. Not a secret.",
		},
		"previous_expires_at": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Until when the previous key lives (RFC 3339): the first apply after that revokes it.",
		},
		"key_ids": schema.SetAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "The `id` of each living key of this resource. A key whose revocation failed stays here until an apply has " +
				"revoked it.",
		},
	}
}

// durationValidator returns a validator of durations.
func durationValidator(positive bool) validator.String {
	return base.StringValidator{
		Accepts: "value must be a duration, such as 90d, 36h or 1d12h",
		Check:   func(at path.Path, text string, diags *diag.Diagnostics) { checkDuration(at, text, positive, diags) },
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
