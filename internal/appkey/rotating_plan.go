package appkey

import (
	"context"
	"fmt"
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

// ModifyPlan decides what a change or a date means for the keys. Terraform plans
// again in the apply, in another process and at another time: what is planned must
// depend on nothing but the request. Warnings may.
func (r *rotatingAppKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var next, prior rotatingKeyModel
	plain := keyPlan{keyResource: &r.keyResource, next: &next.appKeyModel, prior: &prior.appKeyModel, outcome: "rotated", verb: "rotates", req: req, resp: resp}
	c := rotationPlan{keyPlan: plain, next: &next, prior: &prior}
	c.run(ctx, &next, &prior, &c)
	r.warnClock(&resp.Diagnostics)
}

// rotationPlan is one plan for a rotating key.
type rotationPlan struct {
	keyPlan
	next, prior *rotatingKeyModel // of which those of keyPlan are a part
	observed    observed
}

func (c *rotationPlan) refs() []key.Ref { return c.prior.allKeys() }

func (c *rotationPlan) create() { c.next.dropPrevious() }

// change plans for a key that exists.
func (c *rotationPlan) change(ctx context.Context) {
	if c.observed = readObserved(ctx, c.req.Private, &c.resp.Diagnostics); c.resp.Diagnostics.HasError() {
		return
	}
	c.setAllUnknown()
	imported := c.keep(ctx)
	due := workFor(*c.prior, c.observed.due, c.observed.dates)
	switch {
	case c.moves():
		c.warnGone(" in the app of the configuration. If that is its app with a new name, the previous key stays alive until its date; if it is another app, the apply revokes it.")
		c.move(ctx)
	case c.followApp(ctx):
	case due.forced, c.changesKeepers(imported), c.changesLimits(), due.scheduled && !c.changesDate():
		c.warnWhy(due)
		c.warnWider()
		c.setUnknown()
	default:
		c.next.KeyIDs, c.next.PreviousID = c.prior.KeyIDs, c.prior.PreviousID
		c.next.fillDates(c.prior, time.Time{})
		c.planRetirement(c.planOverlap(due.retire))
	}
	c.warnExpires()
	c.next.Key = c.plannedKey()
	c.next.PreviousKey = c.plannedPreviousKey()
	if !c.next.Fingerprint.IsUnknown() {
		advice.WarnIfCleared(&c.resp.Diagnostics, "key", "description", c.next.Description, c.prior.Description)
	}
	c.warnSuccessors()
	if c.Ready() {
		c.warnPreviousWider(ctx)
	}
}

// setAllUnknown plans what is known only once the apply has a new key.
func (c *rotationPlan) setAllUnknown() {
	c.next.RotatedAt, c.next.NextRotationAt = types.StringUnknown(), types.StringUnknown()
	c.next.PreviousID, c.next.PreviousExpiresAt = types.StringUnknown(), types.StringUnknown()
	c.next.KeyIDs = types.SetUnknown(types.StringType)
}

// changesDate reports whether the configuration changes the date of the next
// rotation, which is never due in the same plan. A period that is not known yet may
// turn out to be the same.
func (c *rotationPlan) changesDate() bool {
	date := c.next.nextRotation(c.prior, time.Time{})
	return !date.IsUnknown() && !date.Equal(c.prior.NextRotationAt)
}

// planOverlap returns which keys are due after a change of the overlap, which changes
// the date of the previous key.
func (c *rotationPlan) planOverlap(due []retiringKey) []retiringKey {
	switch {
	case !c.prior.hasPrevious(), c.next.PreviousExpiresAt.Equal(c.prior.PreviousExpiresAt):
		return due
	case c.next.PreviousExpiresAt.IsUnknown():
		if c.observed.due != nil {
			c.next.PreviousID, c.next.KeyIDs = types.StringUnknown(), types.SetUnknown(types.StringType)
		}
		return due
	}
	until := base.TimeOf(c.next.PreviousExpiresAt).Time
	isPrevious := func(k retiringKey) bool { return k.ID() == c.prior.PreviousID.ValueString() }
	due = slices.DeleteFunc(slices.Clone(due), isPrevious)
	if c.observed.due != nil && !c.observed.due.Gone && !until.After(c.observed.due.At) {
		ref, _ := key.RefOf(c.prior.PreviousID.ValueString())
		due = append(due, retiringKey{ref, until})
	}
	return due
}

// planRetirement plans that keys are revoked. An apply that failed later may have revoked
// the previous one before.
func (c *rotationPlan) planRetirement(keys []retiringKey) {
	if c.next.KeyIDs.IsUnknown() {
		return
	}
	ids := base.Strings(c.prior.KeyIDs)
	for _, k := range keys {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == k.ID() })
	}
	if !slices.Contains(ids, c.prior.PreviousID.ValueString()) {
		c.next.PreviousID, c.next.PreviousExpiresAt = types.StringNull(), types.StringNull()
	}
	c.next.setKeys(ids...)
}

