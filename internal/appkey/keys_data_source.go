package appkey

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
)

// NewAppKeysDataSource returns the data source clarifai_app_keys.
func NewAppKeysDataSource() datasource.DataSource {
	return base.NewDataSource("app_keys", appKeysSchema(), readAppKeys)
}

type appKeysDataSourceModel struct {
	AppID  types.String     `tfsdk:"app_id"`
	UserID types.String     `tfsdk:"user_id"`
	Keys   []listedKeyModel `tfsdk:"keys"`
}

func appKeysSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists app-specific API keys without their secrets: those of one app or, without `app_id`, of all apps that " +
			"the account owns. " +
			"The latter is the account's inventory, for example to find keys that no configuration manages; it takes a request per 1,000 keys " +
			"and one for the end. " +
			"Personal access tokens are not listed. Scopes are shown as stored by Clarifai.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{Optional: true, Validators: base.AppID(), MarkdownDescription: "List only the keys of this app. " +
				"Default: the keys of all apps."},
			"user_id": schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the apps. " +
				"Default: the provider's user."},
			"keys": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The keys, by app and then oldest first.",
				NestedObject: schema.NestedAttributeObject{Attributes: listedKeyAttributes()},
			},
		},
	}
}

// readAppKeys lists the keys.
func readAppKeys(ctx context.Context, l *base.Lookup, m *appKeysDataSourceModel, diags *diag.Diagnostics) {
	inv, ok := l.Account(ctx, &m.UserID, diags)
	app := clarifai.AppRef{UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString()}
	if !ok || !l.MayAsk(ctx, app, diags) {
		return
	}
	keys, err := inv.AppKeys(ctx, app, l.Fresh())
	if err != nil {
		addListError(diags, app, err)
		return
	}
	shared := inv.SharedKeys(app)
	key.WarnShared(diags, inv, strings.TrimSuffix(app.String(), "/"), shared)
	keys = append(keys, shared...)
	slices.SortStableFunc(keys, func(x, y clarifai.Key) int { return strings.Compare(x.AppID, y.AppID) })
	m.Keys = []listedKeyModel{}
	for _, k := range keys {
		m.Keys = append(m.Keys, listedKeyFromAPI(k))
	}
}

// addListError adds an error for a listing of the keys of an app or, without one, of
// an account.
func addListError(diags *diag.Diagnostics, app clarifai.AppRef, err error) {
	const action = "list app keys"
	if app.AppID == "" {
		advice.AddError(diags, action, "keys of "+app.UserID, err)
		return
	}
	advice.App{UserID: app.UserID, ID: app.AppID, Attribute: "app_id"}.AddError(diags, action, err)
}
