package appkey

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/key"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// ModifyPlan decides what a change or a date means for the keys. Terraform plans
// again in the apply, in another process and at another time: what is planned must
// depend on nothing but the request. Warnings may.
func (r *rotatingAppKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		var state rotatingKeyModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.planAddress(true, &resp.Diagnostics, state.allKeys()...)
		return
	}
	defer r.preflight(ctx, req, resp)
	var plan rotatingKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		if !plan.StoreKey.IsUnknown() && !plan.StoreKey.ValueBool() {
			plan.Key = types.StringNull()
		}
		plan.dropPrevious()
		r.warnDuplicate(ctx, plan.appKeyModel, req, &resp.Diagnostics)
	} else {
		c := rotationPlan{keyChange: keyChange{keyResource: &r.keyResource, outcome: "rotated", config: req.Config, private: req.Private, resp: resp}}
		resp.Diagnostics.Append(req.State.Get(ctx, &c.prior)...)
		c.observed = readObserved(ctx, req.Private, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		if !req.Plan.Raw.Equal(req.State.Raw) { // one half of a replacement, if -replace asks for one
			noteChanges.Set(ctx, resp.Private, true, &resp.Diagnostics)
		}
		r.planAddress(false, &resp.Diagnostics, c.prior.allKeys()...)
		c.next = plan
		c.plan, c.state = plan.appKeyModel, c.prior.appKeyModel
		plan = c.decide(ctx)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// rotationPlan plans for a rotating key that exists.
type rotationPlan struct {
	keyChange
	prior    rotatingKeyModel
	next     rotatingKeyModel // what is planned, apart from the attributes of the key
	observed observed
}

// decide returns the plan.
func (c *rotationPlan) decide(ctx context.Context) rotatingKeyModel {
	c.plan.ID, c.plan.Fingerprint, c.plan.CreatedAt, c.plan.ExpiresAt = c.state.ID, c.state.Fingerprint, c.state.CreatedAt, c.state.ExpiresAt
	c.next.RotatedAt, c.next.NextRotationAt, c.next.KeyIDs = c.prior.RotatedAt, c.prior.NextRotationAt, c.prior.KeyIDs
	c.next.PreviousID, c.next.PreviousExpiresAt = c.prior.PreviousID, c.prior.PreviousExpiresAt
	c.keepOwner(ctx)
	imported := noteImported.Get(ctx, c.private, &c.resp.Diagnostics)
	if imported {
		c.warnImportedLimits()
	}
	due := workFor(c.prior, c.observed.due, c.observed.dates)
	switch {
	case !c.plan.AppID.Equal(c.state.AppID), !c.plan.UserID.Equal(c.state.UserID):
		c.move(ctx)
		c.setAllUnknown()
	case c.followApp(ctx):
		c.setAllUnknown()
	case due.forced, c.changesKeepers(imported), c.changesLimits(), due.scheduled && !c.changesDate():
		c.warnWhy(due)
		c.setUnknown()
		c.setAllUnknown()
	default:
		c.keepKey(due)
	}
	warnExpiry(c.state, c.now(), "rotates", &c.resp.Diagnostics)
	c.plan.Key = c.plannedKey()
	c.next.appKeyModel = c.plan
	c.next.PreviousKey = c.plannedPreviousKey()
	if !c.plan.Fingerprint.IsUnknown() {
		c.warnCleared()
	}
	return c.next
}

// setAllUnknown plans what is known only once the apply has a new key.
func (c *rotationPlan) setAllUnknown() {
	c.next.RotatedAt, c.next.NextRotationAt = types.StringUnknown(), types.StringUnknown()
	c.next.PreviousID, c.next.PreviousExpiresAt = types.StringUnknown(), types.StringUnknown()
	c.next.KeyIDs = types.SetUnknown(types.StringType)
}

// changesLimits reports whether the key has to have other scopes or endpoints.
func (c *rotationPlan) changesLimits() bool {
	differ := func(plan, state scope.SetValue) bool {
		return !plan.Equal(state) && !(plan.IsEmpty() && state.IsEmpty())
	}
	return differ(c.plan.Scopes, c.state.Scopes) || differ(c.plan.Endpoints, c.state.Endpoints)
}

// changesDate reports whether the configuration changes the date of the next
// rotation, which is never due in the same plan. A period that is not known yet may
// turn out to be the same.
func (c *rotationPlan) changesDate() bool {
	if c.next.RotationPeriod.IsUnknown() || c.next.RotationSpread.IsUnknown() {
		return false
	}
	now, before, ok := c.schedules()
	return !ok || now.period != before.period || now.spread != before.spread
}

// schedules returns the planned and the prior schedule, without regard to the
// overlap; ok is false if one of them has no period.
func (c *rotationPlan) schedules() (now, before schedule, ok bool) {
	now, ok1 := newSchedule(c.next.RotationPeriod, types.StringNull(), c.next.RotationSpread)
	before, ok2 := newSchedule(c.prior.RotationPeriod, types.StringNull(), c.prior.RotationSpread)
	return now, before, ok1 && ok2
}

// keepKey plans an update without a rotation.
func (c *rotationPlan) keepKey(due work) {
	if c.prior.RotatedAt.IsNull() {
		c.next.RotatedAt = types.StringUnknown()
	}
	now, _, ok := c.schedules()
	switch {
	case c.prior.NextRotationAt.IsNull(), c.prior.RotatedAt.IsNull(), c.next.RotationPeriod.IsUnknown(), c.next.RotationSpread.IsUnknown():
		c.next.NextRotationAt = types.StringUnknown() // after an import or a move, by the clock of the apply
	case ok && c.changesDate():
		c.next.NextRotationAt = timeValue(now.next(timeOf(c.prior.RotatedAt), c.state.Fingerprint.ValueString()))
	}
	c.planRetirement(c.planOverlap(due.retire))
}

// planOverlap plans the date of the previous key after a change of the overlap. It
// returns which keys are due with it.
func (c *rotationPlan) planOverlap(due []retiringKey) []retiringKey {
	if !c.prior.hasPrevious() {
		return due
	}
	if c.next.Overlap.IsUnknown() {
		c.next.PreviousExpiresAt = types.StringUnknown()
		if c.observed.due != nil {
			c.next.PreviousID, c.next.KeyIDs = types.StringUnknown(), types.SetUnknown(types.StringType)
		}
		return due
	}
	now, before := overlapOf(c.next.Overlap), overlapOf(c.prior.Overlap)
	if now == before {
		return due
	}
	until := timeOf(c.prior.RotatedAt).Add(now)
	c.next.PreviousExpiresAt = timeValue(until)
	isPrevious := func(k retiringKey) bool { return k.ID() == c.prior.PreviousID.ValueString() }
	due = slices.DeleteFunc(slices.Clone(due), isPrevious)
	if c.observed.due != nil && !c.observed.due.Gone && !until.After(c.observed.due.At) {
		ref, _ := key.RefOf(c.prior.PreviousID.ValueString())
		due = append(due, retiringKey{ref, until})
	}
	return due
}

// overlapOf returns the overlap that an attribute stands for.
func overlapOf(text types.String) time.Duration {
	if text.IsNull() {
		return defaultOverlap
	}
	d, err := parseDuration(text.ValueString())
	if err != nil {
		return 0
	}
	return d
}

// planRetirement plans that keys are revoked.
func (c *rotationPlan) planRetirement(keys []retiringKey) {
	if len(keys) == 0 || c.next.KeyIDs.IsUnknown() {
		return
	}
	ids := stringsOf(c.prior.KeyIDs)
	for _, k := range keys {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == k.ID() })
		if k.ID() == c.prior.PreviousID.ValueString() {
			c.next.PreviousID, c.next.PreviousExpiresAt = types.StringNull(), types.StringNull()
		}
	}
	c.next.setKeys(ids...)
}

