package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

var (
	_ ephemeral.EphemeralResource              = (*Ephemeral)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*Ephemeral)(nil)
)

// Ephemeral is the ephemeral resource clarifai_app_key: the value of a key that
// exists, which Terraform never stores.
type Ephemeral struct {
	providerdata.Ephemeral
}

// NewEphemeral is the ephemeral resource clarifai_app_key for the registry.
func NewEphemeral() ephemeral.EphemeralResource { return &Ephemeral{} }

type ephemeralModel struct {
	ID          types.String `tfsdk:"id"`
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Fingerprint types.String `tfsdk:"fingerprint"`
	Description types.String `tfsdk:"description"`
	Key         types.String `tfsdk:"key"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// Metadata names the ephemeral resource.
func (e *Ephemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_key"
}

// Schema is the ephemeral resource's attributes.
func (e *Ephemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The value of an existing app-specific API key, by its `id`. Terraform keeps it in neither state nor plan: " +
			"hand it to a write-only attribute of another provider. Needs Terraform 1.10 or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{
			"id":          schema.StringAttribute{Required: true, MarkdownDescription: "`id` of the key: `user_id/app_id/fingerprint`. It is no secret."},
			"key":         schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret."},
			"user_id":     schema.StringAttribute{Computed: true, MarkdownDescription: "Owner of the app."},
			"app_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "App that the key opens."},
			"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the key is for."},
			"expires_at":  schema.StringAttribute{Computed: true, MarkdownDescription: "When the key expires (RFC 3339); null if it does not."},
		},
	}
}

// Open finds the key. A listing serves it, as it serves the reads of the keys
// that the same run manages.
func (e *Ephemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := e.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	w, ok := parseKeyID(config.ID.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	k, err := inv.FindKey(ctx, w.UserID, w.AppID, w.Fingerprint)
	switch {
	case errors.Is(err, inventory.ErrGone):
		resp.Diagnostics.AddAttributeError(path.Root("id"), "No such key", "The app "+w.UserID+"/"+w.AppID+" has no key with the fingerprint "+w.Fingerprint+".")
	case err != nil:
		addError(&resp.Diagnostics, "reading", "key "+w.UserID+"/"+w.AppID+"/"+w.Fingerprint, err)
	default:
		resp.Diagnostics.Append(resp.Result.Set(ctx, ephemeralModel{
			ID: config.ID, UserID: types.StringValue(k.UserID), AppID: types.StringValue(k.AppID), Fingerprint: types.StringValue(k.Fingerprint),
			Description: optional(k.Description), Key: types.StringValue(k.Value.Reveal()), ExpiresAt: optional(k.ExpiresAt.String()),
		})...)
	}
}

// parseKeyID reads an id of the form user_id/app_id/fingerprint. The error
// does not repeat it: it may be a key.
func parseKeyID(id string, diags *diag.Diagnostics) (wanted, bool) {
	w, err := parseImportID(id)
	if err != nil || w.ByDescription || !w.StoreKey {
		detail := "id is not of the form user_id/app_id/fingerprint, where the fingerprint is the first 16 hex digits of the SHA-256 of the key. It is never the key itself."
		if raw, ok := errors.AsType[*rawKeyError](err); ok {
			detail += " What was given looks like one: its fingerprint is " + raw.key.Fingerprint() + "."
		}
		// Not an error of the attribute: with one, Terraform shows the line of the
		// configuration that sets it.
		diags.AddError("Invalid id of a key", detail)
		return wanted{}, false
	}
	return w, true
}
