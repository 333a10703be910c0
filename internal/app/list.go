package app

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var _ list.ListResourceWithConfigure = (*appList)(nil)

// NewAppList returns the list resource clarifai_app.
func NewAppList() list.ListResource {
	return &appList{base.ListResource{Resource: base.Resource{Name: "app"}}}
}

type appList struct {
	base.ListResource
}

// appListModel is the configuration of the list.
type appListModel struct {
	UserID   types.String `tfsdk:"user_id"`
	IDPrefix types.String `tfsdk:"id_prefix"`
	Search   types.String `tfsdk:"search"`
}

func (l *appList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the apps of an account for `terraform query`, which can write the configuration to import them. It " +
			"needs Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{Optional: true, Validators: base.OwnerID(), MarkdownDescription: "User or organization that " +
				"owns the apps. Default: the provider's user."},
			"id_prefix": schema.StringAttribute{Optional: true, MarkdownDescription: "List only the apps whose ID begins with this text."},
			"search": schema.StringAttribute{Optional: true, MarkdownDescription: "List only the apps whose ID, name, description or notes " +
				"match this text, as Clarifai's own search does."},
		},
	}
}

// List lists the apps. Pages are requested as Terraform reads the results.
func (l *appList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config appListModel
	inv, diags := l.Prepare(ctx, req.Config, &config, &config.UserID)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	user := config.UserID.ValueString()
	stream.Results = base.Results[clarifai.App]{
		Items:  inv.StreamApps(ctx, user, config.Search.ValueString()),
		Keep:   func(a clarifai.App) bool { return strings.HasPrefix(a.ID, config.IDPrefix.ValueString()) },
		Limit:  req.Limit,
		Result: func(a clarifai.App) list.ListResult { return appResult(ctx, req, a, user) },
		AddError: func(diags *diag.Diagnostics, err error) {
			advice.AddError(diags, "list apps", "apps of "+user, err)
		},
	}.Stream()
}

// appResult returns the result for an app. Its attributes are what an import
// reads, so that configuration generated from them changes nothing.
func appResult(ctx context.Context, req list.ListRequest, a clarifai.App, user string) list.ListResult {
	m := appResourceModel{appModel: appFromAPI(a, user, appModel{}), ForceDestroy: types.BoolValue(false)}
	result := req.NewListResult(ctx)
	about := m.Description.ValueString()
	if about == "" && !m.Name.Equal(m.ID) {
		about = m.Name.ValueString()
	}
	result.DisplayName = base.DisplayName(a.ID, about)
	result.Diagnostics.Append(result.Identity.Set(ctx, m.identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, m.acceptable())...)
	}
	return result
}

// acceptable returns the model without values of the server's that the schema
// refuses in a configuration: what is left out stays as it is.
func (m appResourceModel) acceptable() appResourceModel {
	if m.SampleMS.ValueInt64() <= 0 {
		m.SampleMS = types.Int64Null()
	}
	if !slices.Contains(visibilities, m.Visibility.ValueString()) {
		m.Visibility = types.StringNull()
	}
	return m
}
