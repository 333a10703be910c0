package scope

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.SetValuable                   = SetValue{}
	_ basetypes.SetValuableWithSemanticEquals = SetValue{}
	_ xattr.ValidateableAttribute             = SetValue{}
	_ function.ValidateableParameter          = SetValue{}
)

// SetValue is a value of SetType. The zero value is a null set of scopes.
type SetValue struct {
	// elems is sorted and has no duplicates, so that two sets are equal if their slices are.
	elems []string
	// unknown and null count the elements in these states, which are indistinguishable from each other.
	unknown, null int
	state         attr.ValueState
	kind          Kind
}

// NewSet returns a known set of scopes. It copies the slice.
func NewSet(elems []string) SetValue { return newSet(Scopes, elems) }

// NewSetNull returns a null set of scopes.
func NewSetNull() SetValue { return SetValue{} }

// NewSetUnknown returns an unknown set of scopes.
func NewSetUnknown() SetValue { return SetValue{state: attr.ValueStateUnknown} }

// NewEndpoints returns a known set of endpoints. It copies the slice.
func NewEndpoints(elems []string) SetValue { return newSet(Endpoints, elems) }

// NewEndpointsNull returns a null set of endpoints.
func NewEndpointsNull() SetValue { return SetValue{kind: Endpoints} }

// NewEndpointsUnknown returns an unknown set of endpoints.
func NewEndpointsUnknown() SetValue { return SetValue{kind: Endpoints, state: attr.ValueStateUnknown} }

func newSet(kind Kind, elems []string) SetValue {
	v := SetValue{kind: kind, state: attr.ValueStateKnown, elems: slices.Clone(elems)}
	v.normalize()
	return v
}

// normalize sorts elems and drops duplicates. Terraform sends sets sorted, so there is rarely anything to do.
func (v *SetValue) normalize() {
	if !slices.IsSorted(v.elems) {
		slices.Sort(v.elems)
	}
	v.elems = slices.Compact(v.elems)
}

// Strings returns the known elements, sorted, or nil for a null or unknown set.
func (v SetValue) Strings() []string { return slices.Clone(v.elems) }

// Len returns the number of elements, including unknown and null ones.
func (v SetValue) Len() int { return len(v.elems) + v.unknown + v.null }

// IsEmpty reports whether the set is null or known to have no elements.
func (v SetValue) IsEmpty() bool { return v.IsNull() || !v.IsUnknown() && v.Len() == 0 }

// HasUnknown reports whether the set or any element of it is unknown.
func (v SetValue) HasUnknown() bool { return v.IsUnknown() || v.unknown > 0 }

// isWhole reports whether the set is known, and all its elements are and none is null.
func (v SetValue) isWhole() bool { return v.state == attr.ValueStateKnown && v.unknown+v.null == 0 }

// IsNull reports whether the set is null.
func (v SetValue) IsNull() bool { return v.state == attr.ValueStateNull }

// IsUnknown reports whether the set itself is unknown. A known set may have unknown elements: see HasUnknown.
func (v SetValue) IsUnknown() bool { return v.state == attr.ValueStateUnknown }

// Type returns the SetType of the same kind.
func (v SetValue) Type(context.Context) attr.Type { return SetType{Kind: v.kind} }

// Equal reports whether both sets have the same elements. It compares spellings, not meanings.
func (v SetValue) Equal(o attr.Value) bool {
	other, ok := o.(SetValue)
	return ok && v.kind == other.kind && v.state == other.state &&
		v.unknown == other.unknown && v.null == other.null && slices.Equal(v.elems, other.elems)
}

// SetSemanticEquals reports whether v, the value from the server, means the same as prior, the value the user
// wrote. The framework calls it after each read and apply, and keeps prior if the answer is yes.
func (v SetValue) SetSemanticEquals(_ context.Context, prior basetypes.SetValuable) (bool, diag.Diagnostics) {
	want, ok := prior.(SetValue)
	if !ok || v.kind != want.kind {
		return false, nil
	}
	// Endpoints need this method too: without it, the framework compares every element of one set with every
	// element of the other.
	if v.Equal(want) {
		return true, nil
	}
	return v.kind == Scopes && v.isWhole() && want.isWhole() && Equivalent(want.elems, v.elems), nil
}

// nullAdvice says how to get rid of the null elements of a set.
const nullAdvice = "Remove it, or filter nulls out of the expression, for example with [for s in local.list : s if s != null] or " +
	"compact(local.list)."

// ValidateAttribute rejects null elements, which the API cannot represent. Terraform never sends duplicates.
func (v SetValue) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.null > 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Null element in a set", fmt.Sprintf("An element of %s is null. %s", req.Path, nullAdvice))
	}
}

// ValidateParameter is ValidateAttribute for the parameter of a function.
func (v SetValue) ValidateParameter(_ context.Context, req function.ValidateParameterRequest, resp *function.ValidateParameterResponse) {
	if v.null > 0 {
		resp.Error = argumentError(req.Position, "An element is null. "+nullAdvice)
	}
}

// ToTerraformValue converts the set for the wire.
func (v SetValue) ToTerraformValue(context.Context) (tftypes.Value, error) {
	switch v.state {
	case attr.ValueStateUnknown:
		return tftypes.NewValue(stringSet, tftypes.UnknownValue), nil
	case attr.ValueStateNull:
		return tftypes.NewValue(stringSet, nil), nil
	}
	text := func(s any) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	known := func(s string) tftypes.Value { return text(s) }
	return tftypes.NewValue(stringSet, elements(v, known, text(tftypes.UnknownValue), text(nil))), nil
}

// ToSetValue converts the set to the framework's own type, for validators and plan modifiers.
func (v SetValue) ToSetValue(context.Context) (basetypes.SetValue, diag.Diagnostics) {
	switch v.state {
	case attr.ValueStateUnknown:
		return basetypes.NewSetUnknown(basetypes.StringType{}), nil
	case attr.ValueStateNull:
		return basetypes.NewSetNull(basetypes.StringType{}), nil
	}
	known := func(s string) attr.Value { return basetypes.NewStringValue(s) }
	elems := elements[attr.Value](v, known, basetypes.NewStringUnknown(), basetypes.NewStringNull())
	return basetypes.NewSetValue(basetypes.StringType{}, elems)
}

// elements returns the elements of a set in another form.
func elements[T any](v SetValue, known func(string) T, unknown, null T) []T {
	elems := make([]T, 0, v.Len())
	for _, s := range v.elems {
		elems = append(elems, known(s))
	}
	elems = append(elems, slices.Repeat([]T{unknown}, v.unknown)...)
	return append(elems, slices.Repeat([]T{null}, v.null)...)
}

// String returns the set for logs and errors. It lists only the first few elements, because the framework calls
// it on every read, whether or not the result is logged.
func (v SetValue) String() string {
	const shown = 5
	switch v.state {
	case attr.ValueStateUnknown:
		return attr.UnknownValueString
	case attr.ValueStateNull:
		return attr.NullValueString
	}
	var b strings.Builder
	b.WriteByte('[')
	for i, s := range v.elems[:min(shown, len(v.elems))] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(s))
	}
	if rest := v.Len() - min(shown, len(v.elems)); rest > 0 {
		fmt.Fprintf(&b, " and %d more", rest)
	}
	b.WriteByte(']')
	return b.String()
}

// argumentError returns the error for an argument of a function. Terraform adds the
// period at its end.
func argumentError(position int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(position, strings.TrimSuffix(text, "."))
}
