package shortcut

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// slim is the framework's server with the contexts of the calls that come by
// the thousand on a leash.
type slim struct{ full }

func onLeash[Req, Resp any](ctx context.Context, req Req, call func(context.Context, Req) (Resp, error)) (Resp, error) {
	ctx, end := leashed(ctx)
	defer end()
	return call(ctx, req)
}

// ValidateResourceConfig is the framework's.
func (s slim) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return onLeash(ctx, req, s.full.ValidateResourceConfig)
}

// UpgradeResourceState is the framework's.
func (s slim) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return onLeash(ctx, req, s.full.UpgradeResourceState)
}

// UpgradeResourceIdentity is the framework's.
func (s slim) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return onLeash(ctx, req, s.full.UpgradeResourceIdentity)
}

// ReadResource is the framework's.
func (s slim) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return onLeash(ctx, req, s.full.ReadResource)
}

// PlanResourceChange is the framework's.
func (s slim) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return onLeash(ctx, req, s.full.PlanResourceChange)
}

// ApplyResourceChange is the framework's.
func (s slim) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return onLeash(ctx, req, s.full.ApplyResourceChange)
}
