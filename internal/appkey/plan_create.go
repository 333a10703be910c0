package appkey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
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
func (c *keyPlan) preflight(ctx context.Context) {
	owner, creates := c.Preflight(ctx, c.req, c.resp)
	if !creates || c.resp.Diagnostics.HasError() || c.next.AppID.IsUnknown() {
		return
	}
	app := clarifai.AppRef{UserID: owner, AppID: c.next.AppID.ValueString()}
	c.compareNew(ctx, app)
	if c.next.Scopes.IsUnknown() || c.next.Endpoints.IsUnknown() {
		return
	}
	refused := scope.OutsideMethods(c.next.Scopes.Strings(), c.next.Endpoints.Strings())
	if len(refused) == 0 || !c.Data().UsesOutsideModels(app) || !c.Data().Say(app, func(a *run.App) *bool { return &a.SaidOutsideModels }) {
		return
	}
	c.resp.Diagnostics.AddAttributeWarning(path.Root("app_id"), "App keys cannot use models of other apps", fmt.Sprintf(
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
func (c *keyPlan) warnDuplicate(ctx context.Context) {
	diags, m := &c.resp.Diagnostics, c.next
	unknown := m.AppID.IsUnknown() || m.Description.IsUnknown() || m.Scopes.HasUnknown() || m.Endpoints.HasUnknown()
	if noteChanges.Get(ctx, c.req.Private, diags) || !c.Ready() || unknown {
		return
	}
	owner := base.Attribute[types.String](ctx, c.req.Config, "user_id", diags)
	// In an apply, which has refreshed nothing, the question comes too late.
	if owner.IsUnknown() || !c.Data().HasReadAny() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, key.LookTimeout)
	defer cancel()
	if _, ok := c.Account(ctx, &owner, &diag.Diagnostics{}); !ok {
		return
	}
	app := clarifai.AppRef{UserID: owner.ValueString(), AppID: c.next.AppID.ValueString()}
	if c.Data().CreatesApp(app) {
		return
	}
	if same := c.sameKeys(ctx, app); len(same) > 0 {
		diags.AddWarning("The app already has such a key",
			"The plan creates a key in the app "+app.String()+", which already has one with the same description, scopes "+
				"and endpoints: "+strings.Join(same, ", ")+
				". If no other resource or state has that key, keep it instead of creating a second one: terraform import ADDRESS "+same[0]+", with the address of this resource.")
	}
}

// sameKeys returns the IDs of the keys in the plan's app that look like the
// planned one and that no state is known to hold by now.
func (c *keyPlan) sameKeys(ctx context.Context, app clarifai.AppRef) (ids []string) {
	keys, err := c.Data().Inventory().AppKeys(ctx, app, inventory.Listed)
	if err != nil {
		return nil
	}
	for _, k := range keys {
		if looksLike(k, *c.next) && !c.Data().Key(k.Ref()).IsHeld() {
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
