package provider

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// Serve is serve, for a framework of the test's own.
func (p *Provider) Serve(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return p.serve(framework)
}
