package exclusive

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

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
