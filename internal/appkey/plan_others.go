package appkey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// This file is about what the plan of a key has to do with others: with plans for the
// same key at another address, for a set of exclusive keys that leaves it out, and for its
// app; of a new key also with the account, and with keys that the app has.
//
// The keys of an app that a plan deletes and creates again die with it, so the same plan
// updates them: a replacement would revoke them before it is certain that the app can be
// deleted.

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
	if !c.Ready() || c.isReplaced() || c.moves() || noteAppRecreated.Get(ctx, c.req.Private, &c.resp.Diagnostics) {
		return
	}
	plan := run.KeyPlan{App: c.prior.ref().AppRef(), IDs: refs, Changes: c.next.ID.IsUnknown()}
	if left, clash := c.Data().PlanKey(plan); clash != run.NoClash {
		advice.AddLeftOut(&c.resp.Diagnostics, plan.App, clash == run.Clashes, left.ID())
	}
}

// isReplaced reports whether the plan replaces the resource, as far as it says so itself.
func (c *keyPlan) isReplaced() bool {
	return c.replaced || !c.next.ID.IsUnknown() && c.changesLimits()
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

// preflight verifies the account of a new key, and warns if the key will not work
// for some of what its limits allow.
func (c *keyPlan) preflight(ctx context.Context) {
	owner, creates := c.Preflight(ctx, c.req, c.resp)
	if !creates || c.resp.Diagnostics.HasError() || c.next.AppID.IsUnknown() {
		return
	}
	app := clarifai.AppRef{UserID: owner, AppID: c.next.AppID.ValueString()}
	c.compareNew(ctx, app)
	c.warnNoApp(ctx, app)
	if c.next.Scopes.IsUnknown() || c.next.Endpoints.IsUnknown() {
		return
	}
	refused := scope.OutsideMethods(c.next.Scopes.Strings(), c.next.Endpoints.Strings())
	if len(refused) == 0 || !c.Data().UsesOutsideModels(app) || !c.Data().Say(app, func(a *run.App) *bool { return &a.SaidOutsideModels }) {
		return
	}
	c.resp.Diagnostics.AddAttributeWarning(path.Root("app_id"), "App keys cannot use models of other apps", fmt.Sprintf(
		"The base workflow of the app %s uses models of other apps, such as Clarifai's own. Clarifai refuses calls "+
			"of an app key that involve such models: a key of this app may be refused %s, although its scopes or "+
			"endpoints allow that. Give the app a default_workflow whose models are in the app, or { id = \"Empty\", "+
			"user_id = \"clarifai\", app_id = \"main\" }, which uses none; or make these calls with a PAT.",
		strings.TrimPrefix(app.String(), "/"), strings.Join(refused, ", ")))
}

// warnNoApp warns if a key is for an app that does not exist, as far as is planned by now. An app that the key
// refers to is planned before it. If Clarifai does not answer, it says nothing.
func (c *keyPlan) warnNoApp(ctx context.Context, app clarifai.AppRef) {
	known, inv := c.Data().App(app), c.Data().Inventory()
	isThere := known.Held || known.Read || known.Renamed || c.Data().CreatesApp(app)
	if app.UserID == "" || app.AppID == "" || isThere || known.SaidMissing || inv.Preflight(ctx, app.UserID).Unanswered != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, key.LookTimeout)
	defer cancel()
	_, err := inv.App(ctx, app, inventory.Checked)
	if !errors.Is(err, inventory.ErrGone) || !c.Data().Say(app, func(a *run.App) *bool { return &a.SaidMissing }) {
		return
	}
	c.resp.Diagnostics.AddAttributeWarning(path.Root("app_id"), "An app key without an app", advice.App{AppRef: app, Attribute: "app_id"}.Missing()+
		" The apply fails unless the app exists by then. If this configuration creates it, refer to it, as in app_id = clarifai_app.NAME.id, "+
		"so that Terraform creates it first.")
}

// warnDuplicate warns if a new key looks like one that its app already holds and
// that no resource of this run has: after terraform state rm, or when an import was
// forgotten, a second live key is seldom wanted, and a run that was killed may have left
// the successor of one. If Clarifai does not answer, it says nothing.
func (c *keyPlan) warnDuplicate(ctx context.Context) {
	diags, m := &c.resp.Diagnostics, c.next
	unknown := m.AppID.IsUnknown() || m.Description.IsUnknown() || m.Scopes.HasUnknown() || m.Endpoints.HasUnknown()
	if !c.Ready() || unknown {
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
		id, all := same[0], strings.Join(same, ", ")
		if !c.next.StoreKey.ValueBool() {
			id += ",store_key=false"
		}
		next := "keep it instead of creating a second one: terraform import ADDRESS " + id + ", with the address of this resource. " +
			"If that says that Terraform manages an object there, as of a tainted key, delete the key in Clarifai instead."
		if !c.req.State.Raw.IsNull() { // the address has a key; others may not have been read yet
			next = "a run that was killed may have left it: if terraform show does not show its ID, delete it in Clarifai."
		}
		// The IDs in the heading keep a CLI from folding it: a run that was killed may have left many
		// such keys, and no later plan mentions them.
		diags.AddWarning("The app already has such a key: "+all,
			"The plan creates a key in the app "+app.String()+", which already has one with the same description, scopes "+
				"and endpoints: "+all+". If no other resource or state has that key, "+next)
	}
}

// sameKeys returns the IDs of the keys in the plan's app that look like the
// planned one and that no state is known to hold by now. The successor of a key is
// younger than the key.
func (c *keyPlan) sameKeys(ctx context.Context, app clarifai.AppRef) (ids []string) {
	keys, err := c.Data().Inventory().AppKeys(ctx, app, inventory.Listed)
	if err != nil {
		return nil
	}
	for _, k := range keys {
		if looksLike(k, *c.next) && !c.Data().Key(k.Ref()).IsHeld() && !k.CreatedAt.Before(base.TimeOf(c.prior.CreatedAt).Time) {
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
