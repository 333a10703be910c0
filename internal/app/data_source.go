package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// NewAppDataSource returns the data source clarifai_app.
func NewAppDataSource() datasource.DataSource { return base.NewDataSource("app", appSchema(), readApp) }

func appSchema() schema.Schema {
	attributes := computedAttributes()
	attributes["id"] = schema.StringAttribute{Required: true, Validators: base.OwnAppID(), MarkdownDescription: "App ID."}
	attributes["user_id"] = schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the app. Default: the provider's user."}
	return schema.Schema{MarkdownDescription: "Looks up an app by its ID.", Attributes: attributes}
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

// readApp looks the app up.
func readApp(ctx context.Context, l *base.Lookup, m *appModel, diags *diag.Diagnostics) {
	inv, ok := l.Account(ctx, &m.UserID, diags)
	if !ok || !l.MayAsk(ctx, m.ref(), diags) {
		return
	}
	app, err := inv.App(ctx, m.ref(), inventory.Checked)
	if err != nil {
		advice.App{UserID: m.UserID.ValueString(), ID: m.ID.ValueString(), Attribute: "id"}.AddError(diags, "read app", err)
		return
	}
	*m = appFromAPI(app, m.UserID.ValueString(), appModel{})
}
