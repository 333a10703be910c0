// Command terraform-provider-clarifai serves the Clarifai provider to
// Terraform and OpenTofu.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: prints what to set in TF_REATTACH_PROVIDERS")
	showVersion := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *showVersion {
		fmt.Println("terraform-provider-clarifai " + version)
		return
	}
	for name, level := range provider.LogLevels(os.Getenv) {
		if err := os.Setenv(name, level); err != nil {
			log.Fatal(err)
		}
	}
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	p := provider.New(version)
	if err := tf6server.Serve("registry.terraform.io/clarifai/clarifai", p.Server, options...); err != nil {
		log.Fatal(err)
	}
	if err := p.Close(context.Background()); err != nil {
		log.Fatalf("[ERROR] a temporary key could not be revoked: %s", err)
	}
}
