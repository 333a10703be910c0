// Package user serves clarifai_user, the owner of the provider's personal access
// token.
package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// NewUserDataSource returns the data source clarifai_user.
func NewUserDataSource() datasource.DataSource {
	return base.NewDataSource("user", userSchema(), readUser)
}

type userModel struct {
	ID          types.String `tfsdk:"id"`
	FirstName   types.String `tfsdk:"first_name"`
	LastName    types.String `tfsdk:"last_name"`
	CompanyName types.String `tfsdk:"company_name"`
	CreatedAt   types.String `tfsdk:"created_at"`
}

func userSchema() schema.Schema {
	computed := func(text string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	return schema.Schema{
		MarkdownDescription: "Reads who owns the provider's personal access token (PAT). It takes one request, which needs no scope. " +
			"The provider's `user_id`, the owner of the apps, can be another account, such as an organization. E-mail addresses are not read.",
		Attributes: map[string]schema.Attribute{
			"id":           computed("User ID."),
			"first_name":   computed("First name; null if Clarifai shows none."),
			"last_name":    computed("Last name; null if Clarifai shows none."),
			"company_name": computed("Company; null if Clarifai shows none."),
			"created_at":   computed("When the account was created (RFC 3339)."),
		},
	}
}

// readUser reads the owner of the PAT.
func readUser(ctx context.Context, l *base.Lookup, m *userModel, diags *diag.Diagnostics) {
	inv, ok := l.Inventory(diags)
	if !ok {
		return
	}
	me, err := inv.Me(ctx)
	if err != nil {
		advice.AddError(diags, "read user", "owner of the PAT", err)
		return
	}
	*m = userFromAPI(me)
}

// userFromAPI is the one mapping from the API to the state.
func userFromAPI(u clarifai.User) userModel {
	return userModel{
		ID: types.StringValue(u.ID), FirstName: base.StringOrNull(u.FirstName), LastName: base.StringOrNull(u.LastName),
		CompanyName: base.StringOrNull(u.Company), CreatedAt: base.StringOrNull(u.CreatedAt.String()),
	}
}
