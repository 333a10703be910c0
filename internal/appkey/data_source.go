package appkey

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// NewAppKeyDataSource returns the data source clarifai_app_key. There is one way to name
// the key.
func NewAppKeyDataSource() datasource.DataSource {
	return base.NewDataSource("app_key", appKeySchema(), readAppKey,
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("description")),
		datasourcevalidator.Conflicting(path.MatchRoot("id"), path.MatchRoot("user_id")))
}

// listedKeyModel is a key as a listing shows it: without its secret.
type listedKeyModel struct {
	ID          types.String   `tfsdk:"id"`
	AppID       types.String   `tfsdk:"app_id"`
	Fingerprint types.String   `tfsdk:"fingerprint"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
	Endpoints   scope.SetValue `tfsdk:"endpoints"`
	CreatedAt   types.String   `tfsdk:"created_at"`
	ExpiresAt   types.String   `tfsdk:"expires_at"`
}

func listedKeyFromAPI(k clarifai.Key) listedKeyModel {
	return listedKeyModel{
		ID: types.StringValue(k.ID()), AppID: types.StringValue(k.AppID), Fingerprint: types.StringValue(k.Fingerprint),
		Description: base.StringOrNull(k.Description), Scopes: scope.NewSet(k.Scopes), Endpoints: scope.NewEndpoints(k.Endpoints),
		CreatedAt: base.StringOrNull(k.CreatedAt.String()), ExpiresAt: base.StringOrNull(k.ExpiresAt.String()),
	}
}

// appKeyDataSourceModel is one key with its secret.
type appKeyDataSourceModel struct {
	listedKeyModel
	UserID types.String `tfsdk:"user_id"`
	Key    types.String `tfsdk:"key"`
}

// listedKeyAttributes describes listedKeyModel.
func listedKeyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. Not a secret."},
		"app_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "App that the key gives access to."},
		"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
		"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the key is for."},
		"scopes": schema.SetAttribute{
			CustomType: scope.SetType{}, ElementType: types.StringType, Computed: true,
			MarkdownDescription: "What the key may do, as stored by Clarifai.",
		},
		"endpoints": schema.SetAttribute{
			CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Computed: true,
			MarkdownDescription: "API methods that the key is limited to.",
		},
		"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When the key was created (RFC 3339)."},
		"expires_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When the key expires (RFC 3339); null if it does not."},
	}
}

func appKeySchema() schema.Schema {
	attributes := listedKeyAttributes()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. Set either this, or `app_id` and `description`.",
	}
	attributes["app_id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: append(base.AppID(), stringvalidator.AlsoRequires(path.MatchRoot("description"))),
		MarkdownDescription: "App of the key.",
	}
	attributes["description"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(path.MatchRoot("app_id"))},
		MarkdownDescription: "Description that exactly one key of the app has.",
	}
	attributes["user_id"] = schema.StringAttribute{Optional: true, Computed: true, Validators: base.OwnerID(), MarkdownDescription: "Owner of the app. Default: the provider's user."}
	attributes["key"] = schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret. The state holds it."}
	return schema.Schema{
		MarkdownDescription: "Looks up an app-specific API key with its secret, by `id` or by `app_id` and `description`.",
		Attributes:          attributes,
	}
}

func readAppKey(ctx context.Context, l *base.Lookup, m *appKeyDataSourceModel, diags *diag.Diagnostics) {
	inv, ok := l.Inventory(diags)
	if !ok {
		return
	}
	ref, ok := m.find(ctx, l, diags)
	if !ok {
		return
	}
	k, ok := readKey(ctx, inv, ref, diags)
	if !ok {
		return
	}
	*m = appKeyDataSourceModel{
		listedKeyModel: listedKeyFromAPI(k), UserID: types.StringValue(k.UserID), Key: types.StringValue(k.Value.Reveal()),
	}
}

// find returns which key a configuration names. Without success it adds an error.
func (m *appKeyDataSourceModel) find(ctx context.Context, l *base.Lookup, diags *diag.Diagnostics) (key.Ref, bool) {
	if id := m.ID.ValueString(); id != "" {
		return key.ParseID(id, diags)
	}
	inv, ok := l.Account(ctx, &m.UserID, diags)
	app := key.Ref{UserID: m.UserID.ValueString(), AppID: m.AppID.ValueString()}
	if !ok || !l.MayAsk(ctx, app.AppRef(), diags) {
		return key.Ref{}, false
	}
	target := key.Target{Ref: app, Description: m.Description.ValueString()}
	target.Fingerprint = fingerprintByDescription(ctx, inv, target, diags)
	return target.Ref, target.Fingerprint != ""
}

// readKey reads the key that an id names, without a mark; another process may have
// created it a moment ago. Without success it adds an error.
func readKey(ctx context.Context, inv *inventory.Inventory, ref key.Ref, diags *diag.Diagnostics) (clarifai.Key, bool) {
	k, err := inv.Key(ctx, ref, inventory.Now)
	if _, shared := errors.AsType[*inventory.SharedKeyError](err); shared {
		key.WarnShared(diags, inv, ref.App(), []clarifai.Key{k})
		err = nil
	}
	k.Description, _ = key.CutSuccessorMark(k.Description)
	switch {
	case errors.Is(err, inventory.ErrGone):
		diags.AddAttributeError(path.Root("id"),
			"Cannot read app key", "The app "+ref.App()+" has no key with the fingerprint "+ref.Fingerprint+". Check the id.")
	case err != nil:
		advice.AddError(diags, "read app key", "key "+ref.ID(), err)
	}
	return k, err == nil
}

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
		MarkdownDescription: "Lists app-specific API keys without their secrets: those of one app or, without " +
			"`app_id`, of all apps that the account owns. The latter is the account's inventory, for example to find " +
			"keys that no configuration manages; it takes a request per 1,000 keys and one for the end. Personal " +
			"access tokens are not listed. Scopes are shown as stored by Clarifai.",
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
	slices.SortStableFunc(keys, func(x, y clarifai.Key) int {
		return cmp.Or(strings.Compare(x.AppID, y.AppID), x.CreatedAt.Compare(y.CreatedAt.Time))
	})
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
	advice.App{AppRef: app, Attribute: "app_id"}.AddError(diags, action, err)
}
