package scope

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// This file has the validators and plan modifiers of the attributes that hold scopes and endpoints.

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
// catalog, which most likely nothing has.
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
	switch i := strings.IndexFunc(trimmed, isSeparator); {
	case trimmed == "":
		return "It is empty. Remove it, or name a scope such as \"Inputs:Get\"."
	case i >= 0:
		return fmt.Sprintf("It contains %q. Use one element per scope.", []rune(trimmed[i:])[0])
	case trimmed != s:
		return fmt.Sprintf("It has spaces around it. Write %q.", trimmed)
	}
	return ""
}

// isSeparator reports whether no scope contains the character.
func isSeparator(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == ',' || r == ';'
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

// ValidEndpoint reports whether s has the form /clarifai.api.V2/Method. The catalog need not know the method.
func ValidEndpoint(s string) bool {
	method, ok := strings.CutPrefix(s, clarifai.EndpointPrefix)
	return ok && capitalized(method)
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
	case capitalized(lastWord):
		return fmt.Sprintf("It does not start with %s. Write %q.", clarifai.EndpointPrefix, clarifai.EndpointPrefix+lastWord)
	default:
		return fmt.Sprintf("It does not start with %s. Write %[1]sMethod, such as %s.", clarifai.EndpointPrefix, example)
	}
}

// setModifier is a plan modifier of a set.
type setModifier struct {
	text   string
	modify func(context.Context, planmodifier.SetRequest, *planmodifier.SetResponse)
}

func (m setModifier) Description(context.Context) string { return m.text }

func (m setModifier) MarkdownDescription(context.Context) string { return m.text }

func (m setModifier) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	m.modify(ctx, req, resp)
}

// KeepEquivalent returns a plan modifier that plans the prior value if it is the configured set in the other
// spelling. Nothing else is equivalent here: a scope that the configuration no longer has is to be taken away, even
// if the remaining ones depend on it. Terraform accepts a planned value that differs from the configuration if it is
// the prior value and neither is null.
func KeepEquivalent() planmodifier.Set {
	return setModifier{"Keeps the prior value if it is the configured set in another spelling.", keepEquivalent}
}

func keepEquivalent(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	want, prior := setOf(ctx, req.ConfigValue, &resp.Diagnostics), setOf(ctx, req.StateValue, &resp.Diagnostics)
	if want.isWhole() && prior.isWhole() && slices.Equal(canonical(want.elems), canonical(prior.elems)) {
		resp.PlanValue = req.StateValue
	}
}

// canonical returns the scopes in the colon spelling, sorted and without duplicates.
func canonical(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = Canonical(name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// RequiresReplace returns a plan modifier that replaces the resource if the planned set differs from the prior
// one; null and empty do not differ. Unlike the framework's modifier of the same name, it runs in linear time.
// List it after KeepEquivalent.
func RequiresReplace() planmodifier.Set {
	return setModifier{"If the value of this attribute changes, Terraform destroys and recreates the resource.", requiresReplace}
}

func requiresReplace(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	plan, state := setOf(ctx, req.PlanValue, &resp.Diagnostics), setOf(ctx, req.StateValue, &resp.Diagnostics)
	resp.RequiresReplace = !resp.Diagnostics.HasError() && !plan.Equal(state) && !(plan.IsEmpty() && state.IsEmpty())
}

// setOf returns a set as the framework passes it to plan modifiers.
func setOf(ctx context.Context, in basetypes.SetValue, diags *diag.Diagnostics) SetValue {
	v, more := SetType{}.ValueFromSet(ctx, in)
	diags.Append(more...)
	set, _ := v.(SetValue)
	return set
}
