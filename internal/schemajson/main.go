// Command schemajson prints the provider's schema as
// "terraform providers schema -json" does, for tfplugindocs.
//
// It queries the provider itself because a CLI omits kinds that it does not know,
// such as actions, and tfplugindocs then deletes their pages.
//
// With -pat-scopes, it prints what each type needs of the personal access token
// instead: the guide in markdown, or the same for programs in json.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	format := flag.String("pat-scopes", "", "print the scopes of the PAT as markdown or json")
	flag.Parse()
	out, err := output(*format)
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
	fmt.Println(out)
}

func output(format string) (string, error) {
	switch format {
	case "markdown":
		return patScopesGuide(clarifai.PATScopes()), nil
	case "json":
		return patScopesJSON(clarifai.PATScopes())
	case "":
		// tfplugindocs looks up a provider by its short name.
		out, err := marshal(context.Background(), "clarifai", providerserver.NewProtocol6(clarifai.New("dev"))())
		return string(out), err
	}
	return "", fmt.Errorf("-pat-scopes is %q; it must be markdown or json", format)
}
