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

// elementValidator adds an error for each element that has a problem.
type elementValidator struct {
	summary     string
	description string
	// problem returns what is wrong with an element and how to fix it, or "".
	problem func(string) string
}

// ScopeNames returns a validator that rejects scopes that are empty or contain spaces, separators or control
// characters. It accepts unknown scopes: see Warnings.
func ScopeNames() validator.Set {
	return elementValidator{"Invalid scope", "scopes must not be empty or contain spaces", scopeProblem}
}

// EndpointNames returns a validator that rejects endpoints without the form /clarifai.api.V2/Method. It accepts
// unknown methods: see EndpointWarnings.
func EndpointNames() validator.Set {
	return elementValidator{"Invalid endpoint", "endpoints must have the form " + EndpointPrefix + "Method", endpointProblem}
}

// scopeProblem returns what is wrong with the form of a scope and how to fix it, or "" if nothing is.
func scopeProblem(s string) string {
	notInName := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	trimmed := strings.TrimSpace(s)
	switch {
	case trimmed == "":
		return "It is empty. Remove it, or name a scope such as \"Inputs:Get\"."
	case strings.ContainsFunc(trimmed, notInName) || strings.ContainsAny(trimmed, ",;"):
		return "It contains a space or separator. Write each scope as a separate element, such as [\"Inputs:Get\", \"Predict\"]."
	case trimmed != s:
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	}
	return ""
}

// Description says which elements are valid.
func (v elementValidator) Description(context.Context) string { return v.description }

// MarkdownDescription returns the same text as Description.
func (v elementValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateSet checks each known element.
func (v elementValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, elem := range req.ConfigValue.Elements() {
		s, ok := elem.(basetypes.StringValue)
		if !ok || s.IsNull() || s.IsUnknown() {
			continue
		}
		if problem := v.problem(s.ValueString()); problem != "" {
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(s), v.summary,
				fmt.Sprintf("%q in %s: %s", s.ValueString(), req.Path, problem))
		}
	}
}
