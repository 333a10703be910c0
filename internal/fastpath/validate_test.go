package fastpath

import (
	"context"
	"testing"

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

// validates reports whether the fast path answers.
func validates(t *testing.T, r Resource, config *tfprotov6.DynamicValue) bool {
	t.Helper()
	resp, fast := ask(t, r, Server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: "test_thing", Config: config})
	if len(resp.Diagnostics) > 0 {
		t.Fatal(resp)
	}
	return fast
}

var least = map[string]tftypes.Value{"name": text("a")}

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
		"the least":                {"name", "a", true},
		"a name":                   {"name", "abc", true},
		"no name":                  {"name", nil, false},
		"an unknown name":          {"name", unknown, true},
		"a long name":              {"name", "abcd", false},
		"deprecated":               {"old", "a", false},
		"computed":                 {"id", "a", false},
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
		config := thingOf(t, least, map[string]tftypes.Value{c.attribute: value(c.attribute, c.value)})
		apitest.Equal(t, validates(t, For(thingResource{}, thingKind{}), config), c.fast, "fast", name)
	}
	if validates(t, For(thingResource{}, thingKind{}), dynamic(t, thingType, nil)) {
		t.Error("a null configuration is valid")
	}
}

// withOwn has a ValidateConfig, withMore other validators of the whole configuration.
type (
	withOwn  struct{ thingResource }
	withMore struct{ thingResource }
)

func (withOwn) ValidateConfig(context.Context, resource.ValidateConfigRequest, *resource.ValidateConfigResponse) {
}

func (withMore) ConfigValidators(context.Context) []resource.ConfigValidator { return nil }

// ownKind knows what withOwn says.
type ownKind struct {
	thingKind
	valid bool
}

func (k ownKind) ConfigIsValid(context.Context, thing) bool { return k.valid }

// greedy is a validator that looks at the whole configuration.
type greedy struct{ validator.String }

func (greedy) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var on types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("on"), &on)...)
}

// TestValidate_schemas: what the fast path cannot know is for the framework to say.
func TestValidate_schemas(t *testing.T) {
	t.Parallel()
	edited := func(edit func(*schema.Schema)) Resource {
		return For(thingResource{edit: func(s *served) { edit(&s.schema) }}, thingKind{})
	}
	set := func(name string, a schema.Attribute) Resource {
		return edited(func(s *schema.Schema) { s.Attributes[name] = a })
	}
	for name, c := range map[string]struct {
		resource Resource
		fast     bool
	}{
		"as it is":                      {For(thingResource{}, thingKind{}), true},
		"its own validation, unknown":   {For(withOwn{}, thingKind{}), false},
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
		"a validator of booleans": {edited(func(s *schema.Schema) {
			a := s.Attributes["on"].(schema.BoolAttribute)
			a.Validators = []validator.Bool{nil}
			s.Attributes["on"] = a
		}), false},
		"a validator of maps": {set("labels", schema.MapAttribute{ElementType: types.StringType, Optional: true, Validators: []validator.Map{nil}}),
			false},
	} {
		apitest.Equal(t, validates(t, c.resource, thingOf(t, least)), c.fast, "fast", name)
	}
}
