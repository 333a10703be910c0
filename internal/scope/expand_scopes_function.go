package scope

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/base"
)

// NewExpandScopesFunction returns the function expand_scopes.
func NewExpandScopesFunction() function.Function {
	return base.NewFunction("expand_scopes", expandScopesDefinition(), expandScopes)
}

func expandScopesDefinition() function.Definition {
	return function.Definition{
		Summary: "Returns scopes and everything they depend on",
		MarkdownDescription: "Returns a set of scopes plus everything that they depend on: `Inputs:Add` gives `Inputs:Add` and " +
			"`Inputs:Get`. `All` stays `All`. " +
			"It sends no request: the provider ships Clarifai's catalogue of scopes.\n\n" +
			"A scope such as `Inputs:Get` that the catalogue does not have is returned as it is, because Clarifai adds scopes faster than " +
			"providers are released. " +
			"A function cannot warn about a misspelled one; `clarifai_app_key` does, in every plan that creates a key with it. Anything else " +
			"is an error." + resultMayGrow,
		Parameters: []function.Parameter{
			function.SetParameter{
				Name: "scopes", CustomType: SetType{}, ElementType: types.StringType,
				MarkdownDescription: "Scopes, in either spelling: `Inputs:Get` or `Inputs_Get`.",
			},
		},
		Return: function.SetReturn{CustomType: SetType{}, ElementType: types.StringType},
	}
}

// expandScopes adds the dependencies.
func expandScopes(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	scopes, ok := namesArgument(ctx, req, resp, func(name string) string {
		problem := scopeProblem(name)
		if _, known := Lookup(name); !known && problem == "" && !strings.ContainsAny(name, ":_") {
			problem = "It is in no catalogue and has no verb, as in \"Inputs:Get\"" + suggestScope(name) + "."
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
