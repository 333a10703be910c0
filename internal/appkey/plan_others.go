package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// This file is about what the plan of a key has to do with plans of other resources: for
// the same key at another address, for a set of exclusive keys that leaves it out, and for
// its app. The keys of an app that a plan deletes and creates again die with it, so the
// same plan updates them: a replacement would revoke them before it is certain that the
// app can be deleted.

// planAddress notes a plan that destroys keys, or that keeps them, and adds an error if
// another address means the opposite: a key in use would be revoked.
func (r *keyResource) planAddress(destroys bool, diags *diag.Diagnostics, refs ...key.Ref) {
	if !r.Ready() {
		return
	}
	for _, ref := range r.Data().PlanKeys(destroys, refs...) {
		diags.AddError("One app key at two addresses", "This plan destroys the key "+ref.ID()+" at one address, while another address "+
			"imports or keeps it: the apply would revoke the key, which is in use.\n\n"+
			advice.TwoAddresses("clarifai_app_key", ref.ID()))
	}
}

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
func (c *keyPlan) compareNew(ctx context.Context, app clarifai.AppRef) {
	diags := &c.resp.Diagnostics
	if app.UserID == "" || !c.req.State.Raw.IsNull() || notePriorKey.Get(ctx, c.req.Private, diags).Fingerprint != "" {
		return
	}
	if _, clash := c.Data().PlanKey(run.KeyPlan{App: app}); clash != run.NoClash {
		advice.AddLeftOut(diags, app, false, advice.NewAppKey)
	}
}

// followApp plans an update in place if the plan recreates the key's app. It
// reports whether it does.
func (c *keyPlan) followApp(ctx context.Context) bool {
	if !noteAppRecreated.Get(ctx, c.req.Private, &c.resp.Diagnostics) {
		return false
	}
	c.setUnknown()
	if !c.Ready() || !c.next.UserID.Equal(c.prior.UserID) {
		return true
	}
	if owner := c.Data().App(c.prior.ref().AppRef()).NewOwner; owner != "" && owner != c.prior.UserID.ValueString() {
		c.resp.Diagnostics.AddAttributeError(path.Root("user_id"), "App key does not follow its app",
			"The plan replaces the app "+c.prior.ref().App()+" by one that belongs to "+owner+", but this key stays with "+
				c.prior.UserID.ValueString()+", where its app no longer exists then. Set user_id of the key to the user_id of the app, as in user_id = clarifai_app.NAME.user_id. "+
				"To destroy everything instead: terraform destroy -refresh=false.")
	}
	return true
}
