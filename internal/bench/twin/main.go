// Command twin serves twins of clarifai_app and clarifai_app_key: resources with their
// schemas that have no logic and make no requests. With them the benchmark measures what the
// schema alone costs.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return twin{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/clarifai/twin"})
	if err != nil {
		log.Fatal(err)
	}
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
