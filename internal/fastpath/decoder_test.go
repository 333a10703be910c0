package fastpath

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

func thingDecoder(t *testing.T) *decoder[thing] {
	t.Helper()
	d, ok := newDecoder[thing](thingResource{}.served().schema)
	if !ok {
		t.Fatal("thing is not the model of test_thing")
	}
	return d
}

// TestDecode decodes everything twice, because collections are remembered.
func TestDecode(t *testing.T) {
	t.Parallel()
	d := thingDecoder(t)
	many, names := make([]tftypes.Value, 20), make([]attr.Value, 20)
	for i := range many {
		many[i], names[i] = text(string(rune('a'+i))), types.StringValue(string(rune('a'+i)))
	}
	for range 2 {
		for name, c := range map[string]struct {
			wire map[string]tftypes.Value
			want func(*thing)
		}{
			"known":        {nil, func(*thing) {}},
			"empty":        {map[string]tftypes.Value{"owner": text("")}, func(m *thing) { m.Owner = types.StringValue("") }},
			"null":         {map[string]tftypes.Value{"owner": text(nil)}, func(m *thing) { m.Owner = types.StringNull() }},
			"unknown":      {map[string]tftypes.Value{"owner": text(tftypes.UnknownValue)}, func(m *thing) { m.Owner = types.StringUnknown() }},
			"false":        {map[string]tftypes.Value{"on": value("on", false)}, func(m *thing) { m.On = types.BoolValue(false) }},
			"null bool":    {map[string]tftypes.Value{"on": value("on", nil)}, func(m *thing) { m.On = types.BoolNull() }},
			"unknown bool": {map[string]tftypes.Value{"on": value("on", tftypes.UnknownValue)}, func(m *thing) { m.On = types.BoolUnknown() }},
			"no scope":     {map[string]tftypes.Value{"scopes": value("scopes", []tftypes.Value{})}, func(m *thing) { m.Scopes = scope.NewSet(nil) }},
			"null scopes":  {map[string]tftypes.Value{"scopes": value("scopes", nil)}, func(m *thing) { m.Scopes = scope.NewSetNull() }},
			"other scopes": {map[string]tftypes.Value{"scopes": value("scopes", []tftypes.Value{text("All")})}, func(m *thing) { m.Scopes = scope.NewSet([]string{"All"}) }},
			"unknown ones": {map[string]tftypes.Value{"scopes": value("scopes", tftypes.UnknownValue)}, func(m *thing) { m.Scopes = scope.NewSetUnknown() }},
			"no tag":       {map[string]tftypes.Value{"tags": value("tags", []tftypes.Value{})}, func(m *thing) { m.Tags = types.SetValueMust(types.StringType, nil) }},
			"two tags":     {map[string]tftypes.Value{"tags": value("tags", many[:2])}, func(m *thing) { m.Tags = types.SetValueMust(types.StringType, names[:2]) }},
			"many tags":    {map[string]tftypes.Value{"tags": value("tags", many)}, func(m *thing) { m.Tags = types.SetValueMust(types.StringType, names) }},
			"unknown tags": {map[string]tftypes.Value{"tags": value("tags", tftypes.UnknownValue)}, func(m *thing) { m.Tags = types.SetUnknown(types.StringType) }},
			"labels": {map[string]tftypes.Value{"labels": value("labels", map[string]tftypes.Value{"a": text("b")})}, func(m *thing) {
				m.Labels = types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("b")})
			}},
			"unknown label": {map[string]tftypes.Value{"labels": value("labels", tftypes.UnknownValue)}, func(m *thing) { m.Labels = types.MapUnknown(types.StringType) }},
		} {
			want := thing{
				identified: identified{types.StringValue("1")}, Owner: types.StringValue("me"), On: types.BoolValue(true),
				Scopes: scope.NewSet([]string{"Inputs:Add", "Predict"}), Tags: types.SetNull(types.StringType), Labels: types.MapNull(types.StringType),
			}
			c.want(&want)
			got, ok := d.decode(t.Context(), state(t, c.wire))
			if !ok || !got.ID.Equal(want.ID) || !got.Owner.Equal(want.Owner) || !got.On.Equal(want.On) || !got.Scopes.Equal(want.Scopes) ||
				!got.Tags.Equal(want.Tags) || !got.Labels.Equal(want.Labels) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

// TestDecode_refuses: nothing is decoded but an object of the schema.
func TestDecode_refuses(t *testing.T) {
	t.Parallel()
	d := thingDecoder(t)
	var good map[string]any
	apitest.Must(t, json.Unmarshal([]byte(current), &good))
	for name, edit := range map[string]func(map[string]any){
		"an attribute less":        func(m map[string]any) { delete(m, "labels") },
		"an attribute more":        func(m map[string]any) { m["new"] = nil },
		"another attribute":        func(m map[string]any) { m["new"] = nil; delete(m, "labels") },
		"a number for a string":    func(m map[string]any) { m["owner"] = 1 },
		"a string for a bool":      func(m map[string]any) { m["on"] = "true" },
		"a string for a set":       func(m map[string]any) { m["scopes"] = "All" },
		"a map for a set":          func(m map[string]any) { m["scopes"] = map[string]string{"a": "b"} },
		"numbers for strings":      func(m map[string]any) { m["scopes"] = []int{1} },
		"a set for a map":          func(m map[string]any) { m["labels"] = []string{"a"} },
		"an object for an unknown": func(m map[string]any) { m["owner"] = map[string]string{} },
	} {
		m := maps.Clone(good)
		edit(m)
		raw, err := msgpack.Marshal(m)
		apitest.Must(t, err)
		if got, ok := d.decode(t.Context(), &tfprotov6.DynamicValue{MsgPack: raw}); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, v := range map[string]*tfprotov6.DynamicValue{
		"nothing": nil, "no bytes": {}, "JSON": {JSON: []byte(`{}`)}, "null": dynamic(t, thingType, nil),
		"unknown": dynamic(t, thingType, tftypes.UnknownValue), "a string": dynamic(t, tftypes.String, "1"),
		"a null tag":     state(t, map[string]tftypes.Value{"tags": value("tags", []tftypes.Value{text(nil)})}),
		"an unknown tag": state(t, map[string]tftypes.Value{"tags": value("tags", []tftypes.Value{text(tftypes.UnknownValue)})}),
	} {
		if got, ok := d.decode(t.Context(), v); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
	whole := state(t, nil).MsgPack
	for n := range whole {
		if got, ok := d.decode(t.Context(), &tfprotov6.DynamicValue{MsgPack: bytes.Clone(whole[:n])}); ok {
			t.Errorf("%d bytes of %d: %+v", n, len(whole), got)
		}
	}
}

// TestNewDecoder: a model that is not the schema's cannot be decoded to.
func TestNewDecoder(t *testing.T) {
	t.Parallel()
	type (
		model  struct{ identified }
		ofMore struct {
			identified
			On types.Bool `tfsdk:"on"`
		}
		otherType struct {
			ID types.Bool `tfsdk:"id"`
		}
		otherField struct {
			ID types.String `tfsdk:"name"`
		}
	)
	for name, c := range map[string][2]bool{
		"the model": {decodes[model](), true}, "a string": {decodes[string](), false}, "of no field": {decodes[struct{}](), false},
		"of more fields":             {decodes[ofMore](), false},
		"of a field of another type": {decodes[otherType](), false}, "of a field of no attribute": {decodes[otherField](), false},
	} {
		apitest.Equal(t, c[0], c[1], "a decoder for a model", name)
	}
}

// decodes reports whether objects with an id can be decoded to a model.
func decodes[M any]() bool {
	_, ok := newDecoder[M](schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}})
	return ok
}

// TestDecode_remembers: decoding a set of sixty costs as little as one of three.
func TestDecode_remembers(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts the whole process
	d := thingDecoder(t)
	var many []tftypes.Value
	for i := range 60 {
		many = append(many, text(fmt.Sprintf("Inputs:%02d", i)))
	}
	v := state(t, map[string]tftypes.Value{"scopes": value("scopes", many)})
	if n := testing.AllocsPerRun(10, func() { d.decode(t.Context(), v) }); n > 30 {
		t.Errorf("%.0f allocations", n)
	}
}

// agreeable is a set that is equal in meaning to any other.
type agreeable struct {
	basetypes.SetValue
	disagrees bool
	diags     diag.Diagnostics
}

func (a agreeable) SetSemanticEquals(context.Context, basetypes.SetValuable) (bool, diag.Diagnostics) {
	return !a.disagrees, a.diags
}

// TestEqualInMeaning follows the framework, which asks only about known values.
func TestEqualInMeaning(t *testing.T) {
	t.Parallel()
	known, null, unknown := types.SetValueMust(types.StringType, nil), types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	for name, c := range map[string]struct {
		prior, now attr.Value
		want       bool
	}{
		"known":          {known, agreeable{SetValue: known}, true},
		"disagreeing":    {known, agreeable{SetValue: known, disagrees: true}, false},
		"in doubt":       {known, agreeable{SetValue: known, diags: diag.Diagnostics{diag.NewWarningDiagnostic("a", "b")}}, false},
		"was null":       {null, agreeable{SetValue: known}, false},
		"was unknown":    {unknown, agreeable{SetValue: known}, false},
		"is null":        {known, agreeable{SetValue: null}, false},
		"is unknown":     {known, agreeable{SetValue: unknown}, false},
		"has no meaning": {agreeable{SetValue: known}, known, false},
		"was no set":     {types.StringValue("a"), agreeable{SetValue: known}, false},
	} {
		apitest.Equal(t, equalInMeaning(t.Context(), c.prior, c.now), c.want, name)
	}
}
