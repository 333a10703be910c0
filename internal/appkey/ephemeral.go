package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*appKeyEphemeral)(nil)

// NewAppKeyEphemeral returns the ephemeral resource clarifai_app_key: the value
// of an existing key, which Terraform never stores.
func NewAppKeyEphemeral() ephemeral.EphemeralResource {
	return &appKeyEphemeral{base.Ephemeral{Name: "app_key"}}
}

type appKeyEphemeral struct {
	base.Ephemeral
}

type appKeyEphemeralModel struct {
	ID          types.String `tfsdk:"id"`
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Fingerprint types.String `tfsdk:"fingerprint"`
	Description types.String `tfsdk:"description"`
	Key         types.String `tfsdk:"key"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

func (e *appKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The value of an existing app-specific API key, by its `id`. Terraform stores it in neither state nor plan: " +
			"pass it to a write-only attribute of another provider. Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Required: true, MarkdownDescription: "`id` of the key: `user_id/app_id/fingerprint`. " +
				"Not a secret."},
			"key":         schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret."},
			"user_id":     schema.StringAttribute{Computed: true, MarkdownDescription: "Owner of the app."},
			"app_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "App that the key gives access to."},
			"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the key is for."},
			"expires_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "When the key expires (RFC 3339); null if it does not."},
		},
	}
}

// Open finds the key. It is served from a listing, as are the reads of the keys
// that the same run manages.
func (e *appKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config appKeyEphemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := e.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	ref, ok := key.ParseID(config.ID.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	k, ok := readKey(ctx, inv, ref, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, appKeyEphemeralModel{
		ID: config.ID, UserID: types.StringValue(k.UserID), AppID: types.StringValue(k.AppID), Fingerprint: types.StringValue(k.Fingerprint),
		Description: base.StringOrNull(k.Description), Key: types.StringValue(k.Value.Reveal()), ExpiresAt: base.StringOrNull(k.ExpiresAt.String()),
	})...)
}
