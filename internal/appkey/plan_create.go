package appkey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
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
	appID := base.Attribute[types.String](ctx, req.Plan, "app_id", diags)
	scopes := base.Attribute[scope.SetValue](ctx, req.Plan, "scopes", diags)
	endpoints := base.Attribute[scope.SetValue](ctx, req.Plan, "endpoints", diags)
	if diags.HasError() || appID.IsUnknown() {
		return
	}
	app := clarifai.AppRef{UserID: owner, AppID: appID.ValueString()}
	r.compareNew(ctx, app, req, diags)
	if scopes.IsUnknown() || endpoints.IsUnknown() {
		return
	}
	refused := scope.OutsideMethods(scopes.Strings(), endpoints.Strings())
	if len(refused) == 0 || !r.Data().UsesOutsideModels(app) || !r.Data().Say(app, func(a *run.App) *bool { return &a.SaidOutsideModels }) {
		return
	}
	diags.AddAttributeWarning(path.Root("app_id"), "App keys cannot use models of other apps", fmt.Sprintf(
		"The base workflow of the app %s uses models of other apps, such as Clarifai's own. Clarifai refuses calls of an app key that "+
			"involve such models: "+
			"a key of this app may be refused %s, although its scopes or endpoints allow that. "+
			"Give the app a default_workflow whose models are in the app, or { id = \"Empty\", user_id = \"clarifai\", app_id = \"main\" }, "+
			"which uses none; or make these calls with a PAT.",
		strings.TrimPrefix(app.String(), "/"), strings.Join(refused, ", ")))
}

// warnDuplicate warns if a new key looks like one that its app already holds and
// that no resource of this run has: after terraform state rm, or when an import was
// forgotten, a second live key is seldom wanted. If Clarifai does not answer, it
// says nothing.
func (r *keyResource) warnDuplicate(ctx context.Context, plan appKeyModel, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if noteChanges.Get(ctx, req.Private, diags) || !r.Ready() || plan.AppID.IsUnknown() || plan.Description.IsUnknown() || plan.Scopes.HasUnknown() || plan.Endpoints.HasUnknown() {
		return
	}
	owner := base.Attribute[types.String](ctx, req.Config, "user_id", diags)
	// In an apply, which has refreshed nothing, the question comes too late.
	if owner.IsUnknown() || !r.Data().HasReadAny() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, key.LookTimeout)
	defer cancel()
	if _, ok := r.Account(ctx, &owner, &diag.Diagnostics{}); !ok {
		return
	}
	app := clarifai.AppRef{UserID: owner.ValueString(), AppID: plan.AppID.ValueString()}
	if r.Data().CreatesApp(app) {
		return
	}
	if same := r.sameKeys(ctx, app, plan); len(same) > 0 {
		diags.AddWarning("The app already has such a key",
			"The plan creates a key in the app "+app.String()+", which already has one with the same description, scopes "+
				"and endpoints: "+strings.Join(same, ", ")+
				". If no other resource or state has that key, keep it instead of creating a second one: terraform import ADDRESS "+same[0]+", with the address of this resource.")
	}
}

// sameKeys returns the IDs of the keys in the plan's app that look like the
// planned one and that no state is known to hold by now.
func (r *keyResource) sameKeys(ctx context.Context, app clarifai.AppRef, plan appKeyModel) (ids []string) {
	keys, err := r.Data().Inventory().AppKeys(ctx, app, inventory.Listed)
	if err != nil {
		return nil
	}
	for _, k := range keys {
		if looksLike(k, plan) && !r.Data().Key(k.Ref()).IsHeld() {
			ids = append(ids, k.ID())
		}
	}
	return ids
}

// looksLike reports whether a key has what is planned for a new one.
func looksLike(k clarifai.Key, plan appKeyModel) bool {
	text, _ := key.CutSuccessorMark(k.Description)
	return text == plan.Description.ValueString() &&
		(base.TimeOf(plan.ExpiresAt).IsZero() || isSameDate(plan.ExpiresAt, base.StringOrNull(k.ExpiresAt.String()))) &&
		(plan.Scopes.IsEmpty() || scope.Equivalent(plan.Scopes.Strings(), k.Scopes)) &&
		slices.Equal(plan.Endpoints.Strings(), scope.NewEndpoints(k.Endpoints).Strings())
}
