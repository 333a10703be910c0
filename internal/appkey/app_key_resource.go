package appkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ resource.Resource                   = (*appKeyResource)(nil)
	_ resource.ResourceWithConfigure      = (*appKeyResource)(nil)
	_ resource.ResourceWithIdentity       = (*appKeyResource)(nil)
	_ resource.ResourceWithImportState    = (*appKeyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*appKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*appKeyResource)(nil)
)

// NewAppKeyResource returns the resource clarifai_app_key.
func NewAppKeyResource() resource.Resource { return &appKeyResource{} }

type appKeyResource struct {
	providerdata.Resource
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
			"Deleting an app revokes its keys. If a plan replaces an app, because of `-replace`, a taint or a new owner, it also updates the keys whose " +
			"`app_id` refers to that app, and the apply recreates them after it. That needs a reference such as `clarifai_app.example.id`, the same provider " +
			"configuration for both, and a plan that refreshes both: with `-refresh=false`, or with `-target` on the app alone, the next plan recreates the keys." + "\n\n" +
			"An app key cannot use models or workflows of other apps, not even Clarifai's own, and the base workflow that a new app gets by default uses Clarifai's models. " +
			"For keys that add inputs, search or predict, give the app a `default_workflow` whose models are in the app, or `Empty`, which uses none. The plan warns otherwise.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: providerdata.AppID(),
				MarkdownDescription: "App that the key gives access to. Updated in place: if Terraform renames the app, the key and its value stay; in any other app, a new key is created before the old one is revoked.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: providerdata.OwnerID(),
				MarkdownDescription: "User or organization that owns the app. Default: the provider's user for a new key, the owner in the state for an existing one. A change is like one of `app_id`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: providerdata.Description(),
				MarkdownDescription: "What the key is for. Updated in place. Clarifai may be unable to clear it: removing it then fails with an error that says what to do.",
			},
			"scopes": schema.SetAttribute{
				CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true,
				Validators:    []validator.Set{scope.ScopeNames()},
				PlanModifiers: []planmodifier.Set{scope.KeepEquivalent(), scope.RequiresReplace()},
				MarkdownDescription: "What the key may do, such as `Inputs:Get` (or `Inputs_Get`). A change replaces the key. " +
					"Order, spelling and dependencies that Clarifai adds to what it stores make no difference; an import takes over what Clarifai has stored. At least one of `scopes` and `endpoints` is required.",
			},
			"endpoints": schema.SetAttribute{
				CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Optional: true,
				Validators:          []validator.Set{scope.EndpointNames()},
				PlanModifiers:       []planmodifier.Set{scope.KeepEquivalent(), scope.RequiresReplace()},
				MarkdownDescription: "API methods that the key is limited to, such as `/clarifai.api.V2/PostModelOutputs`. A change replaces the key.",
			},
			"keepers": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Values of your choice. A change of any of them replaces the key: use them to rotate it. The first ones after an import are only recorded and replace nothing.",
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
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`user_id/app_id/fingerprint`. Not a secret.",
			},
			"fingerprint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "First 16 hex digits of the SHA-256 of the key. Not a secret.",
			},
			"created_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the key was created (RFC 3339).",
			},
			"expires_at": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the key expires (RFC 3339); null if it does not. The plan warns 30 days before, and replaces the key afterwards.",
			},
		},
	}
}

// IdentitySchema describes how Terraform 1.12 and later identifies a key.
func (r *appKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id":     identityschema.StringAttribute{RequiredForImport: true, Description: "Owner of the app."},
		"app_id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App that the key gives access to."},
		"fingerprint": identityschema.StringAttribute{RequiredForImport: true, Description: "First 16 hex digits of the SHA-256 of the key."},
	}}
}

// ValidateConfig refuses a key without any limit and warns about scopes that
// will not do what they seem to.
func (r *appKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	validateLimits(ctx, req.Config, &resp.Diagnostics)
}

// Create creates the key, exactly once.
func (r *appKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan appKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, plan.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	created, err := createKey(ctx, inv, plan.newKey(user), &resp.Diagnostics)
	if err != nil {
		return
	}
	d := newDefaults(plan, created.Key)
	d.storeNew(ctx, resp.Private, &resp.Diagnostics)
	got := keyFromAPI(created.Key, plan, d)
	if m, differs := descriptionMismatch(plan, got); differs {
		m.AddWarning(&resp.Diagnostics)
		got.Description = plan.Description
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	clearNotes(ctx, resp.Private, &resp.Diagnostics)
}

// Read refreshes the state. A key that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics) // null in a state that was edited by hand
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	// Terraform before 1.12 has no identity to pass on, and the framework wants
	// one from every read, even from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	k, err := inv.FindKey(ctx, state.UserID.ValueString(), state.AppID.ValueString(), state.Fingerprint.ValueString())
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		providerdata.AddError(&resp.Diagnostics, "read app key", "key "+state.ID.ValueString(), err)
		return
	}
	r.Data().NoteRead(k.ID())
	r.noteRecreated(ctx, k, resp)
	d, diags := defaultsFor(ctx, req.Private, state, k)
	resp.Diagnostics.Append(diags...)
	if !isEmpty(state.Endpoints) && len(k.Endpoints) > 0 {
		forgetHiddenEndpoints(ctx, req.Private, resp.Private, &resp.Diagnostics)
	}
	got := keyFromAPI(k, state, d)
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	if !got.AppID.Equal(state.AppID) {
		from := state.AppID.ValueString()
		if !r.Data().HasRead(got.ref().app()) { // else Terraform renamed the app, or the app's own refresh says so
			resp.Diagnostics.AddWarning("App renamed outside of Terraform",
				fmt.Sprintf("The app %s was renamed to %q: its key %s is there.", state.ref().app(), k.AppID, k.Fingerprint))
		}
		resp.Diagnostics.Append(providerdata.SetPrivateText(ctx, resp.Private, privateRenamedOutside, from)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	}
}

// Update patches the description, moves the key to another app, and fills or
// clears the stored secret.
func (r *appKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := keyUpdate{private: req.Private, resp: resp}
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
		providerdata.AddError(&resp.Diagnostics, "delete app key", "key "+state.ID.ValueString(), err)
	}
}

// ImportState imports by an ID in one of the forms of parseImportID, or by
// identity.
func (r *appKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok {
		return
	}
	target := importTargetOf(ctx, inv, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if target.UserID, ok = r.User(ctx, inv, types.StringValue(target.UserID), &resp.Diagnostics); !ok {
		return
	}
	if checkImport(ctx, inv, target.keyRef, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]any{
		"id": target.id(), "user_id": target.UserID, "app_id": target.AppID, "fingerprint": target.Fingerprint, "store_key": target.StoreKey,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, []byte("true"))...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, target.identity())...)
}
