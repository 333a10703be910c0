package appkey

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var _ list.ListResourceWithConfigure = (*appKeyList)(nil)

// NewAppKeyList returns the list resource clarifai_app_key.
func NewAppKeyList() list.ListResource {
	return &appKeyList{base.ListResource{Resource: base.Resource{Name: "app_key"}}}
}

type appKeyList struct {
	base.ListResource
}

// appKeyListModel is the configuration of the list.
type appKeyListModel struct {
	AppID       types.String `tfsdk:"app_id"`
	AppIDPrefix types.String `tfsdk:"app_id_prefix"`
	UserID      types.String `tfsdk:"user_id"`
	Scope       types.String `tfsdk:"scope"`
}

func (l *appKeyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists app-specific API keys, without their secrets, for `terraform query`, which can write the configuration " +
			"to import them. It needs Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{Optional: true, Validators: base.AppID(), MarkdownDescription: "List only the keys of this app. " +
				"Default: the keys of all apps of the account."},
			"app_id_prefix": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRoot("app_id"))},
				MarkdownDescription: "List only the keys of apps whose ID begins with this text.",
			},
			"user_id": schema.StringAttribute{Optional: true, Validators: base.OwnerID(), MarkdownDescription: "User or organization that owns " +
				"the apps. Default: the provider's user."},
			"scope": schema.StringAttribute{
				Optional: true, Validators: []validator.String{scope.KnownScope()},
				MarkdownDescription: "List only the keys that have this scope among their own, such as `All` or `Inputs:Get`. A key with `All` " +
					"does not count as having every other scope.",
			},
		},
	}
}

// List lists the keys. Pages are requested as Terraform reads the results.
func (l *appKeyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config appKeyListModel
	inv, diags := l.Prepare(ctx, req.Config, &config, &config.UserID)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	app := clarifai.AppRef{UserID: config.UserID.ValueString(), AppID: config.AppID.ValueString()}
	unlimited := false
	stream.Results = base.Results[clarifai.Key]{
		Items: inv.StreamKeys(ctx, app),
		Keep:  config.matching(inv.Now()),
		Limit: req.Limit,
		Result: func(k clarifai.Key) list.ListResult {
			result := appKeyResult(ctx, req, k)
			result.DisplayName = inv.Redact(result.DisplayName) // a description may hold anything, even a key
			if req.IncludeResource && !unlimited && len(k.Scopes)+len(k.Endpoints) == 0 {
				unlimited = true // said once
				warnNoLimits(&result.Diagnostics, k)
			}
			return result
		},
		AddError: func(diags *diag.Diagnostics, err error) { addListError(diags, app, err) },
	}.Stream()
}

// matching returns which keys the filters select: those that have not expired.
func (m appKeyListModel) matching(now time.Time) func(clarifai.Key) bool {
	wanted := scope.Canonical(m.Scope.ValueString())
	hasScope := func(s string) bool { return scope.Canonical(s) == wanted }
	return func(k clarifai.Key) bool {
		expired := !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(now)
		return !expired && strings.HasPrefix(k.AppID, m.AppIDPrefix.ValueString()) && (wanted == "" || slices.ContainsFunc(k.Scopes, hasScope))
	}
}

// appKeyResult returns the result for a key. Its attributes are what an import
// reads, but for what only the configuration says, and the secret.
func appKeyResult(ctx context.Context, req list.ListRequest, k clarifai.Key) list.ListResult {
	m := keyFromAPI(k, appKeyModel{
		Scopes: scope.NewSetNull(), Endpoints: scope.NewEndpointsNull(), Keepers: types.MapNull(types.StringType),
	}, serverDefaults{})
	result := req.NewListResult(ctx)
	about := k.Description
	if strings.TrimSpace(about) == "" {
		about = k.Fingerprint
	}
	result.DisplayName = base.DisplayName(k.AppID, about)
	result.Diagnostics.Append(result.Identity.Set(ctx, m.identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, m)...)
	}
	return result
}

// warnNoLimits adds a warning that generated configuration has to be completed.
func warnNoLimits(diags *diag.Diagnostics, k clarifai.Key) {
	diags.AddWarning("Keys without scopes and endpoints",
		"Clarifai shows neither scopes nor endpoints for the key "+k.ID()+", and perhaps for others. Generated configuration is not valid "+
			"without either: "+
			"add the endpoints that the key was made for, or leave the key out. terraform validate names each of them.")
}
