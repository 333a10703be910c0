package scope

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// NewRequiredScopesFunction returns the function required_scopes.
func NewRequiredScopesFunction() function.Function {
	return base.NewFunction("required_scopes", requiredScopesDefinition(), requiredScopes)
}

func requiredScopesDefinition() function.Definition {
	return function.Definition{
		Summary: "Returns the scopes that an app key needs to call API methods",
		MarkdownDescription: "Returns the least set of scopes that lets an app-specific key call all of the given methods, including what " +
			"these scopes depend on. " +
			"It sends no request: the provider ships Clarifai's [catalog of " +
			"methods](https://github.com/clarifai/terraform-provider-clarifai/blob/main/internal/scope/methods.txt) and scopes.\n\n" +
			"A method that the catalog does not have, and one that refuses app-specific keys, is an error. For a method that Clarifai added " +
			"after this version " +
			"of the provider was released, take the scopes from Clarifai's documentation and pass them to [`expand_scopes`](expand_scopes.md). " +
			"An empty set of methods needs no scopes." + resultMayGrow,
		Parameters: []function.Parameter{
			function.SetParameter{
				Name: "methods", CustomType: SetType{Kind: Endpoints}, ElementType: types.StringType,
				MarkdownDescription: "Methods of Clarifai's gRPC API, with or without the prefix `" + clarifai.EndpointPrefix +
					"`: `PostModelOutputs`, or " +
					"an endpoint as in `endpoints` of `clarifai_app_key`.",
			},
		},
		Return: function.SetReturn{CustomType: SetType{}, ElementType: types.StringType},
	}
}

// resultMayGrow says what an upgrade of the provider can do to the result of a function.
const resultMayGrow = "\n\nThe result is in the spelling with a colon (`Inputs:Get`). It may differ between versions " +
	"of the provider, because Clarifai's catalog grows. A change of `scopes` replaces a key, and the plan shows it."

func requiredScopes(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	if methods, ok := namesArgument(ctx, req, resp, methodProblem); ok {
		resp.Error = resp.Result.Set(ctx, NewSet(Closure(MethodScopes(methods))))
	}
}

// namesArgument returns the strings of the only argument, a set. It reports false if there is an error, as there is
// for each name that has a problem, or if the result is unknown because an element is.
func namesArgument(
	ctx context.Context, req function.RunRequest, resp *function.RunResponse, problem func(name string) string,
) (names []string, ok bool) {
	var set SetValue
	if resp.Error = req.Arguments.Get(ctx, &set); resp.Error != nil {
		return nil, false
	}
	if set.HasUnknown() {
		resp.Error = resp.Result.Set(ctx, NewSetUnknown())
		return nil, false
	}
	var problems []string
	for _, name := range set.Strings() {
		if text := problem(name); text != "" {
			problems = append(problems, text)
		}
	}
	if len(problems) > 0 {
		resp.Error = argumentError(0, strings.Join(problems, "\n"))
	}
	return set.Strings(), len(problems) == 0
}

// methodProblem returns why an app-specific key cannot call a method of this name and what to do, or "".
func methodProblem(name string) string {
	m, ok := LookupMethod(name)
	trimmed := strings.TrimSpace(name)
	switch {
	case ok && m.Auth.AllowsAppKey():
		return ""
	case ok:
		return fmt.Sprintf("%s refuses app-specific keys, whatever their scopes: call it with a personal access token, and remove it from "+
			"the methods.", m.Name)
	case trimmed != "" && trimmed != name:
		return fmt.Sprintf("The method %q has spaces around it; write %q.", name, trimmed)
	case trimmed == "" || strings.ContainsAny(name, "/. ") && !ValidEndpoint(name):
		return fmt.Sprintf("The method %q has an unknown form; write the name of a gRPC method, such as \"PostModelOutputs\".", name)
	}
	return fmt.Sprintf("This version of the provider does not know the method %q%s. For a method that is newer, write its scopes "+
		"instead.", name, suggestMethods(name))
}

// MethodScopes returns the scopes that Clarifai publishes for the named methods, sorted, without what these depend
// on. It ignores names that the catalog does not have.
func MethodScopes(methods []string) []string {
	var needed []string
	for _, name := range methods {
		m, _ := LookupMethod(name)
		needed = append(needed, m.Scopes...)
	}
	slices.Sort(needed)
	return slices.Compact(needed)
}

// NewExpandScopesFunction returns the function expand_scopes.
func NewExpandScopesFunction() function.Function {
	return base.NewFunction("expand_scopes", expandScopesDefinition(), expandScopes)
}

func expandScopesDefinition() function.Definition {
	return function.Definition{
		Summary: "Returns scopes and everything they depend on",
		MarkdownDescription: "Returns a set of scopes plus everything that they depend on: `Inputs:Add` gives " +
			"`Inputs:Add` and `Inputs:Get`. `All` stays `All`. It sends no request: the provider ships Clarifai's " +
			"catalog of scopes.\n\nA scope such as `Inputs:Get` that the catalog does not have is returned as it " +
			"is, because Clarifai adds scopes faster than providers are released. A function cannot warn about a " +
			"misspelled one; `clarifai_app_key` does, in every plan that creates a key with it. Anything else is an " +
			"error." + resultMayGrow,
		Parameters: []function.Parameter{
			function.SetParameter{
				Name: "scopes", CustomType: SetType{}, ElementType: types.StringType,
				MarkdownDescription: "Scopes, in either spelling: `Inputs:Get` or `Inputs_Get`.",
			},
		},
		Return: function.SetReturn{CustomType: SetType{}, ElementType: types.StringType},
	}
}

func expandScopes(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	scopes, ok := namesArgument(ctx, req, resp, func(name string) string {
		problem := scopeProblem(name)
		if _, known := Lookup(name); !known && problem == "" && !strings.ContainsAny(name, ":_") {
			problem = "It has no verb, as in \"Inputs:Get\"" + suggestScope(name) + "."
		}
		if problem, ok := strings.CutPrefix(problem, "It "); ok {
			return fmt.Sprintf("The scope %q %s", name, problem)
		}
		return ""
	})
	if ok {
		resp.Error = resp.Result.Set(ctx, NewSet(Closure(scopes)))
	}
}
