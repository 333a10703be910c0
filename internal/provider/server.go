package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/app"
	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// Server returns the provider served over protocol 6: the framework, in front of
// it the fast path, and the guard around both.
func (p *Provider) Server() guard.Server {
	return p.serve(providerserver.NewProtocol6(p)())
}

// serve panics where framework answers fewer calls than the guard passes on:
// without the guard the provider must not start.
func (p *Provider) serve(framework tfprotov6.ProviderServer) guard.Server {
	all, ok := framework.(guard.Server)
	if !ok {
		panic(fmt.Sprintf("%T does not answer all calls of %T", framework, (*guard.Server)(nil)))
	}
	fast := fastpath.New(all, typeName, app.FastPath(p.data.Load), appkey.FastPath(p.data.Load), appkey.RotatingFastPath(p.data.Load))
	return guard.New(stateReader{fast, p.data.Load}, func(s string) string { return p.data.Load().Inventory().Redact(s) })
}

// stateReader notes which apps the state holds. Terraform passes on each resource of
// the state as it is stored, before it plans anything for it and even without a
// refresh.
type stateReader struct {
	guard.Server
	data func() *base.Data
}

// UpgradeResourceState notes an app.
func (s stateReader) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if data := s.data(); data != nil && req.TypeName == typeName+"_app" && req.RawState != nil {
		app.NoteState(data.Run, req.RawState.JSON)
	}
	return s.Server.UpgradeResourceState(ctx, req)
}
