package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/run"
)

// Serve is serve, for a framework of the test's own.
func (p *Provider) Serve(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return p.serve(framework)
}

// Run is what Terraform has told a configured provider.
func (p *Provider) Run() *run.Run { return p.data.Load().Run }
