package appkey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// expiryNotice is how long before a key expires the plan begins to warn.
const expiryNotice = 30 * 24 * time.Hour

// ModifyPlan decides what a change means for the key: keep, patch, move or replace.
func (r *appKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		var state appKeyModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.planAddress(true, &resp.Diagnostics, state.ref())
		return
	}
	defer r.preflight(ctx, req, resp)
	var plan appKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := plan
	if req.State.Raw.IsNull() {
		if !plan.StoreKey.IsUnknown() && !plan.StoreKey.ValueBool() {
			plan.Key = types.StringNull()
		}
		r.warnDuplicate(ctx, plan, req, &resp.Diagnostics)
	} else {
		c := keyChange{keyResource: &r.keyResource, outcome: "replaced", plan: plan, config: req.Config, private: req.Private, resp: resp}
		resp.Diagnostics.Append(req.State.Get(ctx, &c.state)...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.planAddress(false, &resp.Diagnostics, c.state.ref())
		c.changed = !req.Plan.Raw.Equal(req.State.Raw)
		if c.changed {
			noteChanges.Set(ctx, resp.Private, true, &resp.Diagnostics)
		}
		c.decide(ctx)
		plan = c.plan
	}
	if !sameComputed(plan, before) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planAddress notes a plan that destroys keys, or that keeps them, and adds an error if
// another address means the opposite: a key in use would be revoked.
func (r *keyResource) planAddress(destroys bool, diags *diag.Diagnostics, refs ...key.Ref) {
	if !r.Ready() {
		return
	}
	for _, ref := range r.Data().PlanKeys(destroys, refs...) {
		diags.AddError("One app key at two addresses", "This plan destroys the key "+ref.ID()+" at one address, while another address imports or keeps it: the apply would revoke the key, which is in use.\n\n"+
			advice.TwoAddresses("clarifai_app_key", ref.ID()))
	}
}

// keyChange plans for a key that exists.
type keyChange struct {
	*keyResource
	plan, state appKeyModel
	changed     bool // the plan differs from the state
	replaced    bool
	outcome     string // of a change of limits, for messages: "replaced"
	config      tfsdk.Config
	private     base.PrivateReader
	resp        *resource.ModifyPlanResponse
}

func (c *keyChange) decide(ctx context.Context) {
	c.plan.ID, c.plan.Fingerprint, c.plan.CreatedAt, c.plan.ExpiresAt = c.state.ID, c.state.Fingerprint, c.state.CreatedAt, c.state.ExpiresAt
	c.keepOwner(ctx)
	imported := noteImported.Get(ctx, c.private, &c.resp.Diagnostics)
	if c.changesKeepers(imported) {
		c.replace("keepers")
	}
	if imported {
		c.warnImportedLimits()
	}
	if !c.plan.AppID.Equal(c.state.AppID) || !c.plan.UserID.Equal(c.state.UserID) {
		c.move(ctx)
	}
	if !c.followApp(ctx) {
		c.decideExpiry()
	}
	c.plan.Key = c.plannedKey()
	if !c.replaced {
		c.warnCleared()
	}
}

func (c *keyChange) warnCleared() {
	advice.WarnIfCleared(&c.resp.Diagnostics, "key", "description", c.plan.Description, c.state.Description)
}

// decideExpiry replaces a key that has expired, and warns before.
func (c *keyChange) decideExpiry() {
	now := c.now()
	warnExpiry(c.state, now, "replaces", &c.resp.Diagnostics)
	if isExpired(c.state, now) && (!c.changed || c.isPlanning(c.state)) {
		c.setUnknown()
		c.replace("expires_at")
	}
}

func (c *keyChange) replace(attribute string) {
	c.resp.RequiresReplace = append(c.resp.RequiresReplace, path.Root(attribute))
	c.replaced = true
}

// changesKeepers reports whether keepers change, which null and empty ones do not. An import cannot see keepers, so the first ones after it are taken over,
// even if they are still unknown: they must not cost the key.
func (c *keyChange) changesKeepers(imported bool) bool {
	first := hasNoKeepers(c.state) && (imported || hasNoKeepers(c.plan))
	return !first && !c.plan.Keepers.Equal(c.state.Keepers)
}

func hasNoKeepers(m appKeyModel) bool {
	return m.Keepers.IsNull() || !m.Keepers.IsUnknown() && len(m.Keepers.Elements()) == 0
}

// warnImportedLimits warns where an imported key has other limits than the
// configuration, which replaces it.
func (c *keyChange) warnImportedLimits() {
	warn := func(attribute string, planned, stored scope.SetValue) {
		if planned.HasUnknown() || planned.Equal(stored) || planned.IsEmpty() && stored.IsEmpty() {
			return
		}
		has := attribute + " = null"
		if !stored.IsEmpty() {
			has = attribute + " = [\"" + strings.Join(stored.Strings(), "\", \"") + "\"]"
		}
		c.resp.Diagnostics.AddAttributeWarning(path.Root(attribute), "The imported app key is "+c.outcome,
			"The key "+c.state.ID.ValueString()+" has other "+attribute+" than the configuration, and those of a key cannot be changed. To "+
				"keep the key, set\n  "+has)
	}
	warn("scopes", c.plan.Scopes, c.state.Scopes)
	warn("endpoints", c.plan.Endpoints, c.state.Endpoints)
}

// keepOwner plans the owner in the state where the configuration sets none: the
// framework has planned an unknown one.
func (c *keyChange) keepOwner(ctx context.Context) {
	if !c.plan.UserID.IsUnknown() {
		return
	}
	var configured types.String
	c.resp.Diagnostics.Append(c.config.GetAttribute(ctx, path.Root("user_id"), &configured)...)
	if configured.IsNull() {
		c.plan.UserID = c.state.UserID
	}
}

// move plans an update in place for a key whose app or owner changes or is
// unknown: whether the key changes with it shows only at apply, once Terraform
// has renamed or created the app.
func (c *keyChange) move(ctx context.Context) {
	from := noteRenamedOutside.Get(ctx, c.private, &c.resp.Diagnostics)
	if c.returnsToOldName(from) {
		c.addRenamedOutside(from)
	}
	if !c.plan.UserID.Equal(c.state.UserID) {
		c.CheckNewOwner(ctx, c.plan.UserID, &c.resp.Diagnostics)
	}
	c.setUnknown()
}

// setUnknown plans what is known only once the apply has found or created the key.
func (c *keyChange) setUnknown() {
	c.plan.ID, c.plan.Fingerprint = types.StringUnknown(), types.StringUnknown()
	c.plan.CreatedAt, c.plan.ExpiresAt = types.StringUnknown(), types.StringUnknown()
}

// returnsToOldName reports whether the key leaves an app that was renamed
// outside of Terraform for one of the old name, although Terraform does not
// rename the app back: an empty app would be created, and the key in use be
// revoked. A plan without a refresh knows of the rename from private state.
func (c *keyChange) returnsToOldName(from string) bool {
	return from != "" && c.plan.AppID.ValueString() == from && c.Ready() && c.Data().App(c.state.ref().AppRef()).RenamedTo != from
}

func (c *keyChange) addRenamedOutside(from string) {
	app, id := c.state.ref().App(), c.state.AppID.ValueString()
	c.resp.Diagnostics.AddAttributeError(path.Root("app_id"), "Cannot move app key",
		"The app was renamed outside of Terraform: the key "+c.state.Fingerprint.ValueString()+" is now in the app "+app+", which was called "+from+
			". Under the old name there is no app or another one, and this key, which is in use, would be revoked.\n\n"+
			"To keep the new name, set it in the configuration: id = \""+id+"\" in the clarifai_app, or app_id = \""+id+"\" here if Terraform does not manage the app. "+
			"If the plan then wants to create the app, Terraform has lost track of it; for the address of that clarifai_app, run\n"+
			"  terraform state rm ADDRESS    (if terraform state list shows it)\n"+
			"  terraform import ADDRESS "+app+"\n\n"+
			"To keep the old name, rename the app back in Clarifai, or with Terraform, by a clarifai_app of this provider configuration to "+
			"whose id the app_id refers. "+
			"If another provider configuration manages the app, this check cannot see it: apply that clarifai_app first, with -target.\n\n"+
			"To destroy everything instead, run the two commands above if Terraform manages the app, and then\n"+
			"  terraform apply -refresh-only\n"+
			"  terraform destroy -refresh=false")
}

func (c *keyChange) plannedKey() types.String {
	switch {
	case c.plan.StoreKey.IsUnknown():
		return types.StringUnknown()
	case !c.plan.StoreKey.ValueBool():
		return types.StringNull()
	case c.replaced, c.plan.Fingerprint.IsUnknown(), c.state.Key.IsNull():
		return types.StringUnknown()
	}
	return c.state.Key
}

// isPlanning reports whether this is a plan and not its repetition in an apply,
// which must not end in a replacement where an update was planned. A plan without
// a refresh counts as an apply as well.
func (r *keyResource) isPlanning(state appKeyModel) bool {
	return r.Ready() && r.Data().HasReadKey(state.ref())
}

func (r *keyResource) now() time.Time {
	if r.Ready() {
		return r.Data().Inventory().Now()
	}
	return time.Now()
}

// expiresIn returns the time that a key has left; ok is false if it does not
// expire.
func expiresIn(state appKeyModel, now time.Time) (left time.Duration, ok bool) {
	at, err := time.Parse(time.RFC3339Nano, state.ExpiresAt.ValueString())
	if err != nil {
		return 0, false
	}
	return at.Sub(now), true
}

// isExpired reports whether a key has expired.
func isExpired(state appKeyModel, now time.Time) bool {
	left, expires := expiresIn(state, now)
	return expires && left <= 0
}

// warnExpiry adds a warning if a key expires soon. Verb says what a plan does with it then.
func warnExpiry(state appKeyModel, now time.Time, verb string, diags *diag.Diagnostics) {
	left, expires := expiresIn(state, now)
	if !expires || left <= 0 || left >= expiryNotice {
		return
	}
	diags.AddAttributeWarning(path.Root("expires_at"), "App key expires soon", fmt.Sprintf(
		"The key %s expires at %s, in %d days. The first plan after that %s it; for a new key earlier, use -replace or keepers.",
		state.ID.ValueString(), state.ExpiresAt.ValueString(), int(left.Hours()/24), verb))
}

// sameComputed compares what ModifyPlan can have changed.
func sameComputed(a, b appKeyModel) bool {
	return a.ID.Equal(b.ID) && a.UserID.Equal(b.UserID) && a.Fingerprint.Equal(b.Fingerprint) && a.Key.Equal(b.Key) &&
		a.CreatedAt.Equal(b.CreatedAt) && a.ExpiresAt.Equal(b.ExpiresAt)
}
