// Command schemajson prints the provider's schema as
// "terraform providers schema -json" does, for tfplugindocs.
//
// It queries the provider itself because a CLI omits kinds that it does not know,
// such as actions, and tfplugindocs then deletes their pages.
//
// With -print, it prints one of the files that are generated from the catalog of
// scopes instead.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	clarifai "github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func main() {
	what := flag.String("print", "schema", "what to print: schema, pat-scopes.json or scopes.md")
	flag.Parse()
	out, err := output(*what)
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
	fmt.Println(out)
}

func output(what string) (string, error) {
	switch what {
	case "pat-scopes.json":
		out, err := json.MarshalIndent(clarifai.PATScopes(), "", "  ")
		return string(out), err
	case "scopes.md":
		return scopesGuide(clarifai.PATScopes())
	case "schema":
		// tfplugindocs looks up a provider by its short name.
		out, err := marshal(context.Background(), "clarifai", providerserver.NewProtocol6(clarifai.New("dev"))())
		return string(out), err
	}
	return "", fmt.Errorf("-print cannot be %q", what)
}
