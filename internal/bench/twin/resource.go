package main

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// idle has the schema of a resource and does nothing.
type idle struct {
	name, of  string
	plainSets bool
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
		logic := []string{"Validators", "PlanModifiers", "Default"}
		if _, ok := a.(schema.SetAttribute); ok && r.plainSets {
			logic = append(logic, "CustomType")
		}
		for _, field := range logic {
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

func (idle) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// unused explains the errors of what the benchmark never does: the twins start
// with a state, so that there is nothing to create.
const unused = "The twin only serves plans."

func (idle) Create(_ context.Context, _ resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.AddError("Unexpected create", unused)
}

func (idle) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("Unexpected update", unused)
}

func (idle) Delete(_ context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	resp.Diagnostics.AddError("Unexpected delete", unused)
}

// moving takes the data out of the framework and puts it back unchanged, where the
// real resource does so.
type moving struct{ idle }

type model struct {
	ID          types.String `tfsdk:"id"`
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Description types.String `tfsdk:"description"`
	Scopes      types.Set    `tfsdk:"scopes"`
	Endpoints   types.Set    `tfsdk:"endpoints"`
	Keepers     types.Map    `tfsdk:"keepers"`
	StoreKey    types.Bool   `tfsdk:"store_key"`
	Key         types.String `tfsdk:"key"`
	Fingerprint types.String `tfsdk:"fingerprint"`
	CreatedAt   types.String `tfsdk:"created_at"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

var (
	_ resource.ResourceWithModifyPlan     = moving{}
	_ resource.ResourceWithValidateConfig = moving{}
)

func (moving) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var set types.Set
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("scopes"), &set)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("endpoints"), &set)...)
}

func (moving) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (moving) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	take := func(get func(context.Context, any) diag.Diagnostics) {
		var m model
		resp.Diagnostics.Append(get(ctx, &m)...)
	}
	if !req.Plan.Raw.IsNull() {
		take(req.Plan.Get)
	}
	if !req.State.Raw.IsNull() {
		take(req.State.Get)
	}
}
