package appkey

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

var (
	_ datasource.DataSource              = (*appKeysDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*appKeysDataSource)(nil)
)

// NewAppKeysDataSource returns the data source clarifai_app_keys.
func NewAppKeysDataSource() datasource.DataSource { return &appKeysDataSource{} }

type appKeysDataSource struct {
	base.DataSource
}

type appKeysDataSourceModel struct {
	AppID  types.String     `tfsdk:"app_id"`
	UserID types.String     `tfsdk:"user_id"`
	Keys   []listedKeyModel `tfsdk:"keys"`
}

// Metadata names the data source.
func (d *appKeysDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_keys"
}

// Schema describes the data source's attributes.
func (d *appKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists app-specific API keys without their secrets: those of one app or, without `app_id`, of all apps that " +
			"the account owns. " +
			"The latter is the account's inventory, for example to find keys that no configuration manages; it takes a request per 1,000 keys " +
			"and one for the end. " +
			"Personal access tokens are not listed. Scopes are shown as stored by Clarifai.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{Optional: true, Validators: base.AppID(), MarkdownDescription: "List only the keys of this app. " +
				"Default: the keys of all apps."},
			"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the apps. Default: the provider's user."},
			"keys": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The keys, by app and then oldest first.",
				NestedObject: schema.NestedAttributeObject{Attributes: listedKeyAttributes()},
			},
		},
	}
}

// Read lists the keys.
func (d *appKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m appKeysDataSourceModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("app_id"), &m.AppID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_id"), &m.UserID)...)
	inv, ok := d.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, ok := d.User(ctx, inv, m.UserID, &resp.Diagnostics)
	if !ok {
		return
	}
	m.UserID = types.StringValue(user)
	app := m.AppID.ValueString()
	if !d.MayAsk(ctx, inv, clarifai.AppRef{UserID: user, AppID: app}, &resp.Diagnostics) {
		return
	}
	keys, err := d.keys(ctx, inv, clarifai.AppRef{UserID: user, AppID: app})
	if err != nil {
		addListError(&resp.Diagnostics, user, app, err)
		return
	}
	shared := inv.SharedKeys(clarifai.AppRef{UserID: user, AppID: app})
	key.WarnShared(&resp.Diagnostics, inv, strings.TrimSuffix(user+"/"+app, "/"), shared)
	keys = append(keys, shared...)
	slices.SortStableFunc(keys, func(x, y clarifai.Key) int { return strings.Compare(x.AppID, y.AppID) })
	m.Keys = []listedKeyModel{}
	for _, k := range keys {
		m.Keys = append(m.Keys, listedKeyFromAPI(k))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// keys returns the keys of an app or, without one, of the account. A process that
// has refreshed a resource is planning, so the listing that serves its resources is
// fresh enough. Any other may be applying, and what was listed before may lack what
// another process, or a provisioner, has created since.
func (d *appKeysDataSource) keys(ctx context.Context, inv *inventory.Inventory, app clarifai.AppRef) ([]clarifai.Key, error) {
	if d.Data().HasReadAny() {
		return inv.AppKeys(ctx, app, inventory.Checked)
	}
	return inv.AppKeys(ctx, app, inventory.Now)
}

// addListError adds an error for a listing of the keys of an app or, without one, of
// an account.
func addListError(diags *diag.Diagnostics, user, app string, err error) {
	const action = "list app keys"
	if app == "" {
		advice.AddError(diags, action, "keys of "+user, err)
		return
	}
	advice.App{UserID: user, ID: app, Attribute: "app_id"}.AddError(diags, action, err)
}
