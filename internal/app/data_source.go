package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

var (
	_ datasource.DataSource              = (*appDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*appDataSource)(nil)
)

// NewAppDataSource returns the data source clarifai_app.
func NewAppDataSource() datasource.DataSource { return &appDataSource{} }

type appDataSource struct {
	base.DataSource
}

// Metadata names the data source.
func (d *appDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app"
}

// Schema describes the data source's attributes.
func (d *appDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := computedAttributes()
	attributes["id"] = schema.StringAttribute{Required: true, Validators: base.OwnAppID(), MarkdownDescription: "App ID."}
	attributes["user_id"] = schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the app. Default: the provider's user."}
	resp.Schema = schema.Schema{MarkdownDescription: "Looks up an app by its ID.", Attributes: attributes}
}

// computedAttributes describes appModel.
func computedAttributes() map[string]schema.Attribute {
	computed := func(text string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	return map[string]schema.Attribute{
		"id":               computed("App ID."),
		"user_id":          computed("Owner of the app."),
		"name":             computed("Display name."),
		"default_language": computed("Language of the app's concepts."),
		"sample_ms": schema.Int64Attribute{Computed: true, MarkdownDescription: "Interval between the frames that are sampled from a " +
			"video, in milliseconds."},
		"is_template": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the app is a template for other apps. Clarifai " +
			"deprecated the duplication of apps in April 2026, so it has no use left."},
		"visibility":  computed("Who can see the app: `PRIVATE`, `ORG` or `PUBLIC`."),
		"description": computed("Short description."),
		"notes":       computed("Notes."),
		"metadata":    computed("JSON object for the users' own use."),
		"default_workflow": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "Base workflow of the app.",
			Attributes: map[string]schema.Attribute{
				"id":      computed("Workflow ID."),
				"user_id": computed("Owner of the workflow."),
				"app_id":  computed("App of the workflow."),
			},
		},
		"created_at": computed("When the app was created (RFC 3339)."),
	}
}

// Read looks the app up.
func (d *appDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config appModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := d.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := d.User(ctx, inv, config.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	ref := clarifai.AppRef{UserID: user, AppID: config.ID.ValueString()}
	if !d.MayAsk(ctx, inv, ref, &resp.Diagnostics) {
		return
	}
	app, err := inv.App(ctx, ref, inventory.Checked)
	if err != nil {
		advice.App{UserID: user, ID: ref.AppID, Attribute: "id"}.AddError(&resp.Diagnostics, "read app", err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, appFromAPI(app, user, appModel{}))...)
}
