package guard

import (
	"context"

	tf6 "github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (s *server) GetMetadata(ctx context.Context, req *tf6.GetMetadataRequest) (*tf6.GetMetadataResponse, error) {
	return call(ctx, s, req, s.next.GetMetadata)
}

func (s *server) GetProviderSchema(ctx context.Context, req *tf6.GetProviderSchemaRequest) (*tf6.GetProviderSchemaResponse, error) {
	return call(ctx, s, req, s.next.GetProviderSchema)
}

func (s *server) GetResourceIdentitySchemas(ctx context.Context, req *tf6.GetResourceIdentitySchemasRequest) (*tf6.GetResourceIdentitySchemasResponse, error) {
	return call(ctx, s, req, s.next.GetResourceIdentitySchemas)
}

func (s *server) ValidateProviderConfig(ctx context.Context, req *tf6.ValidateProviderConfigRequest) (*tf6.ValidateProviderConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateProviderConfig)
}

func (s *server) ConfigureProvider(ctx context.Context, req *tf6.ConfigureProviderRequest) (*tf6.ConfigureProviderResponse, error) {
	return call(ctx, s, req, s.next.ConfigureProvider)
}

func (s *server) StopProvider(ctx context.Context, req *tf6.StopProviderRequest) (*tf6.StopProviderResponse, error) {
	return call(ctx, s, req, s.next.StopProvider)
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tf6.ValidateResourceConfigRequest) (*tf6.ValidateResourceConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tf6.UpgradeResourceStateRequest) (*tf6.UpgradeResourceStateResponse, error) {
	return call(ctx, s, req, s.next.UpgradeResourceState)
}

func (s *server) ReadResource(ctx context.Context, req *tf6.ReadResourceRequest) (*tf6.ReadResourceResponse, error) {
	return call(ctx, s, req, s.next.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tf6.PlanResourceChangeRequest) (*tf6.PlanResourceChangeResponse, error) {
	return call(ctx, s, req, s.next.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tf6.ApplyResourceChangeRequest) (*tf6.ApplyResourceChangeResponse, error) {
	return call(ctx, s, req, s.next.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tf6.ImportResourceStateRequest) (*tf6.ImportResourceStateResponse, error) {
	return call(ctx, s, req, s.next.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tf6.MoveResourceStateRequest) (*tf6.MoveResourceStateResponse, error) {
	return call(ctx, s, req, s.next.MoveResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tf6.UpgradeResourceIdentityRequest) (*tf6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s, req, s.next.UpgradeResourceIdentity)
}

func (s *server) GenerateResourceConfig(ctx context.Context, req *tf6.GenerateResourceConfigRequest) (*tf6.GenerateResourceConfigResponse, error) {
	return call(ctx, s, req, s.next.GenerateResourceConfig)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tf6.ValidateDataResourceConfigRequest) (*tf6.ValidateDataResourceConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tf6.ReadDataSourceRequest) (*tf6.ReadDataSourceResponse, error) {
	return call(ctx, s, req, s.next.ReadDataSource)
}

func (s *server) CallFunction(ctx context.Context, req *tf6.CallFunctionRequest) (*tf6.CallFunctionResponse, error) {
	return call(ctx, s, req, s.next.CallFunction)
}

func (s *server) GetFunctions(ctx context.Context, req *tf6.GetFunctionsRequest) (*tf6.GetFunctionsResponse, error) {
	return call(ctx, s, req, s.next.GetFunctions)
}

func (s *server) ValidateEphemeralResourceConfig(ctx context.Context, req *tf6.ValidateEphemeralResourceConfigRequest) (*tf6.ValidateEphemeralResourceConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateEphemeralResourceConfig)
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tf6.OpenEphemeralResourceRequest) (*tf6.OpenEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.next.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(ctx context.Context, req *tf6.RenewEphemeralResourceRequest) (*tf6.RenewEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.next.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(ctx context.Context, req *tf6.CloseEphemeralResourceRequest) (*tf6.CloseEphemeralResourceResponse, error) {
	return call(ctx, s, req, s.next.CloseEphemeralResource)
}

func (s *server) ValidateListResourceConfig(ctx context.Context, req *tf6.ValidateListResourceConfigRequest) (*tf6.ValidateListResourceConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateListResourceConfig)
}

func (s *server) ValidateActionConfig(ctx context.Context, req *tf6.ValidateActionConfigRequest) (*tf6.ValidateActionConfigResponse, error) {
	return call(ctx, s, req, s.next.ValidateActionConfig)
}

func (s *server) PlanAction(ctx context.Context, req *tf6.PlanActionRequest) (*tf6.PlanActionResponse, error) {
	return call(ctx, s, req, s.next.PlanAction)
}
