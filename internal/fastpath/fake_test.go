package fastpath

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// thing is the model of test_thing.
type thing struct {
	ID     types.String   `tfsdk:"id"`
	Owner  types.String   `tfsdk:"owner"`
	On     types.Bool     `tfsdk:"on"`
	Scopes scope.SetValue `tfsdk:"scopes"`
	Labels types.Map      `tfsdk:"labels"`
}

var thingType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"id": tftypes.String, "owner": tftypes.String, "on": tftypes.Bool,
	"scopes": tftypes.Set{ElementType: tftypes.String}, "labels": tftypes.Map{ElementType: tftypes.String},
}}

var thingIdentity = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "owner": tftypes.String}}

// thingResource is test_thing, served after an edit of its schemas.
type thingResource struct {
	resource.Resource
	edit func(*served)
}

func (thingResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_thing"
}

func (r thingResource) served() served {
	s := served{
		schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":    schema.StringAttribute{Computed: true},
			"owner": schema.StringAttribute{Optional: true},
			"on":    schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
			"scopes": schema.SetAttribute{CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true,
				PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()}},
			"labels": schema.MapAttribute{ElementType: types.StringType, Optional: true},
		}},
		identity: identityschema.Schema{Attributes: map[string]identityschema.Attribute{
			"id":    identityschema.StringAttribute{RequiredForImport: true},
			"owner": identityschema.StringAttribute{RequiredForImport: true},
		}},
	}
	if r.edit != nil {
		r.edit(&s)
	}
	return s
}

func (r thingResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.served().schema
}

func (r thingResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = r.served().identity
}

// thingKind finds things as result and keeps say, by default unchanged. It
// ignores one note in reads and another in plans.
type thingKind struct {
	shape  func(*Shape)
	result func(thing) (thing, bool)
	keeps  func(state thing, config func() (thing, bool)) bool
	notes  Notes
}

func (k thingKind) WrittenFor() Shape {
	text := Attribute{Type: types.StringType}
	s := Shape{
		Attributes: map[string]Attribute{
			"id": text, "owner": text,
			"on":     {Type: types.BoolType, Default: booldefault.StaticBool(true)},
			"scopes": {Type: scope.SetType{}, PlanModifiers: true},
			"labels": {Type: types.MapType{ElemType: types.StringType}},
		},
		Identity:    []string{"id", "owner"},
		ReadIgnores: []string{"of a plan"}, PlanIgnores: []string{"of a read"},
	}
	if k.shape != nil {
		k.shape(&s)
	}
	return s
}

func (k thingKind) ReadResult(_ context.Context, state thing) (thing, bool) {
	if k.result == nil {
		return state, true
	}
	return k.result(state)
}

func (k thingKind) PlanKeepsState(state thing, config func() (thing, bool)) (Notes, bool) {
	return k.notes, k.keeps == nil || k.keeps(state, config)
}

// framework answers with what is known to be its own.
type framework struct {
	Server
	read    tfprotov6.ReadResourceResponse
	plan    tfprotov6.PlanResourceChangeResponse
	upgrade tfprotov6.UpgradeResourceStateResponse
	valid   tfprotov6.ValidateResourceConfigResponse
}

func (f *framework) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &f.valid, nil
}

func (f *framework) ReadResource(context.Context, *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &f.read, nil
}

func (f *framework) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &f.plan, nil
}

func (f *framework) UpgradeResourceState(context.Context, *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return &f.upgrade, nil
}

// read reports whether the fast path answers, and how.
func read(t *testing.T, r Resource, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, bool) {
	t.Helper()
	f := &framework{}
	resp, err := New(f, "test", r).ReadResource(t.Context(), req)
	apitest.Must(t, err)
	return resp, resp != &f.read
}

// plan reports whether the fast path answers, and how.
func plan(t *testing.T, r Resource, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	t.Helper()
	f := &framework{}
	resp, err := New(f, "test", r).PlanResourceChange(t.Context(), req)
	apitest.Must(t, err)
	return resp, resp != &f.plan
}

// upgrade reports whether the fast path answers, and how.
func upgrade(t *testing.T, r Resource, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, bool) {
	t.Helper()
	f := &framework{}
	resp, err := New(f, "test", r).UpgradeResourceState(t.Context(), req)
	apitest.Must(t, err)
	return resp, resp != &f.upgrade
}

func text(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }

// attributes are those of a thing, some of them changed.
func attributes(change map[string]tftypes.Value) map[string]tftypes.Value {
	set := tftypes.Set{ElementType: tftypes.String}
	all := map[string]tftypes.Value{
		"id": text("1"), "owner": text("me"), "on": tftypes.NewValue(tftypes.Bool, true),
		"scopes": tftypes.NewValue(set, []tftypes.Value{text("Inputs:Add"), text("Predict")}),
		"labels": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, nil),
	}
	maps.Copy(all, change)
	return all
}

func dynamic(t *testing.T, typ tftypes.Type, value any) *tfprotov6.DynamicValue {
	t.Helper()
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, value))
	apitest.Must(t, err)
	return &v
}

func state(t *testing.T, change map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	return dynamic(t, thingType, attributes(change))
}

func identity(t *testing.T, id, owner string) *tfprotov6.ResourceIdentityData {
	t.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, thingIdentity, map[string]tftypes.Value{"id": text(id), "owner": text(owner)})}
}
