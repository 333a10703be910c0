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

// Kind is what the strings of a set are. It decides when two sets mean the same.
type Kind uint8

const (
	// Scopes have two spellings and may be stored with their dependencies. See Equivalent.
	Scopes Kind = iota
	// Endpoints have one spelling.
	Endpoints
)

// SetType is a set of strings that validates and compares in linear time. The framework's own set type compares
// every element with every other one, on each read and plan.
//
// SetType does not implement the framework's TypeWithValidate: it would look for duplicates, which Terraform
// never sends.
type SetType struct {
	Kind Kind
}

var stringSet = tftypes.Set{ElementType: tftypes.String}

// TerraformType returns the type on the wire, a set of strings.
func (t SetType) TerraformType(context.Context) tftypes.Type { return stringSet }

// ElementType returns the framework's string type.
func (t SetType) ElementType() attr.Type { return basetypes.StringType{} }

// WithElementType returns t for strings, and the framework's own set type for any other element type.
func (t SetType) WithElementType(typ attr.Type) attr.TypeWithElementType {
	if typ != nil && typ.Equal(basetypes.StringType{}) {
		return t
	}
	return basetypes.SetType{ElemType: typ}
}

// ValueType returns a null value of this type.
func (t SetType) ValueType(context.Context) attr.Value { return SetValue{kind: t.Kind} }

// Equal reports whether o is a SetType of the same kind.
func (t SetType) Equal(o attr.Type) bool {
	other, ok := o.(SetType)
	return ok && other == t
}

// String returns the name of the type for error messages.
func (t SetType) String() string {
	if t.Kind == Endpoints {
		return "scope.SetType[endpoints]"
	}
	return "scope.SetType[scopes]"
}

// ApplyTerraform5AttributePathStep returns the element type for a step into the set.
func (t SetType) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if _, ok := step.(tftypes.ElementKeyValue); !ok {
		return nil, fmt.Errorf("cannot apply step %T to %s", step, t)
	}
	return t.ElementType(), nil
}

// ValueFromTerraform converts a value from the wire.
func (t SetType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	return t.fromTerraform(in)
}

func (t SetType) fromTerraform(in tftypes.Value) (SetValue, error) {
	unknown := SetValue{kind: t.Kind, state: attr.ValueStateUnknown}
	switch {
	case in.Type() == nil:
		return SetValue{kind: t.Kind}, nil
	case !in.Type().Equal(stringSet):
		return unknown, fmt.Errorf("cannot use %s as a value of %s: it must be a set of strings", in, t)
	case !in.IsKnown():
		return unknown, nil
	case in.IsNull():
		return SetValue{kind: t.Kind}, nil
	}
	var elems []tftypes.Value
	if err := in.As(&elems); err != nil {
		return unknown, err
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
				return unknown, err
			}
			v.elems = append(v.elems, s)
		}
	}
	v.normalize()
	return v, nil
}

// ValueFromSet converts a framework set, such as the result of a plan modifier.
func (t SetType) ValueFromSet(ctx context.Context, in basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	v := SetValue{kind: t.Kind, state: attr.ValueStateUnknown}
	wire, err := in.ToTerraformValue(ctx)
	if err == nil {
		v, err = t.fromTerraform(wire)
	}
	var diags diag.Diagnostics
	if err != nil {
		diags.AddError("Unexpected set", err.Error()+". This is a bug in the provider. Please report it.")
	}
	return v, diags
}
