package appkey

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// ModifyPlan decides what a change means for the key: keep, patch, move or replace.
func (r *appKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var next, prior appKeyModel
	c := keyPlan{keyResource: &r.keyResource, next: &next, prior: &prior, outcome: "replaced", verb: "replaces", req: req, resp: resp}
	c.run(ctx, &next, &prior, &c)
}

// keyPlan is one plan for a key.
type keyPlan struct {
	*keyResource
	next, prior   *appKeyModel
	dated         bool // the configuration sets expires_at
	expired       bool // its date has passed, and it stays as it is
	replaced      bool
	outcome, verb string // of a change of limits, for messages: "replaced", "replaces"
	req           resource.ModifyPlanRequest
	resp          *resource.ModifyPlanResponse
}

// planner plans what plain and rotating keys do not have in common.
type planner interface {
	refs() []key.Ref // of the keys in the state
	create()
	change(ctx context.Context)
	destroy(ctx context.Context)
}

// run plans. Next and prior are the whole models, with the key in them.
func (c *keyPlan) run(ctx context.Context, next, prior any, p planner) {
	diags, creates := &c.resp.Diagnostics, c.req.State.Raw.IsNull()
	if !creates {
		diags.Append(c.req.State.Get(ctx, prior)...)
	}
	if c.req.Plan.Raw.IsNull() {
		c.planAddress(true, diags, p.refs()...)
		p.destroy(ctx)
		return
	}
	defer func() {
		c.preflight(ctx)
		c.warnPastDate()
	}()
	if diags.Append(c.req.Plan.Get(ctx, next)...); diags.HasError() {
		return
	}
	before := *c.next
	if creates {
		c.next.Key = c.plannedKey()
		c.forgetReplaced(ctx)
		p.create()
		c.warnDuplicate(ctx)
	} else {
		c.planAddress(false, diags, p.refs()...)
		p.change(ctx)
		c.compareSets(ctx, p.refs())
		if c.isReplaced() {
			c.warnDuplicate(ctx)
		}
	}
	if next != any(c.next) || !sameComputed(*c.next, before) {
		diags.Append(c.resp.Plan.Set(ctx, next)...)
	}
}

func (c *keyPlan) refs() []key.Ref { return []key.Ref{c.prior.ref()} }

func (c *keyPlan) create() {}

func (c *keyPlan) destroy(context.Context) {}

// change plans for a key that exists.
func (c *keyPlan) change(ctx context.Context) {
	imported := c.keep(ctx)
	if c.changesKeepers(imported) {
		c.replace("keepers")
	}
	if c.moves() {
		c.move(ctx)
	}
	c.planExpiry(ctx)
	c.next.Key = c.plannedKey()
	if !c.replaced && !c.changesLimits() {
		advice.WarnIfCleared(&c.resp.Diagnostics, "key", "description", c.next.Description, c.prior.Description)
	}
}

// keep plans that the key stays as it is, and reports whether it was imported.
func (c *keyPlan) keep(ctx context.Context) (imported bool) {
	c.next.ID, c.next.Fingerprint = c.prior.ID, c.prior.Fingerprint
	c.next.CreatedAt = c.prior.CreatedAt
	c.keepDate(ctx)
	if c.next.UserID.IsUnknown() && base.Attribute[types.String](ctx, c.req.Config, "user_id", &c.resp.Diagnostics).IsNull() {
		c.next.UserID = c.prior.UserID // the framework has planned an unknown one
	}
	if imported = noteImported.Get(ctx, c.req.Private, &c.resp.Diagnostics); imported {
		c.warnImportedLimits()
	}
	return imported
}

// moves reports whether the key goes to another app, as far as is known.
func (c *keyPlan) moves() bool {
	return !c.next.AppID.Equal(c.prior.AppID) || !c.next.UserID.Equal(c.prior.UserID)
}

// changesLimits reports whether the key has to have other scopes or endpoints.
func (c *keyPlan) changesLimits() bool {
	differ := func(next, prior scope.SetValue) bool {
		return !next.Equal(prior) && !(next.IsEmpty() && prior.IsEmpty())
	}
	return differ(c.next.Scopes, c.prior.Scopes) || differ(c.next.Endpoints, c.prior.Endpoints)
}

func (c *keyPlan) replace(attribute string) {
	c.resp.RequiresReplace = append(c.resp.RequiresReplace, path.Root(attribute))
	c.replaced = true
}

// changesKeepers reports whether keepers change, which null and empty ones do not. An import
// cannot see keepers, so the first ones after it are taken over, even if they are still
// unknown: they must not cost the key.
func (c *keyPlan) changesKeepers(imported bool) bool {
	first := hasNoKeepers(*c.prior) && (imported || hasNoKeepers(*c.next))
	return !first && !c.next.Keepers.Equal(c.prior.Keepers)
}

func hasNoKeepers(m appKeyModel) bool {
	return m.Keepers.IsNull() || !m.Keepers.IsUnknown() && len(m.Keepers.Elements()) == 0
}

