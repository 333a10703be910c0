// Command twin serves twins of clarifai_app and clarifai_app_key: resources with their
// schemas that have no logic and make no requests. With them the benchmark measures what the
// schema alone costs. With -scopes N it prints N scopes for the configurations.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func main() {
	n := flag.Int("scopes", 0, "print this many scopes that need no warning, and exit")
	flag.Parse()
	if *n > 0 {
		names, err := scopes(*n)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(strings.Join(names, "\n"))
		return
	}
	err := providerserver.Serve(context.Background(), func() provider.Provider { return twin{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/clarifai/twin"})
	if err != nil {
		log.Fatal(err)
	}
}

// scopes returns n scopes that no plan warns about: the benchmark must not measure
// a thousand warnings.
func scopes(n int) ([]string, error) {
	chosen := map[string]bool{}
	var names []string
	for depth := 0; len(names) < n && depth < 20; depth++ {
		for _, s := range scope.All() {
			if len(names) == n {
				break
			}
			if chosen[s.Name] || !s.Offered || s.Deprecated || s.AppKeyMethods == 0 || s.Name == scope.AllScope || !all(chosen, s.DependsOn) {
				continue
			}
			chosen[s.Name] = true
			names = append(names, s.Name)
		}
	}
	if len(names) < n {
		return nil, fmt.Errorf("there are only %d scopes without a warning, not %d", len(names), n)
	}
	return names, nil
}

// all reports whether every name is chosen.
func all(chosen map[string]bool, names []string) bool {
	for _, name := range names {
		if !chosen[name] {
			return false
		}
	}
	return true
}

type twin struct{}

func (twin) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "twin"
}

// Schema has what the configurations of the real provider set.
func (twin) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"requests_per_second": schema.NumberAttribute{Optional: true}}}
}

func (twin) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (twin) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources returns the twins of an app and of a key, which do nothing, and one of a
// key that has the framework's own sets and moves the data in and out of the framework
// as often as the real resource does.
func (twin) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return idle{name: "twin_app", of: "clarifai_app"} },
		func() resource.Resource { return idle{name: "twin_idle_key", of: "clarifai_app_key"} },
		func() resource.Resource {
			return moving{idle{name: "twin_plain_key", of: "clarifai_app_key", plainSets: true}}
		},
	}
}
