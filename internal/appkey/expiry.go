package appkey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// This file follows the date at which a key expires. As with everything that depends on
// time, Read notes that the date has passed, and a plan depends on the note: Terraform
// plans again in the apply, maybe days later.

// expiryNotice is how long before a key expires the plan begins to warn.
const expiryNotice = 30 * 24 * time.Hour

// isSameDate reports whether two attributes are the same date, however they spell it.
func isSameDate(a, b types.String) bool {
	return base.TimeOf(a).IsSameDate(base.TimeOf(b))
}

// dateFromAPI keeps the prior spelling of a date.
func dateFromAPI(got clarifai.Time, prior types.String) types.String {
	if at := base.TimeOf(prior); !at.IsZero() && got.IsSameDate(at) {
		return prior
	}
	return base.StringOrNull(got.String())
}

// noteExpiry notes for this run how soon a key expires that was read.
func noteExpiry(d *base.Data, k clarifai.Key) {
	if k.ExpiresAt.IsZero() {
		return
	}
	if left := k.ExpiresAt.Sub(d.Inventory().ServerNow()); left > 0 && left < expiryNotice {
		d.NoteKey(k.Ref(), func(k *run.Key) { k.Left = left })
	}
}

// noteExpired notes in private state that the date of a key has passed. A note that says
// so already stays as it is, so that the state does.
func noteExpired(ctx context.Context, inv *inventory.Inventory, state appKeyModel, call keyReadCall) {
	diags := &call.resp.Diagnostics
	before := noteDue.Get(ctx, call.req.Private, diags)
	note := &dueNote{At: inv.ServerNow().UTC().Truncate(time.Second)}
	switch {
	case !hasPassed(state.ExpiresAt, note.At):
		note = nil
	case before != nil && hasPassed(state.ExpiresAt, before.At):
		note = before
	}
	noteDue.Set(ctx, call.resp.Private, note, diags)
}

// isMissing reports whether an error says that Clarifai does not show a key.
func isMissing(err error) bool {
	_, lagging := errors.AsType[*inventory.LaggingError](err)
	return lagging || errors.Is(err, inventory.ErrGone)
}

// keepDate plans the date that the configuration sets, or the one in the state, also
// where the configuration spells it otherwise.
func (c *keyPlan) keepDate(ctx context.Context) {
	planned := c.next.ExpiresAt
	c.next.ExpiresAt = c.prior.ExpiresAt
	if planned.IsNull() {
		return
	}
	configured := base.Attribute[types.String](ctx, c.req.Config, "expires_at", &c.resp.Diagnostics)
	c.dated = !configured.IsNull()
	if c.dated && (configured.IsUnknown() || !isSameDate(configured, c.prior.ExpiresAt)) {
		c.next.ExpiresAt = configured
	}
}

// redates reports whether the configuration gives the key another date, as far as is
// known: then it is to be another key.
func (c *keyPlan) redates() bool { return c.dated && !c.next.ExpiresAt.Equal(c.prior.ExpiresAt) }

// planExpiry plans for a key that gets another date, or whose date has passed. Where the
// configuration names a date that has passed, the key stays as it is, whatever becomes
// of its app: nobody's plan is to fail for it.
func (c *keyPlan) planExpiry(ctx context.Context) {
	expired := c.hasExpired(ctx)
	if expired && c.dated && !c.redates() {
		c.expired = true
		c.warnExpired()
		return
	}
	follows := c.followApp(ctx)
	switch {
	case c.redates():
		c.warnUnknownDate()
		c.setUnknown()
	case follows:
	case expired:
		c.setUnknown()
		c.replace("expires_at")
	case !c.dated:
		c.warnExpires()
	}
}

// hasExpired reports whether the last Read noted that the key's date has passed.
func (c *keyPlan) hasExpired(ctx context.Context) bool {
	if c.prior.ExpiresAt.IsNull() {
		return false
	}
	note := noteDue.Get(ctx, c.req.Private, &c.resp.Diagnostics)
	return note != nil && hasPassed(c.prior.ExpiresAt, note.At)
}