func (c *rotationPlan) plannedPreviousKey() types.String {
	switch {
	case c.plan.StoreKey.IsUnknown():
		return types.StringUnknown()
	case !c.plan.StoreKey.ValueBool(), c.next.PreviousID.IsNull():
		return types.StringNull()
	case c.next.PreviousID.IsUnknown(), c.prior.PreviousKey.IsNull() && !c.prior.StoreKey.ValueBool():
		return types.StringUnknown()
	}
	return c.prior.PreviousKey // null if it was not found
}

// warnWhy warns about a rotation that nobody has asked for, or that comes late.
func (c *rotationPlan) warnWhy(due work) {
	note := c.observed.due
	if note == nil {
		return
	}
	if note.Gone {
		c.resp.Diagnostics.AddWarning("The current app key no longer exists",
			"The key "+c.state.ID.ValueString()+" was deleted outside of Terraform. The apply creates a new one; the previous key stays alive "+
				"until its date. "+
				"Until then, give consumers previous_key.")
		return
	}
	s, ok := c.prior.schedule()
	if next := timeOf(c.prior.NextRotationAt); ok && due.scheduled && note.At.Sub(next) > s.period {
		c.resp.Diagnostics.AddAttributeWarning(path.Root("next_rotation_at"), "The rotation of an app key is overdue",
			"The key "+c.state.ID.ValueString()+" was to be rotated at "+c.prior.NextRotationAt.ValueString()+", more than a rotation_period ago. "+
				"Rotations happen only in an apply: run terraform apply on a schedule, such as every night.")
	}
}
