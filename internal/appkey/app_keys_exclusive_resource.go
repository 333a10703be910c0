package appkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

var (
	_ resource.Resource                   = (*appKeysExclusiveResource)(nil)
	_ resource.ResourceWithConfigure      = (*appKeysExclusiveResource)(nil)
	_ resource.ResourceWithIdentity       = (*appKeysExclusiveResource)(nil)
	_ resource.ResourceWithImportState    = (*appKeysExclusiveResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*appKeysExclusiveResource)(nil)
	_ resource.ResourceWithValidateConfig = (*appKeysExclusiveResource)(nil)
)

// NewAppKeysExclusiveResource returns the resource clarifai_app_keys_exclusive: the
// keys that an app may have.
func NewAppKeysExclusiveResource() resource.Resource { return &appKeysExclusiveResource{} }

type appKeysExclusiveResource struct {
	base.Resource
}

// Metadata names the resource. A rename of its app changes its identity.
func (r *appKeysExclusiveResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_keys_exclusive"
	resp.ResourceBehavior.MutableIdentity = true
}

// Schema describes the resource's attributes.
func (r *appKeysExclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The only keys that an app may have: the plan shows every other key of the app, and the apply **revokes** it.\n\n" +
			"**An apply revokes only keys that its plan has named under `other_keys`.** A warning of that plan lists them. A key that somebody adds after the plan stays until the next plan shows it. " +
			"The first apply for an existing app only records the other keys; the plan after it shows them, and the apply of that plan revokes them. " +
			"A key that leaves `key_ids` is not revoked at once either: the next plan shows it. " +
			"The one exception is an app that the same apply creates: of what it holds, everything that the apply did not create is revoked at once, such as a default key made by Clarifai. A key that another provider configuration creates there must be in `key_ids`.\n\n" +
			"Destroying this resource revokes nothing.\n\n" +
			"Use one `clarifai_app_keys_exclusive` per app, and put the IDs of all its keys into it: two of them would revoke each other's keys. " +
			"List the `id` of each `clarifai_app_key` of the app by reference, so that Terraform creates the keys first. " +
			"For a key that rotates in place, list all its living keys: `key_ids` of a `clarifai_rotating_app_key`.\n\n" +
			"Some keys are left alone, and a warning names them: keys of `clarifai_temporary_app_key` for 24 hours, which a run may be using, " +
			"and the previous and successor keys of a rotating key in `key_ids`. Their descriptions mark them as such. Anyone who can create keys can write such a description, so read the warning.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required: true, Validators: base.AppID(),
				MarkdownDescription: "App whose keys these are. Updated in place: an apply that changes it revokes nothing, whether Terraform renames the app or this is another app. The next plan shows the other keys.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "User or organization that owns the app. Default: the provider's user for a new resource, the owner in the state for an existing one. A change replaces this resource, which revokes nothing.",
			},
			"key_ids": schema.SetAttribute{
				ElementType: types.StringType, Required: true,
				MarkdownDescription: "IDs of the keys to keep, each `user_id/app_id/fingerprint`. Never the keys themselves.",
			},
			"allow_none": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether `key_ids` may be empty, for an app that must have no key. Default: `false`.",
			},
			"other_keys": schema.MapAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "Descriptions, cut to 100 characters, of the keys that the app has besides those in `key_ids`, by ID. A plan that removes them from this map **revokes** those that it does not add to `key_ids`. In a new resource, it holds what the next plan will show.",
			},
		},
	}
}

// IdentitySchema describes how Terraform 1.12 and later identifies the resource.
func (r *appKeysExclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Owner of the app."},
		"app_id":  identityschema.StringAttribute{RequiredForImport: true, Description: "App whose keys these are."},
	}}
}

// ValidateConfig refuses an empty set and keys of another app.
func (r *appKeysExclusiveResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config appKeysExclusiveModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		config.checkKeyIDs(&resp.Diagnostics)
	}
}

// Create records the other keys of the app. If this run created the app, it revokes
// those that the run did not create.
func (r *appKeysExclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	u := exclusiveUpdate{resource: r, revoked: revokedKeys{}, diags: &resp.Diagnostics}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	got, ok := u.apply(ctx)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	resp.Diagnostics.Append(u.revoked.store(ctx, resp.Private, u.inv.Now())...)
}

