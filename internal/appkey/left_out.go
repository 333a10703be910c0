package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// This file looks for sets of exclusive keys that leave out a planned key.

// compareSets adds an error if such a set is planned by now for a key that stays where
// it is. A rotation keeps the previous key, so it counts as staying.
func (c *keyPlan) compareSets(ctx context.Context, refs []key.Ref) {
	notePriorKey.Set(ctx, c.resp.Private, refs[0], &c.resp.Diagnostics)
	changes := c.next.ID.IsUnknown()
	isReplaced := c.replaced || !changes && c.changesLimits()
	if !c.Ready() || isReplaced || c.moves() || noteAppRecreated.Get(ctx, c.req.Private, &c.resp.Diagnostics) {
		return
	}
	plan := run.KeyPlan{App: c.prior.ref().AppRef(), IDs: refs, Changes: changes}
	if left, clash := c.Data().PlanKey(plan); clash != run.NoClash {
		advice.AddLeftOut(&c.resp.Diagnostics, plan.App, clash == run.Clashes, left.ID())
	}
}

// forgetReplaced forgets the key that a new one replaces, so that no set is said to leave
// it out.
func (c *keyPlan) forgetReplaced(ctx context.Context) {
	if prior := notePriorKey.Get(ctx, c.req.Private, &c.resp.Diagnostics); c.Ready() && prior.Fingerprint != "" {
		c.Data().ForgetKeyPlan(prior)
	}
}

// compareNew adds a warning if such a set is planned by now for the app of a new key.
// The second call of a replacement is not for a new one.
func (r *keyResource) compareNew(ctx context.Context, app clarifai.AppRef, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if app.UserID == "" || !req.State.Raw.IsNull() || notePriorKey.Get(ctx, req.Private, diags).Fingerprint != "" {
		return
	}
	if _, clash := r.Data().PlanKey(run.KeyPlan{App: app}); clash != run.NoClash {
		advice.AddLeftOut(diags, app, false, advice.NewAppKey)
	}
}
