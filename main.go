// Command terraform-provider-clarifai serves the Clarifai provider to
// Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"

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
	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}
