package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ resource.Resource                   = (*appKeyResource)(nil)
	_ resource.ResourceWithConfigure      = (*appKeyResource)(nil)
	_ resource.ResourceWithIdentity       = (*appKeyResource)(nil)
	_ resource.ResourceWithImportState    = (*appKeyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*appKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*appKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*appKeyResource)(nil)
)

// NewAppKeyResource returns the resource clarifai_app_key.
func NewAppKeyResource() resource.Resource { return &appKeyResource{} }

type appKeyResource struct {
	keyResource
}

// keyResource is what the resources whose state is a key share.
type keyResource struct {
	base.Resource
}

// Metadata names the resource. A rename of its app changes its identity.
func (r *appKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_key"
	resp.ResourceBehavior.MutableIdentity = true
}

// Schema describes the resource's attributes. The framework runs every plan
// modifier for each of thousands of keys, so what several attributes decide
// together is in ModifyPlan instead.
func (r *appKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An app-specific API key: a secret that is limited to one app and to a set of scopes.\n\n" +
			"Clarifai's own ID of a key is the key itself. The `id` here is `user_id/app_id/fingerprint`, where the fingerprint is the first " +
			"16 hex digits of the SHA-256 of the key: it is safe in logs, plans and import blocks.\n\n" +
			"A change of `scopes`, `endpoints` or `keepers` replaces the key: Terraform revokes the old one and then creates the new one or, with `create_before_destroy`, " +
			"the other way round. Every other attribute is updated in place. Destroying the resource revokes the key.\n\n" +
			"Deleting an app revokes its keys. If a plan replaces an app, because of `-replace`, a taint or a new owner, it also updates the keys whose " +
			"`app_id` refers to that app, and the apply recreates them after it. That needs a reference such as `clarifai_app.example.id`, the same provider " +
			"configuration for both, and a plan that refreshes both: with `-refresh=false`, or with `-target` on the app alone, the next plan recreates the keys." + "\n\n" +
			"An app key cannot use models or workflows of other apps, not even Clarifai's own, and the base workflow that a new app gets by default uses Clarifai's models. " +
			"For keys that add inputs, search or predict, give the app a `default_workflow` whose models are in the app, or `Empty`, which uses none. The plan warns otherwise.",
		Attributes: keyAttributes("replaces", scope.RequiresReplace()),
	}
}

// ValidateConfig refuses a key without any limit and warns about scopes that
// will not do what they seem to.
func (r *appKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	key.ValidateLimits(ctx, req.Config, &resp.Diagnostics)
}

// Create creates the key, exactly once.
func (r *appKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan appKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if got, ok := r.create(ctx, plan, resp); ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	}
}

// Read refreshes the state. A key that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.beginRead(ctx, &state, resp)
	if !ok {
		return
	}
	k, err := inv.FindKey(ctx, state.UserID.ValueString(), state.AppID.ValueString(), state.Fingerprint.ValueString())
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, r.keyRead(ctx, k, state, keyReadCall{req, resp}))...)
}

// Update patches the description, moves the key to another app, and fills or
// clears the stored secret.
func (r *appKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := keyUpdate{private: req.Private, resp: resp}
	u.write = func(ctx context.Context, got appKeyModel) { resp.Diagnostics.Append(resp.State.Set(ctx, got)...) }
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &u.state)...)
	var ok bool
	if u.inv, ok = r.Inventory(&resp.Diagnostics); !ok || resp.Diagnostics.HasError() {
		return
	}
	recreated, diags := isAppRecreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	switch {
	case !u.plan.AppID.Equal(u.state.AppID), !u.plan.UserID.Equal(u.state.UserID):
		u.move(ctx)
	case recreated:
		u.recreate(ctx)
	default:
		u.patch(ctx)
	}
}

// Delete revokes the key.
func (r *appKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state appKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if err := revokeManaged(ctx, inv, state); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
}

// revokeManaged revokes the key of a state, which may not hold the secret.
func revokeManaged(ctx context.Context, inv *inventory.Inventory, state appKeyModel) error {
	if secret := clarifai.Secret(state.Key.ValueString()); secret != "" {
		return inv.DeleteKey(ctx, state.UserID.ValueString(), secret)
	}
	return key.Revoke(ctx, inv, state.ref())
}
