package app

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

var (
	_ datasource.DataSource              = (*appsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*appsDataSource)(nil)
)

// NewAppsDataSource returns the data source clarifai_apps.
func NewAppsDataSource() datasource.DataSource { return &appsDataSource{} }

type appsDataSource struct {
	base.DataSource
}

type appsDataSourceModel struct {
	UserID     types.String `tfsdk:"user_id"`
	Search     types.String `tfsdk:"search"`
	IDPrefix   types.String `tfsdk:"id_prefix"`
	Visibility types.String `tfsdk:"visibility"`
	Apps       []appModel   `tfsdk:"apps"`
}

// Metadata names the data source.
func (d *appsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_apps"
}

// Schema describes the data source's attributes.
func (d *appsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the apps that an account owns: all of them, or those that match every filter. If none does, the " +
			"list is empty. " +
			"It takes a request per 1,000 apps and one for the end.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the apps. Default: the provider's user."},
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

// Read lists the apps.
func (d *appsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m appsDataSourceModel
	for name, value := range map[string]*types.String{"user_id": &m.UserID, "search": &m.Search, "id_prefix": &m.IDPrefix, "visibility": &m.Visibility} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), value)...)
	}
	inv, ok := d.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := d.User(ctx, inv, m.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	m.UserID = types.StringValue(user)
	apps, err := d.apps(ctx, inv, user, m.Search.ValueString())
	if err != nil {
		advice.AddError(&resp.Diagnostics, "list apps", "apps of "+user, err)
		return
	}
	m.Apps = []appModel{}
	for _, a := range apps {
		if listed := appFromAPI(a, user, appModel{}); m.matches(listed) {
			m.Apps = append(m.Apps, listed)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// apps returns the account's apps. What was listed before is fresh enough only in
// a process that plans: see the data source clarifai_app_keys.
func (d *appsDataSource) apps(ctx context.Context, inv *inventory.Inventory, user, search string) ([]clarifai.App, error) {
	if search == "" && d.Data().HasReadAny() {
		return inv.Apps(ctx, user, "", inventory.Checked)
	}
	return inv.Apps(ctx, user, search, inventory.Now)
}

// matches reports whether the filters other than search include an app.
func (m appsDataSourceModel) matches(app appModel) bool {
	return strings.HasPrefix(app.ID.ValueString(), m.IDPrefix.ValueString()) && (m.Visibility.IsNull() || m.Visibility.Equal(app.Visibility))
}
