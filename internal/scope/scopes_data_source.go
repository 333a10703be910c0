package scope

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// NewScopesDataSource returns the data source clarifai_scopes.
func NewScopesDataSource() datasource.DataSource {
	return base.NewDataSource("scopes", scopesSchema(), readScopes)
}

type scopesDataSourceModel struct {
	UserID  types.String `tfsdk:"user_id"`
	Granted SetValue     `tfsdk:"granted"`
	Scopes  []scopeModel `tfsdk:"scopes"`
}

// scopeModel is a scope of the catalog.
type scopeModel struct {
	Name       string   `tfsdk:"name"`
	DependsOn  SetValue `tfsdk:"depends_on"`
	Offered    bool     `tfsdk:"offered"`
	Deprecated bool     `tfsdk:"deprecated"`
	AppKeys    bool     `tfsdk:"app_keys"`
}

func scopesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists Clarifai's scopes, and those that the provider's personal access token (PAT) holds. " +
			"The list of scopes is part of the provider, and what the PAT holds is one request. " +
			"Without that request, the functions `required_scopes` and `expand_scopes` answer from the same list.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: base.OwnerID(),
				MarkdownDescription: "Account for which `granted` holds. Default: the provider's user.",
			},
			"granted": schema.SetAttribute{
				CustomType: SetType{}, ElementType: types.StringType, Computed: true,
				MarkdownDescription: "Scopes that the PAT holds, in the spelling with a colon. If it holds `All`, every scope in `scopes` is " +
					"among them.",
			},
			"scopes": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Every scope that this version of the provider knows, by name. Clarifai may have added " +
					"others since.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "The scope, such as `Inputs:Add`."},
					"depends_on": schema.SetAttribute{CustomType: SetType{}, ElementType: types.StringType, Computed: true, MarkdownDescription: "Scopes that this one is useless without."},
					"offered":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Clarifai offers the scope to users."},
					"deprecated": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether Clarifai has deprecated the scope. No API " +
						"method needs it."},
					"app_keys": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the scope has an effect on an app-specific key: " +
						"`All`, and what a method needs that accepts such keys."},
				}},
			},
		},
	}
}

func readScopes(ctx context.Context, l *base.Lookup, m *scopesDataSourceModel, diags *diag.Diagnostics) {
	inv, ok := l.Account(ctx, &m.UserID, diags)
	if !ok {
		return
	}
	granted, err := inv.Scopes(ctx, m.UserID.ValueString())
	if err != nil {
		advice.AddError(diags, "read scopes of the PAT", "account "+m.UserID.ValueString(), err)
		return
	}
	m.Granted = NewSet(grantedBy(granted))
	for _, s := range All() {
		m.Scopes = append(m.Scopes, scopeModel{
			Name: s.Name, DependsOn: NewSet(s.DependsOn), Offered: s.Offered, Deprecated: s.Deprecated,
			AppKeys: s.Name == AllScope || s.AppKeyMethods > 0,
		})
	}
}

// grantedBy returns every scope that a PAT with these scopes holds, in the colon
// spelling.
func grantedBy(held []string) []string {
	granted := make([]string, 0, len(held))
	for _, name := range held {
		granted = append(granted, Canonical(name))
		if name == AllScope {
			for _, s := range All() {
				granted = append(granted, s.Name)
			}
		}
	}
	return granted
}
