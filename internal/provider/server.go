package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/app"
	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
)

// Server returns the provider served over protocol 6: the framework, in front of
// it the fast path, and the guard around both.
func (p *Provider) Server() tfprotov6.ProviderServer {
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
	return guard.New(fast, func(s string) string { return p.data.Load().Inventory().Redact(s) })
}
