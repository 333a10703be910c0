package fastpath

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// limited is the model of a resource with validators of each kind.
type limited struct {
	Name   types.String `tfsdk:"name"`
	Old    types.String `tfsdk:"old"`
	Made   types.String `tfsdk:"made"`
	Size   types.Int64  `tfsdk:"size"`
	Tags   types.Set    `tfsdk:"tags"`
	On     types.Bool   `tfsdk:"on"`
	Labels types.Map    `tfsdk:"labels"`
	Place  types.Object `tfsdk:"place"`
}

var placeTypes = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"city": tftypes.String, "at": tftypes.String}}

var limitedType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"name": tftypes.String, "old": tftypes.String, "made": tftypes.String, "size": tftypes.Number, "on": tftypes.Bool,
	"tags": tftypes.Set{ElementType: tftypes.String}, "labels": tftypes.Map{ElementType: tftypes.String}, "place": placeTypes,
}}

// limitedResource is a resource whose schema is edited.
type limitedResource struct {
	resource.Resource
	edit func(*schema.Schema)
}

func (limitedResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_limited"
}

func (r limitedResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	short := []validator.String{stringvalidator.LengthAtMost(3)}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name":   schema.StringAttribute{Required: true, Validators: short},
		"old":    schema.StringAttribute{Optional: true, DeprecationMessage: "Use name."},
		"made":   schema.StringAttribute{Computed: true},
		"size":   schema.Int64Attribute{Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtMost(9)}},
		"tags":   schema.SetAttribute{ElementType: types.StringType, Optional: true, Validators: []validator.Set{setvalidator.SizeAtMost(1)}},
		"on":     schema.BoolAttribute{Optional: true},
		"labels": schema.MapAttribute{ElementType: types.StringType, Optional: true},
		"place": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"city": schema.StringAttribute{Required: true, Validators: short},
			"at":   schema.StringAttribute{Computed: true},
		}},
	}}
	if r.edit != nil {
		r.edit(&resp.Schema)
	}
}

func (limitedResource) IdentitySchema(context.Context, resource.IdentitySchemaRequest, *resource.IdentitySchemaResponse) {
}

// limitedKind is written for whatever limitedResource has.
type limitedKind struct{ Kind[limited] }

func (limitedKind) WrittenFor() Shape {
	s := Shape{Attributes: map[string]Attribute{}}
	var resp resource.SchemaResponse
	limitedResource{}.Schema(context.Background(), resource.SchemaRequest{}, &resp)
	for name, a := range resp.Schema.Attributes {
		s.Attributes[name] = Attribute{Type: a.GetType()}
	}
	return s
}

// validates reports whether the fast path answers.
func validates(t *testing.T, r Resource, config *tfprotov6.DynamicValue) bool {
	t.Helper()
	f := &framework{}
	resp, err := New(f, "test", r).ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "test_limited", Config: config})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(resp, err)
	}
	return resp != &f.valid
}

func limitedConfig(t *testing.T, name string, value any) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for attribute, typ := range limitedType.AttributeTypes {
		values[attribute] = tftypes.NewValue(typ, nil)
	}
	values["name"] = text("a")
	if name != "" {
		values[name] = tftypes.NewValue(limitedType.AttributeTypes[name], value)
	}
	return dynamic(t, limitedType, values)
}

func place(city, at any) map[string]tftypes.Value {
	return map[string]tftypes.Value{"city": text(city), "at": text(at)}
}

