package appkey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
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

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*temporaryAppKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*temporaryAppKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose          = (*temporaryAppKeyEphemeral)(nil)
)

// NewTemporaryAppKeyEphemeral returns the ephemeral resource
// clarifai_temporary_app_key: a key that exists as long as Terraform uses it.
func NewTemporaryAppKeyEphemeral() ephemeral.EphemeralResource {
	return &temporaryAppKeyEphemeral{base.Ephemeral{Name: "temporary_app_key"}}
}

type temporaryAppKeyEphemeral struct {
	base.Ephemeral
}

type temporaryAppKeyModel struct {
	AppID       types.String   `tfsdk:"app_id"`
	UserID      types.String   `tfsdk:"user_id"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
	Endpoints   scope.SetValue `tfsdk:"endpoints"`
	ID          types.String   `tfsdk:"id"`
	Fingerprint types.String   `tfsdk:"fingerprint"`
	Key         types.String   `tfsdk:"key"`
}

// temporaryLifetime is when a temporary key expires that nobody revoked, if Clarifai
// lets keys expire.
const temporaryLifetime = 24 * time.Hour

// closeTimeout is how long Close asks about a key that may be revoked already. OpenTofu
// gives up after ten seconds.
const closeTimeout = 7 * time.Second

// noteTemporary holds what Close needs to find the key, without its secret.
const noteTemporary base.Note[key.Ref] = "temporary_key"

func (t *temporaryAppKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key that is created when Terraform needs it and revoked when Terraform no longer needs " +
			"it, in the same run. Terraform opens it at plan and at apply, so the PAT must be allowed to create keys at plan too. Requires " +
			"Terraform 1.10 or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: base.AppID(), MarkdownDescription: "App that the key gives access to.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
				MarkdownDescription: "Owner of the app. Default: the provider's user.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: base.Description(), MarkdownDescription: "What the key is for. It follows the words that mark the key " +
					"as temporary.",
			},
			"scopes": schema.SetAttribute{
				CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true, Validators: []validator.Set{scope.ScopeNames()},
				MarkdownDescription: "What the key may do, such as `Inputs:Get`. At least one of `scopes` and `endpoints` is required.",
			},
			"endpoints": schema.SetAttribute{
				CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Optional: true, Validators: []validator.Set{scope.EndpointNames()},
				MarkdownDescription: "API methods that the key is limited to, such as `/clarifai.api.V2/PostModelOutputs`.",
			},
			"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. Not a secret."},
			"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
			"key":         schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret."},
		},
	}
}

// ValidateConfig refuses a key without any limit.
func (t *temporaryAppKeyEphemeral) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	key.ValidateLimits(ctx, req.Config, &resp.Diagnostics)
}

// Open creates the key and passes it to Terraform. If that fails it revokes the key.
func (t *temporaryAppKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config temporaryAppKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := t.Account(ctx, &config.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	asked := inventory.NewKey{
		UserID: config.UserID.ValueString(), AppID: config.AppID.ValueString(),
		Scopes: config.Scopes.Strings(), Endpoints: config.Endpoints.Strings(),
		Description: key.TemporaryDescription(inv.Now(), config.Description.ValueString()), Lifetime: temporaryLifetime,
	}
	created, err := inv.CreateKey(ctx, asked)
	if err != nil {
		addTemporaryError(&resp.Diagnostics, asked, err)
		return
	}
	addCreated(asked, created, &resp.Diagnostics)
	id, undo := created.ID(), func(ctx context.Context) error { return inv.DeleteKey(ctx, created.Ref(), created.Value) }
	t.Cleanup().Add(id, undo)
	noteTemporary.Set(ctx, resp.Private, created.Ref(), &resp.Diagnostics)
	config.UserID, config.ID = types.StringValue(created.UserID), types.StringValue(id)
	config.Fingerprint, config.Key = types.StringValue(created.Fingerprint), types.StringValue(created.Value.Reveal())
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
	if !resp.Diagnostics.HasError() {
		return
	}
	// Terraform closes nothing that did not open.
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	if err := undo(detached); err != nil {
		addRevokeError(&resp.Diagnostics, id, err)
		return
	}
	t.Cleanup().Done(id)
}

// Close revokes the key, even in a run that is being canceled. That the key is
// gone counts as success only if the account answers.
func (t *temporaryAppKeyEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	ref := noteTemporary.Get(ctx, req.Private, &resp.Diagnostics)
	if ref.Fingerprint == "" {
		resp.Diagnostics.AddError("Cannot revoke temporary app key",
			"Terraform did not pass back what the provider stored about the key. Look in Clarifai for a key whose description "+
				"begins with \""+key.TemporaryMark+"\" and delete it.")
		return
	}
	inv, ok := t.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	detached, cancel := inventory.Detached(ctx)
	defer cancel()
	limited, stop := context.WithTimeout(detached, closeTimeout)
	defer stop()
	err := key.Revoke(limited, inv, ref)
	_, doubt := errors.AsType[*inventory.ContradictionError](err)
	late := limited.Err() != nil
	if late && !doubt && err != nil { // throttled, or no answer
		err = key.Revoke(detached, inv, ref)
	}
	switch {
	case late && doubt: // the end of the process tries once more
		resp.Diagnostics.AddWarning("Cannot revoke temporary app key",
			"Clarifai says that the key "+ref.ID()+" does not exist, but may say so because it is new. "+
				"If Clarifai shows a key whose description begins with \""+key.TemporaryMark+"\" after the run, delete it.")
	case err != nil:
		addRevokeError(&resp.Diagnostics, ref.ID(), err)
	default:
		t.Cleanup().Done(ref.ID())
	}
}

// addTemporaryError adds the error for a key that was not created. That its app
// does not exist is mostly a matter of when Terraform creates the key.
func addTemporaryError(diags *diag.Diagnostics, asked inventory.NewKey, err error) {
	var hint string
	if errors.Is(err, inventory.ErrGone) {
		hint = "Terraform creates a temporary key at plan, unless something in its block is known only after apply. If the same " +
			"configuration creates the app, " +
			"set user_id = clarifai_app.….user_id in the block, beside app_id: Terraform does not know it before the app exists, and waits."
	}
	app := clarifai.AppRef{UserID: asked.UserID, AppID: asked.AppID}
	advice.App{AppRef: app}.AddError(diags, "create temporary app key", err, hint)
}

func addRevokeError(diags *diag.Diagnostics, id string, err error) {
	advice.AddError(diags, "revoke temporary app key", "key "+id, err,
		"Delete it in Clarifai, where its description begins with \""+key.TemporaryMark+"\".")
}
