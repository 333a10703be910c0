//go:build unix

package main

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	settings "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// serveTwin serves resources with the schemas of clarifai_app and clarifai_app_key that
// have no logic and make no requests. With them the benchmark measures what the schema
// alone costs.
func serveTwin() error {
	return providerserver.Serve(context.Background(), func() framework.Provider { return twin{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/clarifai/twin"})
}

type twin struct{}

func (twin) Metadata(_ context.Context, _ framework.MetadataRequest, resp *framework.MetadataResponse) {
	resp.TypeName = "twin"
}

// Schema has what the configurations of the real provider set.
func (twin) Schema(_ context.Context, _ framework.SchemaRequest, resp *framework.SchemaResponse) {
	resp.Schema = settings.Schema{Attributes: map[string]settings.Attribute{"requests_per_second": settings.NumberAttribute{Optional: true}}}
}

func (twin) Configure(context.Context, framework.ConfigureRequest, *framework.ConfigureResponse) {}

func (twin) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (twin) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return idle{name: "twin_app", of: "clarifai_app"} },
		func() resource.Resource { return idle{name: "twin_app_key", of: "clarifai_app_key"} },
	}
}

// idle has the schema of a resource and does nothing. It cannot create, change or delete
// anything: the benchmark only plans, with a state that it has made.
type idle struct {
	resource.Resource

	name, of string
}

func (r idle) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.name
}

// Schema returns the schema of the real resource, so that the twin cannot fall
// behind it, without validators, plan modifiers and defaults: these are logic.
func (r idle) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	*resp = realSchema(ctx, r.of)
	for name, a := range resp.Schema.Attributes {
		idle := reflect.New(reflect.TypeOf(a)).Elem()
		idle.Set(reflect.ValueOf(a))
		for _, field := range []string{"Validators", "PlanModifiers", "Default"} {
			idle.FieldByName(field).SetZero()
		}
		resp.Schema.Attributes[name], _ = reflect.TypeAssert[schema.Attribute](idle)
	}
}

// realSchema returns the schema of a resource of the provider.
func realSchema(ctx context.Context, name string) resource.SchemaResponse {
	var out resource.SchemaResponse
	for _, newResource := range provider.New("bench").Resources(ctx) {
		r := newResource()
		var meta resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "clarifai"}, &meta)
		if meta.TypeName == name {
			r.Schema(ctx, resource.SchemaRequest{}, &out)
			return out
		}
	}
	out.Diagnostics.AddError("No "+name, "The provider serves no such resource.")
	return out
}

// Read keeps the state as it is.
func (idle) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
