package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider to Terraform until it closes the connection. The
// program does nothing else, so what the benchmark profiles is what is shipped, and
// what tests watch with options as well.
func Serve(version string, debug bool, tests ...Option) error {
	for name, level := range LogLevels(os.Getenv) {
		if err := os.Setenv(name, level); err != nil {
			return err
		}
	}
	SetGarbageCollection(os.Getenv)
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	p := New(version, tests...)
	server := func() tfprotov6.ProviderServer { return p.wrap(p.Server()) }
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", server, options...); err != nil {
		return err
	}
	if err := p.Close(context.Background()); err != nil {
		return fmt.Errorf("[ERROR] a temporary key could not be revoked: %w", err)
	}
	return nil
}