// TestValidate_values: the fast path answers only where the framework says nothing.
func TestValidate_values(t *testing.T) {
	t.Parallel()
	unknown := tftypes.UnknownValue
	for name, c := range map[string]struct {
		attribute string
		value     any
		fast      bool
	}{
		"the least":                {fast: true},
		"a name":                   {"name", "abc", true},
		"no name":                  {"name", nil, false},
		"an unknown name":          {"name", unknown, true},
		"a long name":              {"name", "abcd", false},
		"deprecated":               {"old", "a", false},
		"computed":                 {"made", "a", false},
		"a size":                   {"size", 9, true},
		"an unknown size":          {"size", unknown, true},
		"too large a size":         {"size", 10, false},
		"a tag":                    {"tags", []tftypes.Value{text("a")}, true},
		"an unknown tag":           {"tags", []tftypes.Value{text(unknown)}, false},
		"too many tags":            {"tags", []tftypes.Value{text("a"), text("b")}, false},
		"on":                       {"on", true, true},
		"labels":                   {"labels", map[string]tftypes.Value{"a": text("b")}, true},
		"a place":                  {"place", place("a", nil), true},
		"an unknown place":         {"place", unknown, true},
		"an unknown city":          {"place", place(unknown, nil), true},
		"a place without city":     {"place", place(nil, nil), false},
		"too long a city":          {"place", place("abcd", nil), false},
		"what is computed therein": {"place", place("a", "b"), false},
	} {
		apitest.Equal(t, validates(t, For(limitedResource{}, limitedKind{}), limitedConfig(t, c.attribute, c.value)), c.fast, "fast", name)
	}
	if validates(t, For(limitedResource{}, limitedKind{}), dynamic(t, limitedType, nil)) {
		t.Error("a null configuration is valid")
	}
}

// withOwn has a ValidateConfig, withMore other validators of the whole configuration.
type (
	withOwn  struct{ limitedResource }
	withMore struct{ limitedResource }
)

func (withOwn) ValidateConfig(context.Context, resource.ValidateConfigRequest, *resource.ValidateConfigResponse) {
}

func (withMore) ConfigValidators(context.Context) []resource.ConfigValidator { return nil }

// ownKind knows what withOwn says.
type ownKind struct {
	limitedKind
	valid bool
}

func (k ownKind) ConfigIsValid(context.Context, limited) bool { return k.valid }

// greedy is a validator that looks at the whole configuration.
type greedy struct{ validator.String }

func (greedy) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var on types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("on"), &on)...)
}

// TestValidate_schemas: what the fast path cannot know is for the framework to say.
func TestValidate_schemas(t *testing.T) {
	t.Parallel()
	edited := func(edit func(*schema.Schema)) Resource { return For(limitedResource{edit: edit}, limitedKind{}) }
	set := func(name string, a schema.Attribute) Resource {
		return edited(func(s *schema.Schema) { s.Attributes[name] = a })
	}
	for name, c := range map[string]struct {
		resource Resource
		fast     bool
	}{
		"as it is":                      {edited(nil), true},
		"its own validation, unknown":   {For(withOwn{}, limitedKind{}), false},
		"its own validation, satisfied": {For(withOwn{}, ownKind{valid: true}), true},
		"its own validation, not":       {For(withOwn{}, ownKind{}), false},
		"validators of the whole":       {For(withMore{}, ownKind{valid: true}), false},
		"deprecated":                    {edited(func(s *schema.Schema) { s.DeprecationMessage = "Use another." }), false},
		"a validator of more": {set("old", schema.StringAttribute{Optional: true, Validators: []validator.String{
			greedy{},
		}}), false},
		"a validator of other attributes": {set("old", schema.StringAttribute{Optional: true, Validators: []validator.String{
			stringvalidator.AtLeastOneOf(path.MatchRoot("old"), path.MatchRoot("on")),
		}}), false},
		"a validator of objects": {edited(func(s *schema.Schema) {
			a := s.Attributes["place"].(schema.SingleNestedAttribute)
			a.Validators = []validator.Object{nil}
			s.Attributes["place"] = a
		}), false},
		"a validator of booleans": {set("on", schema.BoolAttribute{Optional: true, Validators: []validator.Bool{nil}}), false},
		"a validator of maps": {set("labels", schema.MapAttribute{ElementType: types.StringType, Optional: true, Validators: []validator.Map{nil}}),
			false},
	} {
		apitest.Equal(t, validates(t, c.resource, limitedConfig(t, "", nil)), c.fast, "fast", name)
	}
}
