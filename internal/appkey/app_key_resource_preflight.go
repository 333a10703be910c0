package appkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// preflight verifies the account of a new key.
func (r *appKeyResource) preflight(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.Preflight(ctx, req, resp)
}
