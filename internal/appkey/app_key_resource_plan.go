package appkey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/providerdata"
)

// expiryNotice is how long before a key expires the plan begins to warn.
const expiryNotice = 30 * 24 * time.Hour

// ModifyPlan decides what a change means for the key: keep, patch, move or replace.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := plan
	if req.State.Raw.IsNull() {
		if !plan.StoreKey.IsUnknown() && !plan.StoreKey.ValueBool() {
			plan.Key = types.StringNull()
		}
	} else {
		var state model
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if resp.Diagnostics.HasError() {
			return
		}
		plan = r.planChange(ctx, plan, state, req.Plan.Raw.Equal(req.State.Raw), req.Private, resp)
	}
	if !sameComputed(plan, before) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planChange plans for a key that exists. Idle: the configuration changes nothing.
func (r *Resource) planChange(ctx context.Context, plan, state model, idle bool, p providerdata.Private, resp *resource.ModifyPlanResponse) model {
	plan.ID, plan.Fingerprint, plan.CreatedAt, plan.ExpiresAt = state.ID, state.Fingerprint, state.CreatedAt, state.ExpiresAt
	if plan.UserID.IsUnknown() {
		plan.UserID = state.UserID
	}
	replaced := false
	replace := func(attribute string) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attribute))
		replaced = true
	}
	if !plan.UserID.Equal(state.UserID) {
		replace("user_id")
		r.NewOwner(ctx, plan.UserID, &resp.Diagnostics)
	}
	if !plan.Keepers.Equal(state.Keepers) && !r.adopts(ctx, plan, state, p, &resp.Diagnostics) {
		replace("keepers")
	}
	if !plan.AppID.Equal(state.AppID) {
		r.refuseStray(ctx, plan, state, p, &resp.Diagnostics)
		if r.appMoves(ctx, plan, state, &resp.Diagnostics) {
			plan.ID, plan.Fingerprint = types.StringUnknown(), types.StringUnknown()
			plan.CreatedAt, plan.ExpiresAt = types.StringUnknown(), types.StringUnknown()
		} else {
			replace("app_id")
		}
	}
	if r.expired(state, &resp.Diagnostics) && (idle || r.planning(state)) {
		plan.ID, plan.Fingerprint, plan.ExpiresAt = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		replace("expires_at")
	}
	switch {
	case plan.StoreKey.IsUnknown():
		plan.Key = types.StringUnknown()
	case !plan.StoreKey.ValueBool():
		plan.Key = types.StringNull()
	case replaced, plan.Fingerprint.IsUnknown(), state.Key.IsNull():
		plan.Key = types.StringUnknown()
	default:
		plan.Key = state.Key
	}
	return plan
}

// refuseStray refuses to leave an app that was renamed outside for one of its
// old name, unless Terraform has the app in its care and renames it back: an empty
// app would be made, and the key of the tenant's own be deleted.
func (r *Resource) refuseStray(ctx context.Context, plan, state model, p providerdata.Private, diags *diag.Diagnostics) {
	from := providerdata.Noted(ctx, p, privateStrayed, diags)
	app := state.UserID.ValueString() + "/" + state.AppID.ValueString()
	if from == "" || plan.AppID.ValueString() != from || !r.planning(state) || r.Data().HasRead(app) {
		return
	}
	diags.AddAttributeError(path.Root("app_id"), "The app was renamed outside of Terraform",
		"The key "+state.Fingerprint.ValueString()+" is in the app "+app+" now, which was called "+from+". Under the old name an app would be made anew, and this key, which is in use, be deleted. "+
			"Rename the app back in Clarifai. Or keep the new name: write it into the configuration and, where Terraform manages the app, take it over with terraform import ADDRESS "+app+".")
}

// adopts tells whether keepers are only being written down for a key that was
// imported: an import can not see them, and must not cost the key.
func (r *Resource) adopts(ctx context.Context, plan, state model, p providerdata.Private, diags *diag.Diagnostics) bool {
	if !state.Keepers.IsNull() || plan.Keepers.IsUnknown() {
		return false
	}
	b, more := p.GetKey(ctx, privateImported)
	diags.Append(more...)
	return string(b) == "true"
}

// planning tells whether this is a plan and not its repetition in an apply, which
// must not come to a replacement: Terraform asks for that only where an update
// was planned. A plan without a refresh counts as such as well; the update it
// plans makes the new key before the old one goes.
func (r *Resource) planning(state model) bool {
	return r.Ready() && r.Data().HasRead(state.ID.ValueString())
}

// appMoves tells whether a change of app_id can be the app's own rename: the
// account has no app of the new id, so it is either renamed or made in this plan.
func (r *Resource) appMoves(ctx context.Context, plan, state model, diags *diag.Diagnostics) bool {
	if plan.AppID.IsUnknown() || plan.UserID.IsUnknown() {
		return false
	}
	if r.Ready() && !r.planning(state) {
		return true
	}
	inv, ok := r.Inventory(diags)
	if !ok {
		return false
	}
	existed, err := inv.AppExisted(ctx, plan.UserID.ValueString(), plan.AppID.ValueString())
	if err != nil {
		addError(diags, "looking whether the key's new app exists:", "app "+plan.UserID.ValueString()+"/"+plan.AppID.ValueString(), err)
	}
	return err == nil && !existed
}

// expired tells whether the key has expired, and warns when it soon will.
func (r *Resource) expired(state model, diags *diag.Diagnostics) bool {
	if state.ExpiresAt.ValueString() == "" {
		return false
	}
	at, err := time.Parse(time.RFC3339Nano, state.ExpiresAt.ValueString())
	if err != nil {
		return false
	}
	left := at.Sub(r.now())
	if left > 0 && left < expiryNotice {
		diags.AddAttributeWarning(path.Root("expires_at"), "A key expires soon", fmt.Sprintf(
			"The key %s expires at %s, in %d days. The first plan after that replaces it; to replace it before, use -replace or keepers.",
			state.ID.ValueString(), state.ExpiresAt.ValueString(), int(left.Hours()/24)))
	}
	return left <= 0
}

func (r *Resource) now() time.Time {
	var none diag.Diagnostics
	if inv, ok := r.Inventory(&none); ok {
		return inv.Now()
	}
	return time.Now()
}

// sameComputed compares what planChange can have changed.
func sameComputed(a, b model) bool {
	return a.ID.Equal(b.ID) && a.UserID.Equal(b.UserID) && a.Fingerprint.Equal(b.Fingerprint) && a.Key.Equal(b.Key) &&
		a.CreatedAt.Equal(b.CreatedAt) && a.ExpiresAt.Equal(b.ExpiresAt)
}
