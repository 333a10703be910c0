package appkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// preflight verifies the account of a new key, and warns if the key will not work
// for some of what its limits allow.
func (r *keyResource) preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	owner, creates := r.Preflight(ctx, req, resp)
	if !creates {
		return
	}
	var (
		appID             types.String
		scopes, endpoints scope.SetValue
	)
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("app_id"), &appID)...)
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("scopes"), &scopes)...)
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("endpoints"), &endpoints)...)
	if diags.HasError() || appID.IsUnknown() || scopes.IsUnknown() || endpoints.IsUnknown() {
		return
	}
	app := owner + "/" + appID.ValueString()
	refused := scope.OutsideMethods(scopes.Strings(), endpoints.Strings())
	if len(refused) == 0 || !r.Data().UsesOutsideModels(owner, appID.ValueString()) || !r.Data().Note("outside models/"+app) {
		return
	}
	diags.AddAttributeWarning(path.Root("app_id"), "App keys cannot use models of other apps", fmt.Sprintf(
		"The base workflow of the app %s uses models of other apps, such as Clarifai's own. Clarifai refuses an app key what involves such models: "+
			"a key of this app may be refused %s, although its scopes or endpoints allow that. "+
			"Give the app a default_workflow whose models are in the app, or { id = \"Empty\", user_id = \"clarifai\", app_id = \"main\" }, which uses none; or make these calls with a PAT.",
		strings.TrimPrefix(app, "/"), strings.Join(refused, ", ")))
}
