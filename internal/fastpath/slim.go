package fastpath

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// slim is a server with the context of each call on a leash, and with an error
// in place of a panic.
type slim struct {
	full
	redact func(string) string
}

func through[Req, Resp any](ctx context.Context, s slim, req Req, call func(context.Context, Req) (Resp, error)) (resp Resp, err error) {
	ctx, end := leashed(ctx)
	defer end()
	defer func() {
		if v := recover(); v != nil {
			err = panicked(ctx, v, s.redact)
		}
	}()
	return call(ctx, req)
}

// ValidateProviderConfig is guarded.
func (s slim) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return through(ctx, s, req, s.full.ValidateProviderConfig)
}

// ConfigureProvider is guarded.
func (s slim) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return through(ctx, s, req, s.full.ConfigureProvider)
}

// ValidateResourceConfig is guarded.
func (s slim) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return through(ctx, s, req, s.full.ValidateResourceConfig)
}

// UpgradeResourceState is guarded.
func (s slim) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return through(ctx, s, req, s.full.UpgradeResourceState)
}

// UpgradeResourceIdentity is guarded.
func (s slim) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return through(ctx, s, req, s.full.UpgradeResourceIdentity)
}

// ReadResource is guarded.
func (s slim) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return through(ctx, s, req, s.full.ReadResource)
}

// PlanResourceChange is guarded.
func (s slim) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return through(ctx, s, req, s.full.PlanResourceChange)
}

// ApplyResourceChange is guarded.
func (s slim) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return through(ctx, s, req, s.full.ApplyResourceChange)
}

// ImportResourceState is guarded.
func (s slim) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return through(ctx, s, req, s.full.ImportResourceState)
}

// ValidateDataResourceConfig is guarded.
func (s slim) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return through(ctx, s, req, s.full.ValidateDataResourceConfig)
}

// ReadDataSource is guarded.
func (s slim) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return through(ctx, s, req, s.full.ReadDataSource)
}

// ValidateEphemeralResourceConfig is guarded.
func (s slim) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return through(ctx, s, req, s.full.ValidateEphemeralResourceConfig)
}

// OpenEphemeralResource is guarded.
func (s slim) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return through(ctx, s, req, s.full.OpenEphemeralResource)
}

// CloseEphemeralResource is guarded.
func (s slim) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return through(ctx, s, req, s.full.CloseEphemeralResource)
}

// CallFunction is guarded.
func (s slim) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return through(ctx, s, req, s.full.CallFunction)
}
