package exclusive

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/advice"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// Update revokes the keys that the plan named, unless the app is another one now.
func (r *exclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	u := exclusiveUpdate{resource: r, diags: &resp.Diagnostics}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	u.prior = &exclusiveModel{}
	resp.Diagnostics.Append(req.State.Get(ctx, u.prior)...)
	u.revoked = noteRevoked.Get(ctx, req.Private, &resp.Diagnostics)
	if got, ok := u.apply(ctx, resp.Private); ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	}
}

// exclusiveUpdate is one Create or Update of clarifai_app_keys_exclusive.
type exclusiveUpdate struct {
	resource *exclusiveResource
	inv      *inventory.Inventory
	plan     exclusiveModel
	prior    *exclusiveModel // nil in a Create
	revoked  revokedKeys
	diags    *diag.Diagnostics
}

// apply revokes what may be revoked, notes it and returns the new state. Without success
// it adds an error, and has revoked nothing.
func (u *exclusiveUpdate) apply(ctx context.Context, private base.PrivateWriter) (got exclusiveModel, ok bool) {
	if u.inv, ok = u.resource.Account(ctx, &u.plan.UserID, u.diags); !ok {
		return got, false
	}
	if u.plan.checkKeyIDs(u.diags); u.diags.HasError() {
		return got, false
	}
	living, ok := u.list(ctx)
	if !ok {
		return got, false
	}
	others, marked := appKeys{living: living, kept: u.plan.kept(), revoked: u.revoked, now: u.inv.ServerNow()}.sort()
	others = u.resource.notHeld(others)
	toRevoke, err := u.toRevoke(ctx, living, others)
	if err != nil {
		advice.AddError(u.diags, "revoke app keys", "app "+u.plan.app(), err, noKeyRevoked)
		return got, false
	}
	u.warnLeftAlone(marked)
	left := u.revoke(ctx, toRevoke)
	u.noteRevoked(toRevoke)
	u.revoked.store(ctx, private, u.inv.ServerNow(), u.diags)
	notePlanned.Clear(ctx, private, u.diags)
	if u.plan.OtherKeys.IsUnknown() { // of a new resource, or of one for another app: the plan could not tell
		left = slices.DeleteFunc(others, func(k clarifai.Key) bool { return u.inv.Record(k.Ref()).KeyRevoked })
	}
	got = u.plan
	got.OtherKeys = otherKeysFromAPI(u.inv, left)
	return got, true
}

// noKeyRevoked is the hint of errors before the first revocation.
const noKeyRevoked = "No key was revoked."

// list returns the keys of the app as its own listing shows them now. Without
// success it adds an error.
func (u *exclusiveUpdate) list(ctx context.Context) (living []clarifai.Key, ok bool) {
	living, err := u.inv.AppKeys(ctx, u.plan.ref(), inventory.Now)
	living = withShared(u.inv, u.plan, living)
	switch {
	case err != nil:
		advice.App{AppRef: u.plan.ref(), Attribute: "app_id"}.AddError(u.diags, "list app keys", err, noKeyRevoked)
		return nil, false
	case u.prior != nil && !u.isMoved() && u.plan.losesAll(living):
		u.diags.AddAttributeError(path.Root("key_ids"), "None of the keys to keep exists", fmt.Sprintf(
			"The app %s has keys, but none of those in key_ids. %s Correct key_ids, and plan again.", u.plan.app(), noKeyRevoked))
		return nil, false
	}
	return living, true
}

// isMoved reports whether an update is for another app than before.
func (u *exclusiveUpdate) isMoved() bool { return u.plan.AppID != u.prior.AppID }

// toRevoke returns the keys to revoke: those that the plan has named or, in an app
// that this run created itself, all that it did not create.
func (u *exclusiveUpdate) toRevoke(ctx context.Context, living, others []clarifai.Key) ([]clarifai.Key, error) {
	named := fingerprints{}
	app := u.plan.ref()
	switch {
	case u.inv.Record(app.Key("")).AppTold && !u.plan.losesAll(living):
		foreign, err := u.inv.ForeignKeys(ctx, app, others)
		if err != nil {
			return nil, err
		}
		for _, k := range foreign {
			named[k.Fingerprint] = true
		}
	case u.prior != nil && !u.isMoved():
		named = u.prior.others()
	}
	priorKept := u.priorKept()
	return slices.DeleteFunc(slices.Clone(others), func(k clarifai.Key) bool {
		return !named[k.Fingerprint] || priorKept[k.Fingerprint]
	}), nil
}

// priorKept returns the keys that were to be kept until now. None is revoked: with
// create_before_destroy, one that is being replaced is still alive.
func (u *exclusiveUpdate) priorKept() fingerprints {
	if u.prior == nil {
		return nil
	}
	return u.prior.kept()
}

// revoke revokes the keys and returns those that it could not revoke.
func (u *exclusiveUpdate) revoke(ctx context.Context, toRevoke []clarifai.Key) (failed []clarifai.Key) {
	for _, k := range toRevoke {
		if len(failed) > 0 && ctx.Err() != nil { // which the first error says
			failed = append(failed, k)
			continue
		}
		if err := u.inv.DeleteKey(ctx, k.Ref(), k.Value); err != nil {
			failed = append(failed, k)
			u.addRevokeError(k, err)
		}
	}
	return failed
}

// addRevokeError says that a key is still there. In a Create it adds a warning: an
// error would make Terraform recreate the resource, which only then records the key
// and revokes it an apply later.
func (u *exclusiveUpdate) addRevokeError(k clarifai.Key, err error) {
	var diags diag.Diagnostics
	advice.AddError(&diags, "revoke app key", "key "+k.ID(), err,
		"The key may still be valid. The state keeps it in other_keys: the next plan shows it, and the next apply tries again. If that is "+
			"too late, delete it in Clarifai.")
	for _, d := range diags {
		if u.prior == nil {
			d = diag.NewWarningDiagnostic(d.Summary(), d.Detail())
		}
		u.diags.Append(d)
	}
}

// noteRevoked notes what this run has revoked, here or as another resource: for a
// while, Clarifai's listings may still show it.
func (u *exclusiveUpdate) noteRevoked(toRevoke []clarifai.Key) {
	known := fingerprints{}
	for _, k := range toRevoke {
		known[k.Fingerprint] = true
	}
	maps.Copy(known, u.priorKept())
	if u.revoked == nil {
		u.revoked = revokedKeys{}
	}
	for f := range known {
		if u.inv.Record(u.plan.ref().Key(f)).KeyRevoked {
			u.revoked[f] = u.inv.ServerNow()
		}
	}
}

// warnLeftAlone names keys that the plan was to revoke and that have a mark since.
func (u *exclusiveUpdate) warnLeftAlone(marked []clarifai.Key) {
	if u.prior == nil {
		return
	}
	others := u.prior.others()
	leftAlone := slices.DeleteFunc(marked, func(k clarifai.Key) bool { return !others[k.Fingerprint] })
	warnMarked(u.inv, u.plan, leftAlone, u.diags)
}

// Create records the other keys of the app. If this run created the app, it revokes
// those that the run did not create.
func (r *exclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	u := exclusiveUpdate{resource: r, diags: &resp.Diagnostics}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &u.plan)...)
	if got, ok := u.apply(ctx, resp.Private); ok {
		resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, got.identity())...)
	}
}
