package base

import "github.com/hashicorp/terraform-plugin-framework/types"

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
