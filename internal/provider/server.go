package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/fastpath"
)

// Server serves the provider over protocol 6: the framework, and before it the
// shortcuts for what there are thousands of.
func (p *Provider) Server() tfprotov6.ProviderServer {
	return fastpath.Wrap(providerserver.NewProtocol6(p)(), map[string]fastpath.Kind{
		"clarifai_app_key": appkey.NewShortcut(p.data.Load),
	}, func(s string) string { return p.data.Load().Inventory().Redact(s) })
}
