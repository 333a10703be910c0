package appkey

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var (
	_ datasource.DataSource                     = (*DataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*DataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*DataSource)(nil)
)

// DataSource is the data source clarifai_app_key.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource is the data source clarifai_app_key for the registry.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// listed is a key as a listing shows it: without its secret.
type listed struct {
	ID          types.String   `tfsdk:"id"`
	Fingerprint types.String   `tfsdk:"fingerprint"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
	Endpoints   scope.SetValue `tfsdk:"endpoints"`
	CreatedAt   types.String   `tfsdk:"created_at"`
}

func listedFromAPI(k clarifai.Key) listed {
	return listed{
		ID: types.StringValue(k.ID()), Fingerprint: types.StringValue(k.Fingerprint), Description: optional(k.Description),
		Scopes: scope.NewSet(k.Scopes), Endpoints: scope.NewEndpoints(k.Endpoints), CreatedAt: optional(k.CreatedAt.String()),
	}
}

// found is one key with its secret.
type found struct {
	listed
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	Key       types.String `tfsdk:"key"`
	ExpiresAt types.String `tfsdk:"expires_at"`
}

// Metadata names the data source.
func (d *DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_app_key"
}

// listedAttributes is what both data sources tell of a key.
func listedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. No secret."},
		"fingerprint": schema.StringAttribute{Computed: true, MarkdownDescription: "First 16 hex digits of the SHA-256 of the key."},
		"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the key is for."},
		"scopes": schema.SetAttribute{
			CustomType: scope.SetType{}, ElementType: types.StringType, Computed: true,
			MarkdownDescription: "What the key may do, as Clarifai has stored it.",
		},
		"endpoints": schema.SetAttribute{
			CustomType: scope.SetType{Kind: scope.Endpoints}, ElementType: types.StringType, Computed: true,
			MarkdownDescription: "API methods that the key is limited to.",
		},
		"created_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When the key was made (RFC 3339)."},
	}
}

// Schema is the data source's attributes.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := listedAttributes()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "`user_id/app_id/fingerprint`. Either this, or `app_id` and `description`.",
	}
	attributes["app_id"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{appIDForm, stringvalidator.AlsoRequires(path.MatchRoot("description"))},
		MarkdownDescription: "App of the key.",
	}
	attributes["description"] = schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.AlsoRequires(path.MatchRoot("app_id"))},
		MarkdownDescription: "Description that exactly one key of the app has.",
	}
	attributes["user_id"] = schema.StringAttribute{Optional: true, Computed: true, Validators: providerdata.OwnerID(), MarkdownDescription: "Owner of the app. Default: the provider's user."}
	attributes["key"] = schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret. It is in the state then."}
	attributes["expires_at"] = schema.StringAttribute{Computed: true, MarkdownDescription: "When the key expires (RFC 3339); null if it does not."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One app-specific API key, with its secret, by `id` or by `app_id` and `description`.",
		Attributes:          attributes,
	}
}

// ConfigValidators asks for exactly one way to name the key.
func (d *DataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("description")),
		datasourcevalidator.Conflicting(path.MatchRoot("id"), path.MatchRoot("user_id")),
	}
}

// Read looks the key up.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config found
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	inv, ok := d.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	var w wanted
	if id := config.ID.ValueString(); id != "" {
		if w, ok = parseKeyID(id, &resp.Diagnostics); !ok {
			return
		}
	} else {
		user, ok := d.User(ctx, inv, config.UserID, &resp.Diagnostics)
		if !ok {
			return
		}
		w = wanted{UserID: user, AppID: config.AppID.ValueString()}
		w.Fingerprint = byDescription(ctx, inv, user, w.AppID, config.Description.ValueString(), &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	k, err := inv.FindKey(ctx, w.UserID, w.AppID, w.Fingerprint)
	switch {
	case errors.Is(err, inventory.ErrGone):
		resp.Diagnostics.AddAttributeError(path.Root("id"), "No such key", "The app "+w.UserID+"/"+w.AppID+" has no key with the fingerprint "+w.Fingerprint+".")
	case err != nil:
		addError(&resp.Diagnostics, "reading", "key "+w.UserID+"/"+w.AppID+"/"+w.Fingerprint, err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, found{
			listed: listedFromAPI(k), UserID: types.StringValue(k.UserID), AppID: types.StringValue(k.AppID),
			Key: types.StringValue(k.Value.Reveal()), ExpiresAt: optional(k.ExpiresAt.String()),
		})...)
	}
}
