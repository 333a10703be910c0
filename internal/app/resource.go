package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

var _ base.ManagedResource = (*appResource)(nil)

// NewAppResource returns the resource clarifai_app.
func NewAppResource() resource.Resource { return newAppResource() }

func newAppResource() *appResource { return &appResource{base.Resource{Name: "app"}} }

type appResource struct {
	base.Resource
}

// appResourceModel is the resource's state.
type appResourceModel struct {
	appModel
	Reindex      types.Bool `tfsdk:"reindex_on_workflow_change"`
	ForceDestroy types.Bool `tfsdk:"force_destroy"`
}

func (r *appResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keepState := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Clarifai app, which holds a tenant's models, inputs, workflows and API keys.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required: true, Validators: base.OwnAppID(),
				MarkdownDescription: "App ID, unique within its owner. Clarifai documents 1 to 32 letters, digits, `-` and `_`. A change renames " +
					"the app in place. An ID that another app gives up can only be used in a later apply.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
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
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "Whether the app is a template for other apps. Clarifai deprecated the duplication of apps in April 2026, so " +
					"it has no use left.",
			},
			"visibility": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: keepState,
				Validators:          []validator.String{visibility()},
				MarkdownDescription: "Who can see the app: `PRIVATE`, `ORG` or `PUBLIC`.",
			},
			"description": schema.StringAttribute{
				Optional: true, Validators: base.Description(),
				MarkdownDescription: "Short description. Clarifai may be unable to clear it: removing it then fails with an error that says " +
					"what to do.",
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
					"id": schema.StringAttribute{Required: true, Validators: notEmpty, MarkdownDescription: "Workflow ID, such as `Universal`."},
					"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: notEmpty, MarkdownDescription: "Owner of the workflow, " +
						"such as `clarifai`."},
					"app_id": schema.StringAttribute{Optional: true, Computed: true, Validators: notEmpty, MarkdownDescription: "App of the workflow, " +
						"such as `main`."},
				},
			},
			"reindex_on_workflow_change": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a change of `default_workflow` may index all inputs of the app again, which can cost money. Without " +
					"it, Clarifai refuses such a change.",
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the app may be deleted while it holds inputs, datasets, models or pipelines. It must be applied " +
					"before the destroy. Default: `false`.",
			},
			"created_at": schema.StringAttribute{
				Computed: true, PlanModifiers: keepState,
				MarkdownDescription: "When the app was created (RFC 3339).",
			},
		},
	}
}

func (r *appResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Owner of the app. Default: the provider's user."},
		"id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App ID."},
	}}
}