// warnImportedLimits warns where an imported key has other limits than the
// configuration, which replaces it.
func (c *keyPlan) warnImportedLimits() {
	warn := func(attribute string, planned, stored scope.SetValue) {
		if planned.HasUnknown() || planned.Equal(stored) || planned.IsEmpty() && stored.IsEmpty() {
			return
		}
		has := attribute + " = null"
		if !stored.IsEmpty() {
			has = attribute + " = [\"" + clarifai.Escape(strings.Join(stored.Strings(), "\", \"")) + "\"]"
		}
		c.resp.Diagnostics.AddAttributeWarning(path.Root(attribute), "The imported app key is "+c.outcome,
			"The key "+c.prior.ID.ValueString()+" has other "+attribute+" than the configuration, and an existing key cannot get others. To "+
				"keep the key, set\n  "+has)
	}
	warn("scopes", c.next.Scopes, c.prior.Scopes)
	warn("endpoints", c.next.Endpoints, c.prior.Endpoints)
}

// move plans an update in place for a key whose app or owner changes or is
// unknown: whether the key changes with it shows only at apply, once Terraform
// has renamed or created the app.
func (c *keyPlan) move(ctx context.Context) {
	from := strings.Split(noteRenamedOutside.Get(ctx, c.req.Private, &c.resp.Diagnostics), "/")
	if from[0] != "" && c.Ready() && c.leavesApp(ctx, from) {
		c.addRenamedOutside(from)
	}
	if c.Ready() && !c.resp.Diagnostics.HasError() {
		c.warnNoApp(ctx, clarifai.AppRef{UserID: c.next.UserID.ValueString(), AppID: c.next.AppID.ValueString()})
	}
	if !c.next.UserID.Equal(c.prior.UserID) {
		c.CheckNewOwner(ctx, c.next.UserID, &c.resp.Diagnostics)
	}
	c.setUnknown()
}

// setUnknown plans what is known only once the apply has found or created the key.
func (c *keyPlan) setUnknown() {
	c.next.ID, c.next.Fingerprint, c.next.CreatedAt = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	if !c.dated {
		c.next.ExpiresAt = types.StringUnknown()
	}
}

// leavesApp reports whether the key leaves an app that was renamed outside of Terraform
// for one that has an old name of it, or that the plan creates because Terraform has lost
// track of the app, although Terraform does not give the app that name: the new app would
// be an empty one, and the key in use be revoked. A plan without a refresh knows of the
// rename from private state.
func (c *keyPlan) leavesApp(ctx context.Context, from []string) bool {
	to := clarifai.AppRef{UserID: c.prior.UserID.ValueString(), AppID: c.next.AppID.ValueString()}
	isLost := func() bool { return !noteAppManaged.Get(ctx, c.req.Private, &c.resp.Diagnostics) }
	return c.Data().App(c.prior.ref().AppRef()).RenamedTo != to.AppID && (slices.Contains(from, to.AppID) || c.Data().CreatesApp(to) && isLost())
}

func (c *keyPlan) addRenamedOutside(from []string) {
	app, id, to := c.prior.ref().App(), c.prior.AppID.ValueString(), c.next.AppID.ValueString()
	there := "Under the old name there is no app or another one"
	another := "To keep the old name, rename the app back in Clarifai, or with Terraform, by a clarifai_app of this provider configuration to " +
		"whose id the app_id refers. "
	if !slices.Contains(from, to) {
		there = "The plan creates an empty app " + to
		another = "To rename the app to " + to + ", leave the configuration as it is, run these two commands, and plan again. " +
			"To move the key to a new app all the same, create that app first, with -target. "
	}
	c.resp.Diagnostics.AddAttributeError(path.Root("app_id"), "Cannot move app key",
		"The app was renamed outside of Terraform: the key "+c.prior.Fingerprint.ValueString()+" is now in the app "+app+", which was called "+strings.Join(from, " and ")+
			". "+there+", and this key, which is in use, would be revoked.\n\n"+
			"To keep the new name, set it in the configuration: id = \""+id+"\" in the clarifai_app, or app_id = \""+id+"\" here if Terraform does not manage the app. "+
			"If the plan then wants to create the app, Terraform has lost track of it; for the address of that clarifai_app, run\n"+
			"  terraform state rm ADDRESS    (if terraform state list shows it)\n"+
			"  terraform import ADDRESS "+app+"\n\n"+another+
			"If another provider configuration manages the app, this check cannot see it: apply that clarifai_app first, with -target.\n\n"+
			"To destroy everything instead, run the two commands above if Terraform manages the app, and then\n"+
			"  terraform apply -refresh-only\n"+
			"  terraform destroy -refresh=false")
}

func (c *keyPlan) plannedKey() types.String {
	switch {
	case c.next.StoreKey.IsUnknown():
		return types.StringUnknown()
	case !c.next.StoreKey.ValueBool():
		return types.StringNull()
	case c.expired && c.prior.StoreKey.ValueBool() && c.prior.Key.IsNull(): // Clarifai did not show it any more
	case c.replaced, c.next.Fingerprint.IsUnknown(), c.prior.Key.IsNull():
		return types.StringUnknown()
	}
	return c.prior.Key
}

func (r *keyResource) now() time.Time {
	if r.Ready() {
		return r.Data().Inventory().Now()
	}
	return time.Now()
}

// sameComputed compares what ModifyPlan can have changed.
func sameComputed(a, b appKeyModel) bool {
	return a.ID.Equal(b.ID) && a.UserID.Equal(b.UserID) && a.Fingerprint.Equal(b.Fingerprint) && a.Key.Equal(b.Key) &&
		a.CreatedAt.Equal(b.CreatedAt) && a.ExpiresAt.Equal(b.ExpiresAt)
}
