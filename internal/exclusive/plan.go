package exclusive

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// ModifyPlan plans to revoke the other keys that the state holds. What it plans
// depends on nothing else, because Terraform plans again at apply; only what it
// warns of does.
func (r *exclusiveResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan, state exclusiveModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.PlanOwner(ctx, req, resp, r.Ready() && r.Data().App(state.ref()).SetsRead > 0)
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("user_id"), &plan.UserID)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	owner, _ := r.Preflight(ctx, req, resp)
	if !exists {
		if plan.UserID.IsUnknown() && owner != "" {
			plan.UserID = types.StringValue(owner)
		}
		plan.checkKeyIDs(&resp.Diagnostics)
		r.warnCreate(ctx, plan, &resp.Diagnostics)
		if !notePlanned.Get(ctx, req.Private, &resp.Diagnostics) { // else the first call of a replacement has compared it
			r.compare(plan, nil, &resp.Diagnostics)
		}
		return
	}
	notePlanned.Set(ctx, resp.Private, true, &resp.Diagnostics)
	if plan.identity() == state.identity() {
		r.compare(plan, &state, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() || req.Plan.Raw.Equal(req.State.Raw) && len(state.OtherKeys.Elements()) == 0 {
		return // most of most plans
	}
	plan.checkKeyIDs(&resp.Diagnostics)
	if planned := plannedOtherKeys(plan, state); !planned.Equal(plan.OtherKeys) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("other_keys"), planned)...)
	}
	if r.Ready() && r.Data().App(state.ref()).SetsRead > 0 && !plan.leavesAppOf(state) {
		r.warnUpdate(ctx, plan, state, &resp.Diagnostics)
	}
}

// plannedOtherKeys returns no other keys: they are to be revoked. They are unknown
// where it is not known yet which keys are to be kept, or of which app.
func plannedOtherKeys(plan, state exclusiveModel) types.Map {
	if base.HasUnknown(plan.KeyIDs) || plan.identity() != state.identity() {
		return types.MapUnknown(types.StringType)
	}
	return otherKeysFromAPI(nil, nil)
}

// warnCreate names the other keys of an app that exists. If Clarifai does not
// answer, it says nothing.
func (r *exclusiveResource) warnCreate(ctx context.Context, plan exclusiveModel, diags *diag.Diagnostics) {
	if !r.Ready() || plan.AppID.IsUnknown() || plan.UserID.IsUnknown() {
		return
	}
	if r.Data().CreatesApp(plan.ref()) || r.Data().App(plan.ref()).Recreated { // it will hold none of the keys that it has now
		return
	}
	ctx, cancel := context.WithTimeout(ctx, key.LookTimeout)
	defer cancel()
	inv := r.Data().Inventory()
	living, err := inv.AppKeys(ctx, plan.ref(), inventory.Checked)
	if err != nil {
		return
	}
	living = withShared(inv, plan, living)
	warnShared(inv, plan, diags)
	others, _ := appKeys{living: living, kept: plan.kept(), now: inv.ServerNow()}.sort()
	if others = r.notHeld(others); len(others) > 0 {
		diags.AddAttributeWarning(path.Root("key_ids"), "The app "+plan.app()+" has other keys", fmt.Sprintf(
			"The app %s has keys that key_ids does not name:\n%s\n\n"+
				"This apply revokes none of them. It records them in other_keys; the next plan shows them, and the apply of that plan revokes "+
				"them. Add the IDs of those that are in use to key_ids before that.",
			plan.app(), key.Names(inv, others)))
	}
	if !base.HasUnknown(plan.KeyIDs) {
		plan.warnLosesAll(living, diags)
	}
}

// warnUpdate names the keys that the apply revokes, because the plan shows an
// update in place for that, and warns if key_ids is probably wrong.
func (r *exclusiveResource) warnUpdate(ctx context.Context, plan, state exclusiveModel, diags *diag.Diagnostics) {
	unless := ""
	switch {
	case base.HasUnknown(plan.KeyIDs):
		unless = ", except those that turn out to be in key_ids, of which a part is not known yet"
	case plan.identity() != state.identity():
		unless = ", unless app_id or user_id, which is not known yet, turns out to be another one"
	default:
		living, _ := r.Data().Inventory().AppKeys(ctx, plan.ref(), inventory.Listed) // none: the apply finds out
		living = withShared(r.Data().Inventory(), plan, living)
		if plan.warnLosesAll(living, diags) {
			return
		}
	}
	if toRevoke := state.othersBut(plan.kept()); len(toRevoke) > 0 {
		diags.AddAttributeWarning(path.Root("key_ids"), "The apply revokes app keys of "+state.app(), fmt.Sprintf(
			"The app %s has keys that key_ids does not name:\n%s\n\n"+
				"The apply of this plan revokes them%s. To keep one, add its ID to key_ids before that.",
			state.app(), strings.Join(toRevoke, "\n"), unless))
	}
}

// warnLosesAll warns if none of the keys to keep exists, which is an error at apply.
func (m exclusiveModel) warnLosesAll(living []clarifai.Key, diags *diag.Diagnostics) (loses bool) {
	if loses = m.losesAll(living); loses {
		diags.AddAttributeWarning(path.Root("key_ids"), "None of the keys to keep in "+m.app()+" exists", fmt.Sprintf(
			"The app %s has keys, but none of those in key_ids. Revoking the others would leave it without a key, so the apply revokes none. "+
				"Correct key_ids.", m.app()))
	}
	return loses
}

// compare looks for plans of other resources that this one contradicts: of keys that it
// leaves out, and of another set for the same app. Without a state, the set is new.
func (r *exclusiveResource) compare(plan exclusiveModel, state *exclusiveModel, diags *diag.Diagnostics) {
	if !r.Ready() || plan.AppID.IsUnknown() || plan.UserID.IsUnknown() {
		return
	}
	set := run.SetPlan{App: plan.ref(), Kept: plan.kept(), Partly: base.HasUnknown(plan.KeyIDs), Unknown: plan.KeyIDs.IsUnknown(), New: state == nil}
	if state != nil {
		set.Revoked = state.others()
	}
	found := r.Data().PlanSet(set)
	if found.Twice != run.NoClash {
		advice.AddTwoSets(diags, plan.ref(), found.Twice == run.Clashes)
	}
	maybe := slices.Sorted(slices.Values(key.IDs(found.MayBe)))
	if found.NewKey {
		maybe = append(maybe, advice.NewAppKey)
	}
	advice.AddLeftOut(diags, plan.ref(), true, slices.Sorted(slices.Values(key.IDs(found.LeftOut)))...)
	advice.AddLeftOut(diags, plan.ref(), false, maybe...)
}
