package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/appkey"
	"github.com/clarifai/terraform-provider-clarifai/internal/shortcut"
)

// Server serves the provider over protocol 6: the framework, and before it the
// shortcuts for what there are thousands of.
func (p *Provider) Server() tfprotov6.ProviderServer {
	return shortcut.Wrap(providerserver.NewProtocol6(p)(), map[string]shortcut.Kind{
		"clarifai_app_key": appkey.NewShortcut(p.session.Load),
	}, func(s string) string { return p.session.Load().Client().RedactForeign(s) })
}