func (c *rotationPlan) plannedPreviousKey() types.String {
	switch {
	case c.next.StoreKey.IsUnknown():
		return types.StringUnknown()
	case !c.next.StoreKey.ValueBool(), c.next.PreviousID.IsNull():
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
	if c.warnGone("; the previous key stays alive until its date. Until then, give consumers previous_key.") {
		return
	}
	s, ok := c.prior.schedule()
	if next := base.TimeOf(c.prior.NextRotationAt); ok && due.scheduled && c.now().Sub(next.Time) > s.period/10 {
		c.resp.Diagnostics.AddAttributeWarning(path.Root("next_rotation_at"), "The rotation of an app key is overdue",
			"The key "+c.prior.ID.ValueString()+" was to be rotated at "+c.prior.NextRotationAt.ValueString()+", more than a tenth of rotation_period ago. "+
				"Rotations happen only in an apply: run terraform apply on a schedule, such as every night.")
	}
}

// warnGone warns if the current key is gone, and says what becomes of the previous one.
func (c *rotationPlan) warnGone(previous string) bool {
	if note := c.observed.due; note == nil || !note.Gone {
		return false
	}
	c.resp.Diagnostics.AddWarning("The current app key no longer exists",
		"The key "+c.prior.ID.ValueString()+" was deleted outside of Terraform. The apply creates a new one"+previous)
	return true
}

// warnWider warns that the key to be rotated may do more than the configuration allows:
// as the previous key, it keeps that for the overlap.
func (c *rotationPlan) warnWider() {
	if note := c.observed.due; note == nil || !note.Gone {
		c.warnBeyond(c.keyPlan.prior, "The apply rotates the key, and the old one keeps them until the overlap is over ("+overlapText(c.next.Overlap)+").")
	}
}

// warnPreviousWider warns of a key before the current one that may do more by now, and that
// the plan leaves alive.
func (c *rotationPlan) warnPreviousWider(ctx context.Context) {
	for _, k := range c.prior.retiring(nil) {
		stays := c.next.KeyIDs.IsUnknown() || slices.Contains(base.Strings(c.next.KeyIDs), k.ID())
		if found := c.Data().Inventory().Record(k.Ref).Key; stays && found.Fingerprint != "" {
			held := keyFromAPI(found, *c.keyPlan.prior, c.keyPlan.prior.defaultsFor(ctx, found, c.req.Private, &c.resp.Diagnostics))
			c.warnBeyond(&held, "It keeps them until its own overlap is over.")
		}
	}
}

func (c *rotationPlan) warnBeyond(held *appKeyModel, keeps string) {
	warn := func(attribute string, more []string) {
		if len(more) == 0 {
			return
		}
		c.resp.Diagnostics.AddAttributeWarning(path.Root(attribute), "The previous app key "+held.ID.ValueString()+" will keep wider "+attribute, fmt.Sprintf(
			"The key has %s that the configuration does not name: %s. They were added outside of Terraform, or removed from the configuration. %s "+
				"To revoke it at once, use terraform apply -replace=ADDRESS with the address of this resource, which revokes every key in key_ids.",
			attribute, clarifai.Escape(strings.Join(more, ", ")), keeps))
	}
	scopes, endpoints := beyond(c.keyPlan.next, held)
	warn("scopes", scopes)
	warn("endpoints", endpoints)
}

// beyond returns what a key may do beyond what is allowed.
func beyond(allowed, held *appKeyModel) (scopes, endpoints []string) {
	if !allowed.Scopes.HasUnknown() {
		scopes = scope.Beyond(allowed.Scopes.Strings(), held.Scopes.Strings())
	}
	endpoints = held.Endpoints.Strings()
	switch {
	case allowed.Endpoints.HasUnknown() || allowed.Endpoints.IsEmpty():
		return scopes, nil
	case len(endpoints) == 0:
		return scopes, []string{"any, because it is not limited to endpoints"}
	}
	return scopes, slices.DeleteFunc(endpoints, func(name string) bool { return slices.Contains(allowed.Endpoints.Strings(), name) })
}

// overlapText returns how messages say an overlap.
func overlapText(overlap types.String) string {
	switch {
	case overlap.IsUnknown():
		return "which is not known yet"
	case overlap.IsNull():
		return "24h, the default"
	}
	return overlap.ValueString()
}
