// Command schemajson prints the provider's schema in the form of
// "terraform providers schema -json", for tfplugindocs.
//
// It asks the provider and not a CLI: a CLI leaves out the kinds it does not
// know, and tfplugindocs then deletes their pages.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	// tfplugindocs looks a provider up by its short name.
	out, err := marshal(context.Background(), "clarifai", providerserver.NewProtocol6(clarifai.New("dev"))())
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
	fmt.Println(string(out))
}
