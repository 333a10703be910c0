package fastpath

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// base is what the models of several resources embed.
type base struct {
	ID types.String `tfsdk:"id"`
}

type derived struct {
	base
	Keys types.Set `tfsdk:"keys"`
}

// TestDecode_embedded decodes a model that embeds another, and a set of strings.
func TestDecode_embedded(t *testing.T) {
	t.Parallel()
	d, ok := newDecoder[derived](schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{}, "keys": schema.SetAttribute{ElementType: types.StringType},
	}})
	if !ok {
		t.Fatal("not the model of the schema")
	}
	set := tftypes.Set{ElementType: tftypes.String}
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "keys": set}}
	keys := func(elements ...string) types.Set {
		values := []attr.Value{}
		for _, e := range elements {
			values = append(values, types.StringValue(e))
		}
		return types.SetValueMust(types.StringType, values)
	}
	many := make([]tftypes.Value, 20)
	var names []string
	for i := range many {
		name := string(rune('a' + i))
		many[i], names = text(name), append(names, name)
	}
	for name, c := range map[string]struct {
		wire any
		want types.Set
	}{
		"none":            {[]tftypes.Value{}, keys()},
		"two":             {[]tftypes.Value{text("a"), text("b")}, keys("a", "b")},
		"many":            {many, keys(names...)},
		"null":            {nil, types.SetNull(types.StringType)},
		"unknown":         {tftypes.UnknownValue, types.SetUnknown(types.StringType)},
		"with a null":     {[]tftypes.Value{text(nil)}, types.SetNull(types.BoolType)},
		"with an unknown": {[]tftypes.Value{text(tftypes.UnknownValue)}, types.SetNull(types.BoolType)},
	} {
		got, ok := d.decode(t.Context(), dynamic(t, object, map[string]tftypes.Value{"id": text("1"), "keys": tftypes.NewValue(set, c.wire)}))
		refused := c.want.Equal(types.SetNull(types.BoolType))
		if ok == refused || ok && (!got.Keys.Equal(c.want) || got.ID.ValueString() != "1") {
			t.Errorf("%s: %v, %t", name, got, ok)
		}
	}
}
