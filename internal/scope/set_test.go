package scope_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

var wireSet = tftypes.Set{ElementType: tftypes.String}

// wire returns a set on the wire. A nil element is null, and tftypes.UnknownValue is an unknown element.
func wire(elems ...any) tftypes.Value {
	values := []tftypes.Value{}
	for _, e := range elems {
		values = append(values, tftypes.NewValue(tftypes.String, e))
	}
	return tftypes.NewValue(wireSet, values)
}

func fromWire(t *testing.T, typ scope.SetType, in tftypes.Value) scope.SetValue {
	t.Helper()
	v, err := typ.ValueFromTerraform(context.Background(), in)
	must(t, err)
	return v.(scope.SetValue)
}

var wireValues = map[string]tftypes.Value{
	"null":            tftypes.NewValue(wireSet, nil),
	"unknown":         tftypes.NewValue(wireSet, tftypes.UnknownValue),
	"empty":           wire(),
	"one":             wire("Inputs:Get"),
	"two":             wire("Inputs:Get", "Predict"),
	"unknown element": wire("Inputs:Get", tftypes.UnknownValue),
	"two unknown":     wire(tftypes.UnknownValue, tftypes.UnknownValue),
	"null element":    wire("Inputs:Get", nil),
}

func TestSetRoundTrips(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, typ := range []scope.SetType{{Kind: scope.Scopes}, {Kind: scope.Endpoints}} {
		for name, in := range wireValues {
			v := fromWire(t, typ, in)
			if out, err := v.ToTerraformValue(ctx); err != nil || !out.Equal(in) {
				t.Errorf("%s, %s: %s became %s on the wire (%v)", typ, name, in, out, err)
			}
			if !v.Type(ctx).Equal(typ) {
				t.Errorf("%s, %s: the value's type is %s", typ, name, v.Type(ctx))
			}
			base, diags := v.ToSetValue(ctx)
			if diags.HasError() {
				t.Fatal(diags)
			}
			twin, err := types.SetType{ElemType: types.StringType}.ValueFromTerraform(ctx, in)
			must(t, err)
			if !base.Equal(twin) {
				t.Errorf("%s, %s: as a framework set %s, want %s", typ, name, base, twin)
			}
			back, diags := typ.ValueFromSet(ctx, base)
			if diags.HasError() || !back.Equal(v) {
				t.Errorf("%s, %s: from a framework set %s, want %s (%v)", typ, name, back, v, diags)
			}
			if v.IsNull() != twin.IsNull() || v.IsUnknown() != twin.IsUnknown() || v.HasUnknown() == in.IsFullyKnown() {
				t.Errorf("%s, %s: IsNull %t, IsUnknown %t, HasUnknown %t", typ, name, v.IsNull(), v.IsUnknown(), v.HasUnknown())
			}
		}
	}
}

func TestSetEqual(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for nameA, a := range wireValues {
		for nameB, b := range wireValues {
			va, vb := fromWire(t, scope.SetType{}, a), fromWire(t, scope.SetType{}, b)
			if got := va.Equal(vb); got != (nameA == nameB) || got != vb.Equal(va) {
				t.Errorf("%s equals %s: %t, and the other way round %t", nameA, nameB, got, vb.Equal(va))
			}
		}
		scopes, endpoints := fromWire(t, scope.SetType{}, a), fromWire(t, scope.SetType{Kind: scope.Endpoints}, a)
		if base, _ := scopes.ToSetValue(ctx); scopes.Equal(endpoints) || scopes.Equal(base) {
			t.Errorf("%s equals a set of another type", nameA)
		}
	}
	if !scope.NewSet([]string{"b", "a", "b"}).Equal(scope.NewSet([]string{"a", "b"})) {
		t.Error("sets with another order or with duplicates are not equal")
	}
	if scope.NewSet([]string{"Inputs:Get"}).Equal(scope.NewSet([]string{"Inputs_Get"})) {
		t.Error("Equal ignores spelling: Terraform would miss a change of it")
	}
}

func TestSetType(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	scopes, endpoints := scope.SetType{}, scope.SetType{Kind: scope.Endpoints}
	if !scopes.Equal(scopes) || scopes.Equal(endpoints) || scopes.Equal(types.SetType{ElemType: types.StringType}) {
		t.Error("Equal is wrong for the same type, another kind or the framework's type")
	}
	if !scopes.TerraformType(ctx).Equal(wireSet) {
		t.Error("the type on the wire is not a set of strings")
	}
	if v, ok := scopes.ValueType(ctx).(scope.SetValue); !ok || !v.IsNull() {
		t.Errorf("value type %T", scopes.ValueType(ctx))
	}
	if got := scopes.WithElementType(types.StringType); !got.Equal(scopes) {
		t.Errorf("WithElementType(string) = %s", got)
	}
	if got := scopes.WithElementType(types.BoolType); !got.ElementType().Equal(types.BoolType) {
		t.Errorf("WithElementType(bool) = %s", got)
	}
	if got, ok := scopes.WithElementType(nil).(types.SetType); !ok || got.ElemType != nil {
		t.Errorf("WithElementType(nil) = %#v", got)
	}
	apitest.Equal(t, scopes.String(), "scope.SetType[scopes]", "String")
	apitest.Equal(t, endpoints.String(), "scope.SetType[endpoints]", "String")
	step := tftypes.ElementKeyValue(tftypes.NewValue(tftypes.String, "x"))
	if got, err := scopes.ApplyTerraform5AttributePathStep(step); err != nil || got != types.StringType {
		t.Errorf("a step into the set gives %v, %v", got, err)
	}
	apitest.Fails(t, apitest.Err(scopes.ApplyTerraform5AttributePathStep(tftypes.ElementKeyInt(1))))
	apitest.Fails(t, apitest.Err(scopes.ValueFromTerraform(ctx, tftypes.NewValue(tftypes.String, "x"))))
	if v, err := scopes.ValueFromTerraform(ctx, tftypes.Value{}); err != nil || !v.IsNull() {
		t.Errorf("a missing value gives %v, %v", v, err)
	}
	numbers := types.SetValueMust(types.Int64Type, []attr.Value{types.Int64Value(1)})
	if _, diags := scopes.ValueFromSet(ctx, numbers); !diags.HasError() {
		t.Error("a set of numbers is accepted")
	}
}

