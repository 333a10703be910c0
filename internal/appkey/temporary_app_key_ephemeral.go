package appkey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ ephemeral.EphemeralResource                   = (*Temporary)(nil)
	_ ephemeral.EphemeralResourceWithConfigure      = (*Temporary)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*Temporary)(nil)
	_ ephemeral.EphemeralResourceWithClose          = (*Temporary)(nil)
)

// Temporary is the ephemeral resource clarifai_temporary_app_key: a key that
// lives as long as Terraform uses it.
type Temporary struct {
	providerdata.Ephemeral
}

// NewTemporary is clarifai_temporary_app_key for the registry.
func NewTemporary() ephemeral.EphemeralResource { return &Temporary{} }

type temporaryModel struct {
	AppID       types.String   `tfsdk:"app_id"`
	UserID      types.String   `tfsdk:"user_id"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
	Endpoints   scope.SetValue `tfsdk:"endpoints"`
	ID          types.String   `tfsdk:"id"`
	Fingerprint types.String   `tfsdk:"fingerprint"`
	Key         types.String   `tfsdk:"key"`
}

// privateTemporary holds what Close needs to find the key, and no secret.
const privateTemporary = "temporary_key"

// Metadata names the ephemeral resource.
func (t *Temporary) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_temporary_app_key"
}

// Schema is the ephemeral resource's attributes.
func (t *Temporary) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key that is made when Terraform needs it and revoked when Terraform is done with it, in the same run. " +
			"Terraform opens it at plan and at apply, so the PAT must be allowed to make keys at plan too. Needs Terraform 1.10 or OpenTofu 1.11.\n\n" +
			"Its description in Clarifai begins with `" + temporaryMark + "` and says when it was made. A run that is killed outright can not revoke it: " +
			"look for that description with the data source `clarifai_app_keys` and delete what is older than your longest run.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{appIDForm}, MarkdownDescription: "App that the key opens.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: providerdata.OwnerID(),
				MarkdownDescription: "Owner of the app. Default: the provider's user.",
			},
			"description": schema.StringAttribute{
				Optional: true, MarkdownDescription: "What the key is for. It is put behind the words that mark the key as temporary.",
			},
			"scopes": schema.SetAttribute{
				CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true, Validators: []validator.Set{scope.ScopeNames()},
				MarkdownDescription: "What the key may do, such as `Inputs:Get`. At least one of `scopes` and `endpoints` is needed.",
			},
			"endpoints": schema.SetAttribute{
				CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Optional: true, Validators: []validator.Set{scope.EndpointNames()},
				MarkdownDescription: "API methods that the key is limited to, such as `/clarifai.api.V2/PostModelOutputs`.",
			},
			"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. No secret."},
			"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
			"key":         schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret."},
		},
	}
}

// ValidateConfig refuses a key without any limit.
func (t *Temporary) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	checkLimits(ctx, req.Config, &resp.Diagnostics)
}

// temporaryMark begins the description of each temporary key.
const temporaryMark = "Temporary key of a Terraform run"

func temporaryDescription(now time.Time, text string) string {
	d := temporaryMark + ", made " + now.UTC().Format(time.RFC3339)
	if text != "" {
		d += ": " + text
	}
	return d
}

// Open makes the key.
func (t *Temporary) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m temporaryModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	inv, ok := t.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := t.User(ctx, inv, m.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	k, _, err := makeKey(ctx, inv, user, model{
		AppID: m.AppID, Scopes: m.Scopes, Endpoints: m.Endpoints,
		Description: types.StringValue(temporaryDescription(inv.Now(), m.Description.ValueString())),
	}, "", &resp.Diagnostics)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.AddWarning("A temporary key needs an app that exists",
			"Terraform makes a temporary key at plan already, unless something in its block is known only after apply. For an app that the same configuration makes, "+
				"set user_id = clarifai_app.….user_id beside app_id: Terraform does not know it before the app is there.")
	}
	if err != nil {
		return
	}
	t.handOver(ctx, inv, k, m, resp)
}

// handOver gives the key to Terraform, or revokes it when that is not possible:
// Terraform closes nothing that did not open.
func (t *Temporary) handOver(ctx context.Context, inv *inventory.Inventory, k clarifai.Key, m temporaryModel, resp *ephemeral.OpenResponse) {
	revoke := func(ctx context.Context) error { return inv.DeleteKey(ctx, k.UserID, k.Value) }
	t.Leftovers().Add(k.ID(), revoke)
	ref, err := json.Marshal(keyRef{UserID: k.UserID, AppID: k.AppID, Fingerprint: k.Fingerprint})
	if err == nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateTemporary, ref)...)
	}
	m.UserID, m.ID = types.StringValue(k.UserID), types.StringValue(k.ID())
	m.Fingerprint, m.Key = types.StringValue(k.Fingerprint), types.StringValue(k.Value.Reveal())
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
	if err == nil && !resp.Diagnostics.HasError() {
		return
	}
	calm, cancel := inventory.Detached(ctx)
	defer cancel()
	if err := revoke(calm); err != nil {
		addError(&resp.Diagnostics, "revoking", "temporary key "+k.ID(), err)
		return
	}
	t.Leftovers().Done(k.ID())
}

// Close revokes the key, also when the run is being cancelled. That the key is
// gone is a success only where the account answers.
func (t *Temporary) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	b, diags := req.Private.GetKey(ctx, privateTemporary)
	resp.Diagnostics.Append(diags...)
	var ref keyRef
	if err := json.Unmarshal(b, &ref); err != nil || ref.Fingerprint == "" {
		resp.Diagnostics.AddError("A temporary key can not be found again",
			"Terraform did not hand back what was noted about it. Look in Clarifai for a key whose description begins with \""+temporaryMark+"\" and delete it.")
		return
	}
	inv, ok := t.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	calm, cancel := inventory.Detached(ctx)
	defer cancel()
	id := clarifai.Key{UserID: ref.UserID, AppID: ref.AppID, Fingerprint: ref.Fingerprint}.ID()
	if err := revokeKey(calm, inv, ref); err != nil {
		addError(&resp.Diagnostics, "revoking", "temporary key "+id+"; delete it in Clarifai, where its description begins with \""+temporaryMark+"\"", err)
		return
	}
	t.Leftovers().Done(id)
}
