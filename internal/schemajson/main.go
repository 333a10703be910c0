// Command schemajson prints the provider's schema as
// "terraform providers schema -json" does, for tfplugindocs.
//
// It queries the provider itself because a CLI omits kinds that it does not know,
// such as actions, and tfplugindocs then deletes their pages.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	// tfplugindocs looks up a provider by its short name.
	out, err := marshal(context.Background(), "clarifai", providerserver.NewProtocol6(clarifai.New("dev"))())
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
	fmt.Println(string(out))
}
