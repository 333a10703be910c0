// Package revoke serves the action clarifai_revoke_app_keys, for the day a key leaks.
package revoke

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

var (
	_ action.ActionWithConfigure      = (*revokeAction)(nil)
	_ action.ActionWithModifyPlan     = (*revokeAction)(nil)
	_ action.ActionWithValidateConfig = (*revokeAction)(nil)
)

// NewAction returns the action clarifai_revoke_app_keys.
func NewAction() action.Action { return &revokeAction{base.Action{Name: "revoke_app_keys"}} }

type revokeAction struct {
	base.Action
}

type revokeModel struct {
	AppID        types.String `tfsdk:"app_id"`
	UserID       types.String `tfsdk:"user_id"`
	KeyIDs       types.Set    `tfsdk:"key_ids"`
	ExceptKeyIDs types.Set    `tfsdk:"except_key_ids"`
	AllowNone    types.Bool   `tfsdk:"allow_none"`
}

func (a *revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes app-specific API keys of an app at once, whether or not Terraform manages them: for the day a key " +
			"leaks. It needs Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{Required: true, Validators: base.AppID(), MarkdownDescription: "App whose keys are revoked."},
			"user_id": schema.StringAttribute{Optional: true, Validators: base.OwnerID(), MarkdownDescription: "User or organization that owns " +
				"the app. Default: the provider's user."},
			"key_ids": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "IDs of the keys to revoke, `user_id/app_id/fingerprint`, never the keys themselves. No other key is " +
					"touched. Exactly one of `key_ids` and `except_key_ids` is required.",
			},
			"except_key_ids": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "IDs of the keys to keep: all others of the app are revoked, including temporary keys and those that other " +
					"configurations manage. If the app has none of them, nothing is revoked, unless `allow_none` is set.",
			},
			"allow_none": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether `except_key_ids` may leave the app without any key. Set it to `true`, with `except_key_ids = []`, " +
					"to revoke every key of the app. Default: `false`.",
			},
		},
	}
}

// ValidateConfig refuses what would revoke too much, or what names no key.
func (a *revokeAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		config.validate(&resp.Diagnostics)
	}
}

// ModifyPlan warns which keys the action would revoke.
func (a *revokeAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !a.Ready() {
		return
	}
	if config.hasUnknown() {
		resp.Diagnostics.AddWarning("Keys to revoke are not known yet",
			"Which keys the action revokes depends on values that are known only after apply, so this plan cannot name them.")
		return
	}
	r, ok := a.revocation(ctx, config, &resp.Diagnostics)
	if !ok {
		return
	}
	keys, err := r.list(ctx)
	switch {
	case errors.Is(err, inventory.ErrGone):
		resp.Diagnostics.AddAttributeWarning(path.Root("app_id"), "App not found", r.advised().Missing()+" Unless this run creates it, the "+
			"action fails.")
		return
	case err != nil:
		r.advised().AddError(&resp.Diagnostics, "list app keys", err)
		return
	}
	r.announce(r.choose(keys), &resp.Diagnostics)
}

// Invoke revokes the keys.
func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	a.Run(ctx, resp, func(tell func(string)) {
		var config revokeModel
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
		if resp.Diagnostics.HasError() {
			return
		}
		r, ok := a.revocation(ctx, config, &resp.Diagnostics)
		if !ok {
			return
		}
		r.tell = tell
		r.run(ctx, &resp.Diagnostics)
	})
}

// revocation returns what a known configuration asks for. Without success it adds
// an error.
func (a *revokeAction) revocation(ctx context.Context, config revokeModel, diags *diag.Diagnostics) (*revocation, bool) {
	inv, ok := a.Account(ctx, &config.UserID, diags)
	if !ok {
		return nil, false
	}
	named := config.validate(diags)
	return &revocation{
		inv: inv, Ref: key.Ref{UserID: config.UserID.ValueString(), AppID: config.AppID.ValueString()},
		named: named, only: !config.KeyIDs.IsNull(), allowNone: config.AllowNone.ValueBool(),
	}, !diags.HasError()
}

// hasUnknown reports whether anything that the action needs is not known yet.
func (m revokeModel) hasUnknown() bool {
	return m.AppID.IsUnknown() || m.UserID.IsUnknown() || base.HasUnknown(m.KeyIDs) || base.HasUnknown(m.ExceptKeyIDs) || m.AllowNone.IsUnknown()
}

// validate returns the keys that a configuration names, as far as they are known,
// and adds an error for what is wrong with it.
func (m revokeModel) validate(diags *diag.Diagnostics) (named []key.Ref) {
	empty := func(set types.Set) bool { return !set.IsNull() && !set.IsUnknown() && len(set.Elements()) == 0 }
	switch {
	case m.KeyIDs.IsNull() && m.ExceptKeyIDs.IsNull():
		diags.AddError("No keys to revoke", "Set key_ids to the IDs of the keys to revoke, or except_key_ids to the IDs of the keys to "+
			"keep. Nothing is revoked.")
	case !m.KeyIDs.IsNull() && !m.KeyIDs.IsUnknown() && !m.ExceptKeyIDs.IsNull() && !m.ExceptKeyIDs.IsUnknown():
		diags.AddError("Both key_ids and except_key_ids", "key_ids names the keys to revoke, except_key_ids those to keep. Set one of them. "+
			"Nothing is revoked.")
	case empty(m.KeyIDs):
		diags.AddAttributeError(path.Root("key_ids"), "No keys to revoke", "key_ids is empty. Set it to the IDs of the keys to revoke, "+
			"user_id/app_id/fingerprint.")
	case empty(m.ExceptKeyIDs) && !m.AllowNone.IsUnknown() && !m.AllowNone.ValueBool():
		diags.AddAttributeError(path.Root("except_key_ids"), "No keys to keep",
			"except_key_ids is empty, which would revoke every key of the app. If that is what you want, set allow_none = true. Nothing is revoked.")
	}
	return append(key.ParseIDs(m.KeyIDs, m.UserID, m.AppID, diags), key.ParseIDs(m.ExceptKeyIDs, m.UserID, m.AppID, diags)...)
}
