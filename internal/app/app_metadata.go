package app

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

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

	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

// Schema is the resource's attributes.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	filled := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A Clarifai app: a tenant's models, inputs, workflows and API keys.\n\n" +
			"A change of any attribute but `user_id` is made in place; a change of `id` renames the app, which keeps all that is in it.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required: true, Validators: []validator.String{appID{}},
				MarkdownDescription: "App ID, unique within its owner. Clarifai documents 1 to 32 letters, digits, `-` and `_`. A change renames the app in place; to an id that another app gives up, only in a later apply.",
			},
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: providerdata.OwnerID(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "User or organization that owns the app. Default: the provider's. A change replaces the app.",
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true, Validators: filled, PlanModifiers: keep,
				MarkdownDescription: "Display name. Clarifai has deprecated names in favour of IDs.",
			},
			"default_language": schema.StringAttribute{
				Optional: true, Computed: true, Validators: filled, PlanModifiers: keep,
				MarkdownDescription: "Language of the app's concepts, such as `en`.",
			},
			"sample_ms": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.Between(1, 1<<32-1)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
				MarkdownDescription: "Milliseconds between the frames that are sampled from a video.",
			},
			"is_template": schema.BoolAttribute{
				Optional: true, Computed: true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "Whether the app is a template for others.",
			},
			"visibility": schema.StringAttribute{
				Optional: true, Computed: true, PlanModifiers: keep,
				Validators:          []validator.String{stringvalidator.OneOf("PRIVATE", "ORG", "PUBLIC")},
				MarkdownDescription: "Who can see the app: `PRIVATE`, `ORG` or `PUBLIC`.",
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Short description. Clarifai may be unable to clear it: then removing it ends in an error that says what to do.",
			},
			"notes": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(64 << 10)},
				MarkdownDescription: "Notes, up to 64 KiB of Markdown. As with `description`, clearing may be impossible.",
			},
			"metadata": schema.StringAttribute{
				Optional: true, Validators: []validator.String{jsonObject{}},
				MarkdownDescription: "JSON object of your own, compared by meaning. Use `jsonencode`.",
			},
			"default_workflow": schema.SingleNestedAttribute{
				Optional: true, Computed: true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "Base workflow of the app. Default: the one that Clarifai chooses.",
				Attributes: map[string]schema.Attribute{
					"id":      schema.StringAttribute{Required: true, Validators: filled, MarkdownDescription: "Workflow ID, such as `Universal`."},
					"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: filled, MarkdownDescription: "Owner of the workflow, such as `clarifai`."},
					"app_id":  schema.StringAttribute{Optional: true, Computed: true, Validators: filled, MarkdownDescription: "App of the workflow, such as `main`."},
				},
			},
			"reindex_on_workflow_change": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether a change of `default_workflow` may index all inputs of the app anew, which can cost money. Without it Clarifai refuses such a change.",
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the app may be deleted while it holds inputs, datasets, models or pipelines. Has to be applied before the destroy. Default: `false`.",
			},
			"created_at": schema.StringAttribute{
				Computed: true, PlanModifiers: keep,
				MarkdownDescription: "When the app was made (RFC 3339).",
			},
		},
	}
}

// IdentitySchema is how Terraform 1.12 and later finds an app.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_id": identityschema.StringAttribute{OptionalForImport: true, Description: "Owner of the app. Default: the provider's user."},
		"id":      identityschema.StringAttribute{RequiredForImport: true, Description: "App ID."},
	}}
}

// appID refuses what can not be an app's id and warns of what Clarifai does not document.
type appID struct{}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (appID) Description(context.Context) string {
	return "value must be letters, digits, '-' and '_'"
}

func (v appID) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v appID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	id := req.ConfigValue.ValueString()
	switch {
	case !idForm.MatchString(id):
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid app ID",
			fmt.Sprintf("%s is %q; an app ID has 1 to 32 letters, digits, '-' and '_', and no spaces or periods.", req.Path, id))
	case id == "ids" || id == "searches":
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid app ID",
			fmt.Sprintf("%s is %q, which is a word of Clarifai's API paths: such an app could not be addressed. Choose another.", req.Path, id))
	case len(id) > 32:
		resp.Diagnostics.AddAttributeWarning(req.Path, "Long app ID",
			fmt.Sprintf("%s is %q, %d characters long; Clarifai documents at most 32 and may refuse it.", req.Path, id, len(id)))
	}
}

// jsonObject refuses JSON that is not an object.
type jsonObject struct{}

func (jsonObject) Description(context.Context) string { return "value must be a JSON object" }

func (v jsonObject) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v jsonObject) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var object map[string]any
	err := json.Unmarshal([]byte(req.ConfigValue.ValueString()), &object)
	if err != nil || object == nil {
		kind := "not a JSON object"
		if s := strings.TrimSpace(req.ConfigValue.ValueString()); json.Valid([]byte(s)) {
			kind = "JSON, but not an object"
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid metadata",
			fmt.Sprintf("%s is %s. Give an object, for example jsonencode({ tenant = \"acme\" }).", req.Path, kind))
	}
}
