package app

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

var (
	_ resource.Resource                = (*appResource)(nil)
	_ resource.ResourceWithConfigure   = (*appResource)(nil)
	_ resource.ResourceWithIdentity    = (*appResource)(nil)
	_ resource.ResourceWithImportState = (*appResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*appResource)(nil)
)

// NewAppResource returns the resource clarifai_app.
func NewAppResource() resource.Resource { return &appResource{} }

type appResource struct {
	base.Resource
}

// appResourceModel is the resource's state.
type appResourceModel struct {
	appModel
	Reindex      types.Bool `tfsdk:"reindex_on_workflow_change"`
	ForceDestroy types.Bool `tfsdk:"force_destroy"`
}

// Metadata names the resource. A rename changes its identity.
func (r *appResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app"
	resp.ResourceBehavior.MutableIdentity = true
}

// Schema describes the resource's attributes.
func (r *appResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keepState := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Clarifai app, which holds a tenant's models, inputs, workflows and API keys.\n\n" +
			"Every attribute except `user_id` is updated in place; a change of `id` renames the app, which keeps everything in it.\n\n" +
			"Destroying or replacing an app deletes everything in it and revokes its keys. An app that holds inputs, datasets, models or pipelines is not deleted " +
			"unless `force_destroy` is set.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required: true, Validators: base.OwnAppID(),
				MarkdownDescription: "App ID, unique within its owner. Clarifai documents 1 to 32 letters, digits, `-` and `_`. A change renames the app in place. An ID that another app gives up can only be used in a later apply.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "User or organization that owns the app. Default: the provider's user. A change replaces the app.",
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true, Validators: notEmpty, PlanModifiers: keepState,
				MarkdownDescription: "Display name. Clarifai has deprecated names in favor of IDs.",
			},
			"default_language": schema.StringAttribute{
				Optional: true, Computed: true, Validators: notEmpty, PlanModifiers: keepState,
				MarkdownDescription: "Language of the app's concepts, such as `en`.",
			},
			"sample_ms": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(1, 1<<32-1)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
				MarkdownDescription: "Interval between the frames that are sampled from a video, in milliseconds.",
			},
			"is_template": schema.BoolAttribute{
				Optional: true, Computed: true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "Whether the app is a template for other apps.",
			},
			"visibility": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: keepState,
				Validators:          []validator.String{visibility()},
				MarkdownDescription: "Who can see the app: `PRIVATE`, `ORG` or `PUBLIC`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: base.Description(),
				MarkdownDescription: "Short description. Clarifai may be unable to clear it: removing it then fails with an error that says what to do.",
			},
			"notes": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(64 << 10)},
				MarkdownDescription: "Notes, up to 64 KiB of Markdown. As with `description`, Clarifai may be unable to clear them.",
			},
			"metadata": schema.StringAttribute{
				Optional: true, Validators: []validator.String{jsonObject()},
				MarkdownDescription: "JSON object for your own use, compared by meaning. Use `jsonencode`.",
			},
			"default_workflow": schema.SingleNestedAttribute{
				Optional: true, Computed: true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "Base workflow of the app. Default: the one that Clarifai chooses.",
				Attributes: map[string]schema.Attribute{
					"id":      schema.StringAttribute{Required: true, Validators: notEmpty, MarkdownDescription: "Workflow ID, such as `Universal`."},
					"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: notEmpty, MarkdownDescription: "Owner of the workflow, such as `clarifai`."},
					"app_id":  schema.StringAttribute{Optional: true, Computed: true, Validators: notEmpty, MarkdownDescription: "App of the workflow, such as `main`."},
				},
			},
			"reindex_on_workflow_change": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether a change of `default_workflow` may index all inputs of the app again, which can cost money. Without it, Clarifai refuses such a change.",
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the app may be deleted while it holds inputs, datasets, models or pipelines. It must be applied before the destroy. Default: `false`.",
			},
			"created_at": schema.StringAttribute{
				Computed: true, PlanModifiers: keepState,
				MarkdownDescription: "When the app was created (RFC 3339).",
			},
		},
	}
}

// IdentitySchema describes how Terraform 1.12 and later identifies an app.
func (r *appResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Owner of the app. Default: the provider's user."},
		"id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App ID."},
	}}
}

// Create creates the app.
func (r *appResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan appResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, plan.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	asked := appPatch(plan.appModel, appModel{})
	asked.ID = plan.ID.ValueString()
	answer, err := inv.CreateApp(ctx, user, asked)
	if err != nil {
		if doubt := inv.OrGone(ctx, user, err); !errors.Is(doubt, inventory.ErrGone) {
			err = doubt // the account is the reason for a "not found"
		}
		asked.UserID = user
		addCreateError(&resp.Diagnostics, inv, asked, err)
		return
	}
	want := plan.appModel
	want.UserID = types.StringValue(user)
	plan.appModel = appWritten(ctx, inv, answer, want)
	if different := mismatches(want, plan.appModel); len(different) > 0 {
		for _, m := range different {
			m.AddWarning(&resp.Diagnostics)
		}
		plan.appModel = asPlanned(want, plan.appModel)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privatePriorApp, nil)...)
}

// Read refreshes the state. An app that is gone is removed from the state only
// if the account itself answers for the PAT.
func (r *appResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, state.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	state.UserID = types.StringValue(user)
	// Terraform before 1.12 has no identity to pass on, and the framework wants
	// one from every read, even from one that finds nothing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)

	id := state.ID.ValueString()
	newID, diags := base.PrivateText(ctx, req.Private, privatePendingRename)
	resp.Diagnostics.Append(diags...)
	app, err := findApp(ctx, inv, state.appModel, newID, &resp.Diagnostics)
	if errors.Is(err, inventory.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		advice.AddError(&resp.Diagnostics, "read app", "app "+user+"/"+id, err)
		return
	}
	state.appModel = appFromAPI(app, user, state.appModel)
	r.Data().NoteApp(state.stateApp())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update renames and patches the app in place.
func (r *appResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := appUpdate{resp: resp}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privatePriorApp, nil)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &u.state)...)
	var ok bool
	if u.inv, ok = r.Inventory(&resp.Diagnostics); !ok || resp.Diagnostics.HasError() {
		return
	}
	if u.plan.ID != u.state.ID && !u.rename(ctx) {
		return
	}
	got, ok := u.patch(ctx)
	if !ok {
		return
	}
	want := u.plan.appModel
	u.plan.appModel = got
	u.setState(ctx, u.plan)
	for _, m := range mismatches(want, got) {
		m.AddError(&resp.Diagnostics)
	}
}

// Delete deletes the app unless it holds what cannot be restored.
func (r *appResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state appResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if checkEmpty(ctx, inv, state.stateApp(), &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := inv.DeleteApp(ctx, state.UserID.ValueString(), state.ID.ValueString()); err != nil {
		advice.AddError(&resp.Diagnostics, "delete app", "app "+state.fullID(), err)
	}
}

// ImportState imports by user_id/app_id, by app_id or by identity.
func (r *appResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var target identityModel
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else {
		var ok bool
		if target, ok = parseImportID(req.ID); !ok {
			resp.Diagnostics.AddError("Invalid import ID", "An app is imported by user_id/app_id, or by app_id alone if it belongs to the provider's user.")
			return
		}
	}
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.User(ctx, inv, target.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	target.UserID = types.StringValue(user)
	if checkImport(ctx, inv, target, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), target.UserID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), target.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("force_destroy"), false)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, target)...)
}
