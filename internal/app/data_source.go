package app

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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

func readApp(ctx context.Context, l *base.Lookup, m *appModel, diags *diag.Diagnostics) {
	inv, ok := l.Account(ctx, &m.UserID, diags)
	if !ok || !l.MayAsk(ctx, m.ref(), diags) {
		return
	}
	app, err := inv.App(ctx, m.ref(), inventory.Checked)
	if err != nil {
		advice.App{AppRef: m.ref(), Attribute: "id"}.AddError(diags, "read app", err)
		return
	}
	*m = appFromAPI(app, m.UserID.ValueString(), appModel{})
}

// NewAppsDataSource returns the data source clarifai_apps.
func NewAppsDataSource() datasource.DataSource {
	return base.NewDataSource("apps", appsSchema(), readApps)
}

type appsDataSourceModel struct {
	UserID     types.String `tfsdk:"user_id"`
	Search     types.String `tfsdk:"search"`
	IDPrefix   types.String `tfsdk:"id_prefix"`
	Visibility types.String `tfsdk:"visibility"`
	Apps       []appModel   `tfsdk:"apps"`
}

func appsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the apps that an account owns: all of them, or those that match every filter. If " +
			"none does, the list is empty. It takes a request per 1,000 apps and one for the end.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the apps. " +
				"Default: the provider's user."},
			"search": schema.StringAttribute{Optional: true, MarkdownDescription: "Only apps that Clarifai's search finds with these " +
				"words, in the ID, the name or the texts."},
			"id_prefix":  schema.StringAttribute{Optional: true, MarkdownDescription: "Only apps whose ID starts with this."},
			"visibility": schema.StringAttribute{Optional: true, Validators: []validator.String{visibility()}, MarkdownDescription: "Only apps with this visibility: `PRIVATE`, `ORG` or `PUBLIC`."},
			"apps": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The apps, by ID.",
				NestedObject: schema.NestedAttributeObject{Attributes: computedAttributes()},
			},
		},
	}
}

// readApps lists the apps. No listing from before holds what Clarifai's search finds.
func readApps(ctx context.Context, l *base.Lookup, m *appsDataSourceModel, diags *diag.Diagnostics) {
	inv, ok := l.Account(ctx, &m.UserID, diags)
	if !ok {
		return
	}
	user, search, fresh := m.UserID.ValueString(), m.Search.ValueString(), l.Fresh()
	if search != "" {
		fresh = inventory.Now
	}
	apps, err := inv.Apps(ctx, user, search, fresh)
	if err != nil {
		advice.AddError(diags, "list apps", "apps of "+user, err)
		return
	}
	m.Apps = []appModel{}
	for _, a := range apps {
		if listed := appFromAPI(a, user, appModel{}); m.matches(listed) {
			m.Apps = append(m.Apps, listed)
		}
	}
}

// matches reports whether the filters other than search include an app.
func (m appsDataSourceModel) matches(app appModel) bool {
	return strings.HasPrefix(app.ID.ValueString(), m.IDPrefix.ValueString()) && (m.Visibility.IsNull() || m.Visibility.Equal(app.Visibility))
}
