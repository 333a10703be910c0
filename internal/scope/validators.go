package scope

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// elementValidator adds an error for each element that has a problem.
type elementValidator struct {
	kind        string // of the elements
	description string
	// problem returns what is wrong with an element and how to fix it, or "".
	problem func(string) string
}

// ScopeNames returns a validator that rejects scopes that are empty or contain spaces, separators or control
// characters. It accepts unknown scopes: see Warnings.
func ScopeNames() validator.Set {
	return elementValidator{"scope", "scopes must not be empty or contain spaces", scopeProblem}
}

// EndpointNames returns a validator that rejects endpoints without the form /clarifai.api.V2/Method. It accepts
// unknown methods: see EndpointWarnings.
func EndpointNames() validator.Set {
	return elementValidator{"endpoint", "endpoints must have the form " + clarifai.EndpointPrefix + "Method", endpointProblem}
}

// KnownScope returns a validator of the name of one scope to look for. It warns about one that is not in the
// catalogue, which most likely nothing has.
func KnownScope() validator.String {
	return base.StringValidator{
		Accepts: "value should be a scope such as \"Inputs:Get\"",
		Check: func(at path.Path, name string, diags *diag.Diagnostics) {
			if problem := scopeProblem(name); problem != "" {
				diags.AddAttributeError(at, "Invalid scope", problem)
			} else if _, known := Lookup(Canonical(name)); !known {
				diags.AddAttributeWarning(at, "Unknown scope", fmt.Sprintf("This version of the provider does not know the scope %q%s. "+
					"No key is listed unless Clarifai shows one with exactly that scope: correct the name, or go on if the scope is newer than the "+
					"provider.", name, suggestScope(name)))
			}
		},
	}
}

// scopeProblem returns what is wrong with the form of a scope and how to fix it, or "" if nothing is.
func scopeProblem(s string) string {
	trimmed := strings.TrimSpace(s)
	switch {
	case trimmed == "":
		return "It is empty. Remove it, or name a scope such as \"Inputs:Get\"."
	case separator(trimmed) != "":
		return "It contains " + separator(trimmed) + ". Use one element per scope."
	case trimmed != s:
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	}
	return ""
}

// separator names the first character that no scope contains, or returns "".
func separator(s string) string {
	switch i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == ',' || r == ';' }); {
	case i < 0:
		return ""
	case s[i] == ',':
		return "a comma"
	case s[i] == ';':
		return "a semicolon"
	case s[i] < ' ' && !unicode.IsSpace(rune(s[i])):
		return "a control character"
	}
	return "a space"
}

func (v elementValidator) Description(context.Context) string { return v.description }

func (v elementValidator) MarkdownDescription(context.Context) string { return v.description }

// ValidateSet checks each known element.
func (v elementValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, elem := range req.ConfigValue.Elements() {
		s, ok := elem.(basetypes.StringValue)
		if !ok || s.IsNull() || s.IsUnknown() {
			continue
		}
		if problem := v.problem(s.ValueString()); problem != "" {
			subject := strings.ToUpper(v.kind[:1]) + v.kind[1:] + " " + strconv.Quote(s.ValueString())
			detail := subject + ": " + problem
			if predicate, ok := strings.CutPrefix(problem, "It "); ok {
				detail = subject + " " + predicate
			}
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(s), "Invalid "+v.kind, detail)
		}
	}
}

// ValidEndpoint reports whether s has the form /clarifai.api.V2/Method. The catalogue need not know the method.
func ValidEndpoint(s string) bool {
	method, ok := strings.CutPrefix(s, clarifai.EndpointPrefix)
	return ok && capitalised(method)
}

// endpointProblem returns what is wrong with the form of an endpoint and how to fix it, or "" if nothing is.
func endpointProblem(s string) string {
	const example = "\"" + clarifai.EndpointPrefix + "PostModelOutputs\""
	trimmed := strings.TrimSpace(s)
	method, ok := strings.CutPrefix(s, clarifai.EndpointPrefix)
	lastWord := s[strings.LastIndexAny(s, "/.")+1:]
	switch {
	case ValidEndpoint(s):
		return ""
	case trimmed == "":
		return "It is empty. Remove it, or name a method such as " + example + "."
	case ValidEndpoint(trimmed):
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	case ok && method == "":
		return "The method is missing. Add one after the last slash, such as " + example + "."
	case ok:
		return fmt.Sprintf("%q is not a method name: method names start with a capital letter and contain only letters and digits. "+
			"Write %sMethod, such as %s.", method, clarifai.EndpointPrefix, example)
	case strings.HasPrefix(s, "/v2/") || strings.HasPrefix(s, "http"):
		return "It is a REST path, but the endpoints of a key are gRPC methods. Write, for example, " + example + "."
	case capitalised(lastWord):
		return fmt.Sprintf("It does not start with %s. Write %q.", clarifai.EndpointPrefix, clarifai.EndpointPrefix+lastWord)
	default:
		return fmt.Sprintf("It does not start with %s. Write %[1]sMethod, such as %s.", clarifai.EndpointPrefix, example)
	}
}
