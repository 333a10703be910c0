package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Create creates the first key, exactly once.
func (r *rotatingAppKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rotatingKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	inv, ok := r.Inventory(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	key, ok := r.create(ctx, plan.appKeyModel, resp)
	r.warnClock(&resp.Diagnostics)
	if !ok {
		return
	}
	got := plan
	got.appKeyModel = key
	got.startUse(inv.Now())
	got.dropPrevious()
	got.setKeys(got.ID.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, got)...)
}