// warnExpires warns that a key expires soon, as Read found.
func (c *keyPlan) warnExpires() {
	if !c.Ready() {
		return
	}
	if left := c.Data().Key(c.prior.ref()).Left; left > 0 {
		c.resp.Diagnostics.AddAttributeWarning(path.Root("expires_at"), "App key expires soon", fmt.Sprintf(
			"The key %s expires at %s, in %d days. The first plan after that %s it; for a new key earlier, use -replace or keepers.",
			c.prior.ID.ValueString(), c.prior.ExpiresAt.ValueString(), int(left.Hours()/24), c.verb))
	}
}

func (c *keyPlan) warnExpired() {
	c.resp.Diagnostics.AddAttributeWarning(path.Root("expires_at"), "App key has expired",
		"The key "+c.prior.ID.ValueString()+" expired at "+c.prior.ExpiresAt.ValueString()+". It stays in the state as it is. For a key that "+
			"works, set expires_at to a later date, or remove expires_at; to end this warning without a new key, remove the resource.")
}

// warnUnknownDate warns of a plan that gives the key a new value for nothing but a date
// that is not known yet.
func (c *keyPlan) warnUnknownDate() {
	same := c.next.Description.Equal(c.prior.Description) && c.next.StoreKey.Equal(c.prior.StoreKey) && c.next.Keepers.Equal(c.prior.Keepers)
	if !c.next.ExpiresAt.IsUnknown() || !same || c.moves() || c.changesLimits() || c.replaced {
		return
	}
	c.resp.Diagnostics.AddAttributeWarning(path.Root("expires_at"), "The date of an app key is known only after apply",
		"Nothing changes about the key "+c.prior.ID.ValueString()+" but expires_at, whose new value is not known yet: the apply creates a new "+
			"key with it and revokes this one. timestamp() and plantimestamp() do so in every run. Use time_offset for a date that stays, or "+
			"time_rotating for one that changes on schedule.")
}

// warnPastDate warns of a plan that creates a key with a date that has passed by
// Clarifai's clock, as this run knows it: the apply will refuse it.
func (c *keyPlan) warnPastDate() {
	creates := c.req.State.Raw.IsNull() || len(c.resp.RequiresReplace) > 0 || c.redates() || c.changesLimits()
	if !creates || !c.Ready() || !hasPassed(c.next.ExpiresAt, c.Data().Inventory().ServerNow()) {
		return
	}
	c.resp.Diagnostics.AddAttributeWarning(path.Root("expires_at"), "The date of a new app key has passed",
		"expires_at is "+c.next.ExpiresAt.ValueString()+", which has passed: the apply cannot create such a key. Set it to a later date, or "+
			"remove it.")
}

// redates reports whether the plan gives the key another date.
func (u *keyUpdate) redates() bool {
	return !u.next.ExpiresAt.IsUnknown() && !u.next.ExpiresAt.Equal(u.prior.ExpiresAt)
}

// hasExpired reports whether the key's date, which the plan keeps, has passed.
func (u *keyUpdate) hasExpired() bool {
	return !u.next.ExpiresAt.IsUnknown() && !u.redates() && hasPassed(u.prior.ExpiresAt, u.inv.ServerNow())
}

// asExpired returns the key as it is after a move to another app in which it cannot be
// created again, because its date has passed.
func (u *keyUpdate) asExpired(asked inventory.NewKey) clarifai.Key {
	u.expired = true
	return clarifai.Key{
		Value: clarifai.Secret(u.prior.Key.ValueString()), Fingerprint: asked.Unless, UserID: asked.UserID, AppID: asked.AppID,
		Description: asked.Description, Scopes: asked.Scopes, Endpoints: asked.Endpoints, ExpiresAt: asked.ExpiresAt,
		CreatedAt: base.TimeOf(u.prior.CreatedAt),
	}
}
