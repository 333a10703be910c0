package base

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Strings returns the known elements of a set of strings.
func Strings(set types.Set) (known []string) {
	for _, v := range set.Elements() {
		if s, ok := v.(types.String); ok && s.ValueString() != "" {
			known = append(known, s.ValueString())
		}
	}
	return known
}

// HasUnknown reports whether a set, or an element of it, is unknown.
func HasUnknown(set types.Set) bool {
	return set.IsUnknown() || slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown)
}

// TimeOf returns the time in an attribute, the zero time if there is none.
func TimeOf(s types.String) clarifai.Time {
	at, _ := time.Parse(time.RFC3339Nano, s.ValueString())
	return clarifai.Time{Time: at}
}

// StringOrNull maps a string of the API, which leaves a string out when it is
// empty.
func StringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// StringOrPrior is StringOrNull for attributes that a configuration may set to
// "": a known empty prior value stays empty, because the API cannot tell it
// from null.
func StringOrPrior(s string, prior types.String) types.String {
	if s == "" && !prior.IsNull() && !prior.IsUnknown() && prior.ValueString() == "" {
		return prior
	}
	return StringOrNull(s)
}
