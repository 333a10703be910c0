package scope

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.SetTypable     = SetType{}
	_ attr.TypeWithElementType = SetType{}
)

// Kind says what the strings of a set are, and with it when two sets mean the same.
type Kind uint8

const (
	// Scopes may be spelled in two ways and be stored with their dependencies: see Equivalent.
	Scopes Kind = iota
	// Endpoints are compared as they are.
	Endpoints
)

// SetType is a set of strings whose validation and equality take linear time. The framework's own set type
// compares each element with each other, on every read and plan.
//
// It deliberately lacks the framework's TypeWithValidate: Terraform never sends duplicates.
type SetType struct {
	Kind Kind
}

var stringSet = tftypes.Set{ElementType: tftypes.String}

// TerraformType is a set of strings.
func (t SetType) TerraformType(context.Context) tftypes.Type { return stringSet }

// ElementType is the framework's string type.
func (t SetType) ElementType() attr.Type { return basetypes.StringType{} }

// WithElementType leaves strings as they are; for any other element type it is the framework's own set.
func (t SetType) WithElementType(typ attr.Type) attr.TypeWithElementType {
	if typ != nil && typ.Equal(basetypes.StringType{}) {
		return t
	}
	return basetypes.SetType{ElemType: typ}
}

// ValueType is an empty value of this type.
func (t SetType) ValueType(context.Context) attr.Value { return SetValue{kind: t.Kind} }

// Equal is true for the same type of the same kind.
func (t SetType) Equal(o attr.Type) bool {
	other, ok := o.(SetType)
	return ok && other == t
}

// String names the type for error messages.
func (t SetType) String() string {
	if t.Kind == Endpoints {
		return "scope.SetType[endpoints]"
	}
	return "scope.SetType[scopes]"
}

// ApplyTerraform5AttributePathStep leads from the set to its element type.
func (t SetType) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if _, ok := step.(tftypes.ElementKeyValue); !ok {
		return nil, fmt.Errorf("cannot apply step %T to %s", step, t)
	}
	return t.ElementType(), nil
}

// ValueFromTerraform takes a value off the wire.
func (t SetType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	switch {
	case in.Type() == nil:
		return SetValue{kind: t.Kind}, nil
	case !in.Type().Equal(stringSet):
		return nil, fmt.Errorf("can't use %s as value of %s, can only use a set of strings", in, t)
	case !in.IsKnown():
		return SetValue{kind: t.Kind, state: attr.ValueStateUnknown}, nil
	case in.IsNull():
		return SetValue{kind: t.Kind}, nil
	}
	var elems []tftypes.Value
	if err := in.As(&elems); err != nil {
		return nil, err
	}
	v := SetValue{kind: t.Kind, state: attr.ValueStateKnown, elems: make([]string, 0, len(elems))}
	for _, elem := range elems {
		switch {
		case !elem.IsKnown():
			v.unknown++
		case elem.IsNull():
			v.null++
		default:
			var s string
			if err := elem.As(&s); err != nil {
				return nil, err
			}
			v.elems = append(v.elems, s)
		}
	}
	v.normalise()
	return v, nil
}

// ValueFromSet takes over a framework set, such as a plan modifier's result.
func (t SetType) ValueFromSet(_ context.Context, in basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case in.IsNull():
		return SetValue{kind: t.Kind}, nil
	case in.IsUnknown():
		return SetValue{kind: t.Kind, state: attr.ValueStateUnknown}, nil
	}
	elems := in.Elements()
	v := SetValue{kind: t.Kind, state: attr.ValueStateKnown, elems: make([]string, 0, len(elems))}
	for _, elem := range elems {
		s, ok := elem.(basetypes.StringValue)
		switch {
		case !ok:
			diags.AddError("Unexpected set element", fmt.Sprintf(
				"A %s can only hold strings, not %T. This is a mistake in the provider; please report it.", t, elem))
			return SetValue{kind: t.Kind, state: attr.ValueStateUnknown}, diags
		case s.IsUnknown():
			v.unknown++
		case s.IsNull():
			v.null++
		default:
			v.elems = append(v.elems, s.ValueString())
		}
	}
	v.normalise()
	return v, nil
}