func TestSetStrings(t *testing.T) {
	t.Parallel()
	in := []string{"b", "a", "b"}
	v := scope.NewSet(in)
	in[0] = "changed"
	got := v.Strings()
	if !slices.Equal(got, []string{"a", "b"}) || v.Len() != 2 {
		t.Errorf("Strings() = %q, Len() = %d", got, v.Len())
	}
	got[0] = "changed"
	apitest.Equal(t, v.Strings(), []string{"a", "b"}, "the value after a caller changed what it got")
	for _, v := range []scope.SetValue{scope.NewSetNull(), scope.NewSetUnknown(), scope.NewEndpointsNull(), scope.NewEndpointsUnknown()} {
		if v.Strings() != nil || v.IsNull() == v.IsUnknown() || v.HasUnknown() != v.IsUnknown() {
			t.Errorf("%s: %q", v, v.Strings())
		}
	}
	if !scope.NewSetNull().Equal(scope.SetValue{}) {
		t.Error("the zero value is not null")
	}
}

func TestSetSemanticEquals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	partly := fromWire(t, scope.SetType{}, wireValues["unknown element"])
	unknownAndNull := fromWire(t, scope.SetType{}, wire("Inputs:Get", tftypes.UnknownValue, nil))
	for i, tt := range []struct {
		prior, server basetypes.SetValuable
		equal         bool
	}{
		{scope.NewSet([]string{"Inputs:Add"}), scope.NewSet([]string{"Inputs:Add"}), true},
		{scope.NewSet([]string{"Inputs:Add"}), scope.NewSet([]string{"Inputs_Add"}), true},
		{scope.NewSet([]string{"Inputs_Add"}), scope.NewSet([]string{"Inputs:Add", "Inputs:Get"}), true},
		{scope.NewSet([]string{"Inputs:Add", "Inputs:Get"}), scope.NewSet([]string{"Inputs:Add"}), false},
		{scope.NewSet(nil), scope.NewSet([]string{"Inputs:Add"}), false},
		{scope.NewSetNull(), scope.NewSet(nil), false},
		{scope.NewSetUnknown(), scope.NewSetUnknown(), true},
		{partly, partly, true},
		{partly, scope.NewSet([]string{"Inputs:Get"}), false},
		{scope.NewSet([]string{"Inputs_Get"}), unknownAndNull, false},
		{unknownAndNull, scope.NewSet([]string{"Inputs_Get"}), false},
		{scope.NewEndpoints([]string{"/a"}), scope.NewEndpoints([]string{"/a"}), true},
		{scope.NewEndpoints([]string{"Inputs_Get"}), scope.NewEndpoints([]string{"Inputs:Get"}), false},
		{scope.NewEndpoints([]string{"Inputs:Get"}), scope.NewSet([]string{"Inputs:Get"}), false},
		{types.SetNull(types.StringType), scope.NewSetNull(), false},
	} {
		got, diags := tt.server.(basetypes.SetValuableWithSemanticEquals).SetSemanticEquals(ctx, tt.prior)
		if got != tt.equal || len(diags) > 0 {
			t.Errorf("%d: prior %s, server %s: %t (%v)", i, tt.prior, tt.server, got, diags)
		}
	}
}

func TestSetValidateAttribute(t *testing.T) {
	t.Parallel()
	for name, in := range wireValues {
		var resp xattr.ValidateAttributeResponse
		fromWire(t, scope.SetType{}, in).ValidateAttribute(context.Background(), xattr.ValidateAttributeRequest{Path: path.Root("scopes")}, &resp)
		apitest.Equal(t, resp.Diagnostics.ErrorsCount(), map[bool]int{true: 1}[name == "null element"], "errors of", name)
	}
}

func TestSetString(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 115 {
		many = append(many, fmt.Sprintf("S%03d:Get", i))
	}
	for want, v := range map[string]scope.SetValue{
		"<null>":    scope.NewSetNull(),
		"<unknown>": scope.NewSetUnknown(),
		"[]":        scope.NewSet(nil),
		`["a","b"]`: scope.NewSet([]string{"b", "a"}),
		`["S000:Get","S001:Get","S002:Get","S003:Get","S004:Get" and 110 more]`: scope.NewSet(many),
		`["S000:Get","S001:Get","S002:Get","S003:Get","S004:Get" and 1 more]`:   scope.NewSet(many[:6]),
		`["S000:Get","S001:Get","S002:Get","S003:Get","S004:Get"]`:              scope.NewSet(many[:5]),
		`["Inputs:Get" and 2 more]`:                                             fromWire(t, scope.SetType{}, wire("Inputs:Get", tftypes.UnknownValue, nil)),
	} {
		apitest.Equal(t, v.String(), want, "String")
	}
}
