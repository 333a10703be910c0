package fastpath

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// identified is what the models of several resources embed.
type identified struct {
	ID types.String `tfsdk:"id"`
}

// thing is the model of test_thing, which has attributes and validators of each kind.
type thing struct {
	identified
	Owner  types.String   `tfsdk:"owner"`
	Name   types.String   `tfsdk:"name"`
	Old    types.String   `tfsdk:"old"`
	On     types.Bool     `tfsdk:"on"`
	Size   types.Int64    `tfsdk:"size"`
	Scopes scope.SetValue `tfsdk:"scopes"`
	Tags   types.Set      `tfsdk:"tags"`
	Labels types.Map      `tfsdk:"labels"`
	Place  types.Object   `tfsdk:"place"`
}

var placeType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"city": tftypes.String, "at": tftypes.String}}

var thingType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"id": tftypes.String, "owner": tftypes.String, "name": tftypes.String, "old": tftypes.String, "on": tftypes.Bool, "size": tftypes.Number,
	"scopes": tftypes.Set{ElementType: tftypes.String}, "tags": tftypes.Set{ElementType: tftypes.String},
	"labels": tftypes.Map{ElementType: tftypes.String}, "place": placeType,
}}

// current is a thing as a state file has it.
const current = `{"id":"1","owner":"me","name":"a","old":null,"on":true,"size":null,"scopes":["Predict"],"tags":null,"labels":null,"place":null}`

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
	short := []validator.String{stringvalidator.LengthAtMost(3)}
	s := served{
		schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":    schema.StringAttribute{Computed: true},
			"owner": schema.StringAttribute{Optional: true},
			"name":  schema.StringAttribute{Required: true, Validators: short},
			"old":   schema.StringAttribute{Optional: true, DeprecationMessage: "Use name."},
			"on":    schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
			"size":  schema.Int64Attribute{Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtMost(9)}},
			"scopes": schema.SetAttribute{CustomType: scope.SetType{}, ElementType: types.StringType, Optional: true,
				PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()}},
			"tags":   schema.SetAttribute{ElementType: types.StringType, Optional: true, Validators: []validator.Set{setvalidator.SizeAtMost(1)}},
			"labels": schema.MapAttribute{ElementType: types.StringType, Optional: true},
			"place": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"city": schema.StringAttribute{Required: true, Validators: short},
				"at":   schema.StringAttribute{Computed: true},
			}},
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
	s := Shape{
		Attributes: map[string]Attribute{},
		Identity:   []string{"id", "owner"}, ReadIgnores: []string{"of a plan"}, PlanIgnores: []string{"of a read"},
	}
	for name, a := range (thingResource{}).served().schema.Attributes {
		s.Attributes[name] = Attribute{Type: a.GetType()}
	}
	s.Attributes["on"] = Attribute{Type: types.BoolType, Default: booldefault.StaticBool(true)}
	s.Attributes["scopes"] = Attribute{Type: scope.SetType{}, PlanModifiers: true}
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

// ask calls a method, and reports whether the fast path answers, and how.
func ask[Req, Resp any](t *testing.T, r Resource, call func(Server, context.Context, *Req) (*Resp, error), req *Req) (*Resp, bool) {
	t.Helper()
	f := &framework{}
	own, err := call(f, t.Context(), req)
	apitest.Must(t, err)
	resp, err := call(New(f, "test", r), t.Context(), req)
	apitest.Must(t, err)
	return resp, resp != own
}

func text(v any) tftypes.Value { return tftypes.NewValue(tftypes.String, v) }

// value is one of an attribute.
func value(attribute string, v any) tftypes.Value {
	return tftypes.NewValue(thingType.AttributeTypes[attribute], v)
}

// thingOf returns a thing with these attributes, the others null.
func thingOf(t *testing.T, all ...map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for attribute := range thingType.AttributeTypes {
		values[attribute] = value(attribute, nil)
	}
	for _, some := range all {
		maps.Copy(values, some)
	}
	return dynamic(t, thingType, values)
}

func dynamic(t *testing.T, typ tftypes.Type, value any) *tfprotov6.DynamicValue {
	t.Helper()
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, value))
	apitest.Must(t, err)
	return &v
}

// state is what a state holds of a thing, with some attributes changed.
func state(t *testing.T, change map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	return thingOf(t, map[string]tftypes.Value{
		"id": text("1"), "owner": text("me"), "on": value("on", true),
		"scopes": value("scopes", []tftypes.Value{text("Inputs:Add"), text("Predict")}),
	}, change)
}

func identity(t *testing.T, id, owner string) *tfprotov6.ResourceIdentityData {
	t.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, thingIdentity, map[string]tftypes.Value{"id": text(id), "owner": text(owner)})}
}