// Read shows the other keys of the app. It sends no request beyond those that the
// app's keys in the same plan need.
func (r *appKeysExclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appKeysExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	revoked, diags := storedRevoked(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	living, err := livingKeys(ctx, inv, state)
	if newID, moved := clarifai.IsMoved(err); moved && newID != "" { // the app's own refresh says so
		state.AppID = types.StringValue(newID)
		living, err = livingKeys(ctx, inv, state)
	}
	_, moved := clarifai.IsMoved(err)
	if moved || errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app keys", "app "+state.app(), err)
		return
	}
	others, marked := appKeys{living: living, kept: state.kept(), revoked: revoked, now: inv.Now()}.sort()
	warnMarked(inv, state, marked, &resp.Diagnostics)
	state.OtherKeys = otherKeysFromAPI(inv, others)
	r.Data().NoteRead(exclusiveNote(state))
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update revokes the keys that the plan named, unless the app is another one now.
func (r *appKeysExclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := exclusiveUpdate{resource: r, diags: &resp.Diagnostics}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	u.prior = &appKeysExclusiveModel{}
	resp.Diagnostics.Append(req.State.Get(ctx, u.prior)...)
	revoked, diags := storedRevoked(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	u.revoked = revoked
	got, ok := u.apply(ctx)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	resp.Diagnostics.Append(u.revoked.store(ctx, resp.Private, u.inv.Now())...)
}

// Delete revokes nothing: the app may have any key from now on.
func (r *appKeysExclusiveResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// ImportState imports by user_id/app_id or by identity. All living keys of the app
// are taken for those to keep, so the first plan shows which of them the
// configuration leaves out.
func (r *appKeysExclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	state := appKeysExclusiveModel{AllowNone: types.BoolValue(false), OtherKeys: otherKeysFromAPI(nil, nil)}
	r.importTarget(ctx, req, &state, &resp.Diagnostics)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	living, err := inv.ListedAppKeys(ctx, user, state.AppID.ValueString())
	switch {
	case errors.Is(err, inventory.ErrGone):
		resp.Diagnostics.AddError("Cannot import app keys", fmt.Sprintf("%s has no app %q.", user, state.AppID.ValueString()))
		return
	case err != nil:
		advice.AddError(&resp.Diagnostics, "import app keys", "app "+state.app(), err)
		return
	}
	ids := []string{}
	for _, k := range living {
		ids = append(ids, k.ID())
	}
	set, diags := types.SetValueFrom(ctx, types.StringType, ids)
	resp.Diagnostics.Append(diags...)
	state.KeyIDs = set
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// importTarget sets the app that a request asks to import, or adds an error, which
// does not repeat the given ID: it may hold a key.
func (r *appKeysExclusiveResource) importTarget(ctx context.Context, req resource.ImportStateRequest, state *appKeysExclusiveModel, diags *diag.Diagnostics) {
	var target appIdentityModel
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		diags.Append(req.Identity.Get(ctx, &target)...)
	} else {
		user, app, _ := strings.Cut(req.ID, "/")
		target = appIdentityModel{UserID: types.StringValue(user), AppID: types.StringValue(app)}
	}
	state.UserID, state.AppID = target.UserID, target.AppID
	if !base.IsOwnerID(target.UserID.ValueString()) || !base.IsAppID(target.AppID.ValueString()) {
		diags.AddError("Invalid import ID", "The keys of an app are imported by user_id/app_id.")
	}
}

// livingKeys returns the keys of the app as the listings of this plan have them.
func livingKeys(ctx context.Context, inv *inventory.Inventory, m appKeysExclusiveModel) ([]clarifai.Key, error) {
	user, app := m.UserID.ValueString(), m.AppID.ValueString()
	if len(m.KeyIDs.Elements()) == 0 {
		// Without keys, the app's own listing would be a request that nothing else needs.
		keys, err := inv.KnownAppKeys(ctx, user, app)
		if err == nil && len(keys) == 0 {
			_, err = inv.FindApp(ctx, user, app)
		}
		return keys, inv.OrGone(ctx, user, err)
	}
	keys, err := inv.ListedAppKeys(ctx, user, app)
	if err == nil && m.losesAll(keys) { // the account's listing may lack some
		return inv.AppKeysDirect(ctx, user, app)
	}
	return keys, err
}

// exclusiveNote is the name under which Read notes that it was called: the app
// itself has the plain ID.
func exclusiveNote(m appKeysExclusiveModel) string { return "exclusive/" + m.app() }

// warnMarked names the keys that are left alone because of a mark. A temporary key
// that this run created is none of them: it is known to be one.
func warnMarked(inv *inventory.Inventory, m appKeysExclusiveModel, marked []clarifai.Key, diags *diag.Diagnostics) {
	marked = slices.DeleteFunc(marked, func(k clarifai.Key) bool { return inv.HasCreatedKey(k.UserID, k.Fingerprint) })
	if len(marked) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("other_keys"), "App keys are left alone", fmt.Sprintf(
		"The app %s has keys that key_ids does not name, and whose descriptions mark them as temporary keys of a Terraform run or as part of a rotation:\n%s\n\n"+
			"They are not revoked. Anyone can write such a description: if you do not know a key, delete it in Clarifai.", m.app(), named(inv, marked)))
}
