package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider to Terraform until it closes the connection. The
// program does nothing else, so what the benchmark profiles is what is shipped.
func Serve(version string, debug bool) error {
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
	p := New(version)
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", p.Server, options...); err != nil {
		return err
	}
	if err := p.Close(context.Background()); err != nil {
		return fmt.Errorf("[ERROR] a temporary key could not be revoked: %w", err)
	}
	return nil
}
