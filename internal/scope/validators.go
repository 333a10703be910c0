package scope

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

var _ validator.Set = elementValidator{}

// elementValidator gives an error for each element that fault finds fault with.
type elementValidator struct {
	summary     string
	description string
	fault       func(string) string
}

// ScopeNames refuses scopes that can not be names: empty ones, and those with spaces or control characters.
// Names that are merely unknown pass: see Warnings.
func ScopeNames() validator.Set {
	return elementValidator{"Invalid scope", "scopes are not empty and have no spaces", scopeFault}
}

// EndpointNames refuses what is not of the form /clarifai.api.V2/Method. Methods that are merely unknown pass: see EndpointWarnings.
func EndpointNames() validator.Set {
	return elementValidator{"Invalid endpoint", "endpoints have the form " + EndpointPrefix + "Method", endpointFault}
}

func scopeFault(s string) string {
	notInName := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	trimmed := strings.TrimSpace(s)
	switch {
	case trimmed == "":
		return "It is empty. Remove it, or name a scope such as \"Inputs:Get\"."
	case strings.ContainsFunc(trimmed, notInName) || strings.ContainsAny(trimmed, ",;"):
		return "It holds a space or separator. Write each scope as an element of its own, such as [\"Inputs:Get\", \"Predict\"]."
	case trimmed != s:
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	}
	return ""
}

// Description tells what is accepted.
func (v elementValidator) Description(context.Context) string { return v.description }

// MarkdownDescription tells the same.
func (v elementValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateSet checks the elements that are known.
func (v elementValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, elem := range req.ConfigValue.Elements() {
		s, ok := elem.(basetypes.StringValue)
		if !ok || s.IsNull() || s.IsUnknown() {
			continue
		}
		if fault := v.fault(s.ValueString()); fault != "" {
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(s), v.summary,
				fmt.Sprintf("%q in %s: %s", s.ValueString(), req.Path, fault))
		}
	}
}
