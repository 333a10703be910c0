package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// This file does at protocol level what terraform query does: it lists, generates
// configuration from the results, imports by identity and plans.

// Query is what Terraform asks a list resource for.
type Query struct {
	Type     string
	Config   map[string]any // nil: no config block
	Limit    int64
	Identity bool // ask for identities only
	Stop     int  // how many results to read; 0: all
}

// List returns the results of a query.
func List(t testing.TB, server tfprotov6.ProviderServer, q Query) []tfprotov6.ListResourceResult {
	t.Helper()
	lister, ok := server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatalf("%T lists nothing", server)
	}
	var config *tfprotov6.DynamicValue
	if q.Config != nil {
		config = Object(t, schemasOf(t, server).ListResourceSchemas[q.Type].ValueType(), q.Config)
	}
	stream := must(lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: q.Type, Config: config, Limit: q.Limit, IncludeResource: !q.Identity,
	}))(t)
	var results []tfprotov6.ListResourceResult
	for r := range stream.Results {
		results = append(results, r)
		if len(results) == q.Stop {
			break
		}
	}
	return results
}

// Shown returns the display names of results and, as "!severity summary: detail",
// their diagnostics.
func Shown(results []tfprotov6.ListResourceResult) (all []string) {
	for _, r := range results {
		if r.DisplayName != "" {
			all = append(all, r.DisplayName)
		}
		for _, d := range r.Diagnostics {
			all = append(all, fmt.Sprintf("!%s %s: %s", d.Severity, d.Summary, d.Detail))
		}
	}
	return all
}

// Adopt imports the resource of a result by its identity and plans it with the
// configuration that Terraform generates from the result. It returns an error unless the
// plan changes nothing and warns of nothing. The error shows no values.
func (p *Process) Adopt(resourceType string, r tfprotov6.ListResourceResult) error {
	p.t.Helper()
	config, err := p.generate(resourceType, r)
	if err != nil {
		return err
	}
	stored, said := p.importOf(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: r.Identity})
	if len(said) > 0 {
		return fmt.Errorf("importing: %s", said)
	}
	plan := p.planChange(stored, config)
	if said := Said(plan.Diagnostics); len(said) > 0 {
		return fmt.Errorf("planning: %s", said)
	}
	if changed := p.changed(resourceType, stored.state, plan.PlannedState); len(changed)+len(plan.RequiresReplace) > 0 {
		return fmt.Errorf("the plan changes %q and replaces for %v", changed, plan.RequiresReplace)
	}
	return nil
}

// generate returns the configuration that Terraform generates from a result. It
// has to be valid; warnings about scopes that somebody chose are not the list's.
func (p *Process) generate(resourceType string, r tfprotov6.ListResourceResult) (*tfprotov6.DynamicValue, error) {
	p.t.Helper()
	ctx := p.t.Context()
	req := &tfprotov6.GenerateResourceConfigRequest{TypeName: resourceType, State: r.Resource}
	generated := must(p.server.GenerateResourceConfig(ctx, req))(p.t)
	if said := Said(generated.Diagnostics); len(said) > 0 {
		return nil, fmt.Errorf("generating: %s", said)
	}
	check := &tfprotov6.ValidateResourceConfigRequest{TypeName: resourceType, Config: generated.Config}
	valid := must(p.server.ValidateResourceConfig(ctx, check))(p.t)
	return generated.Config, Said(valid.Diagnostics).Err()
}
