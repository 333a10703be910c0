package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

var (
	_ datasource.DataSource              = (*DataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*DataSource)(nil)
)

// DataSource is the data source clarifai_app.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource is the data source clarifai_app for the registry.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata names the data source.
func (d *DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app"
}

// Schema is the data source's attributes.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := func(text string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One app, by its ID.",
		Attributes: map[string]schema.Attribute{
			"id":               schema.StringAttribute{Required: true, Validators: []validator.String{appID{}}, MarkdownDescription: "App ID."},
			"user_id":          schema.StringAttribute{Optional: true, Computed: true, Validators: providerdata.OwnerID(), MarkdownDescription: "Owner of the app. Default: the provider's user."},
			"name":             computed("Display name."),
			"default_language": computed("Language of the app's concepts."),
			"sample_ms":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Milliseconds between the frames that are sampled from a video."},
			"is_template":      schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the app is a template for others."},
			"visibility":       computed("Who can see the app: `PRIVATE`, `ORG` or `PUBLIC`."),
			"description":      computed("Short description."),
			"notes":            computed("Notes."),
			"metadata":         schema.StringAttribute{Computed: true, MarkdownDescription: "JSON object of the app's users."},
			"default_workflow": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "Base workflow of the app.",
				Attributes: map[string]schema.Attribute{
					"id":      computed("Workflow ID."),
					"user_id": computed("Owner of the workflow."),
					"app_id":  computed("App of the workflow."),
				},
			},
			"created_at": computed("When the app was made (RFC 3339)."),
		},
	}
}

// Read looks the app up.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config facts
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := d.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := d.User(ctx, inv, config.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	id := config.ID.ValueString()
	app, err := inv.FindApp(ctx, user, id)
	newID, moved := clarifai.IsMoved(err)
	switch {
	case moved:
		resp.Diagnostics.AddAttributeError(path.Root("id"), "The app was renamed", fmt.Sprintf("The app %s/%s is called %q now; use that id.", user, id, newID))
	case errors.Is(err, inventory.ErrGone):
		resp.Diagnostics.AddAttributeError(path.Root("id"), "No such app", fmt.Sprintf("%s has no app %q. Check id and user_id.", user, id))
	case err != nil:
		providerdata.AddError(&resp.Diagnostics, "reading", "app "+user+"/"+id, err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, factsFromAPI(app, user, facts{}))...)
	}
}
