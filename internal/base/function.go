package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// NewFunction returns the provider's function of that name.
func NewFunction(name string, d function.Definition, run func(context.Context, function.RunRequest, *function.RunResponse)) function.Function {
	return namedFunction{name, d, run}
}

type namedFunction struct {
	name       string
	definition function.Definition
	run        func(context.Context, function.RunRequest, *function.RunResponse)
}

func (f namedFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f namedFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

func (f namedFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	f.run(ctx, req, resp)
}
