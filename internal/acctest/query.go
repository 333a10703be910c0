package acctest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file does at protocol level what terraform query does: it lists, generates
// configuration from the results, imports by identity and plans.

// Query is what Terraform asks a list resource for.
type Query struct {
	Type     string
	Config   map[string]any
	Limit    int64
	Identity bool // ask for identities only
	Stop     int  // how many results to read; 0: all
}

// List returns the results of a query.
func List(t *testing.T, server tfprotov6.ProviderServer, q Query) []tfprotov6.ListResourceResult {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	lister, ok := server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatalf("%T lists nothing", server)
	}
	config := Object(t, schemas.ListResourceSchemas[q.Type].ValueType(), q.Config)
	stream, err := lister.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: q.Type, Config: config, Limit: q.Limit, IncludeResource: !q.Identity,
	})
	if err != nil {
		t.Fatal(err)
	}
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

// Adopter imports what a query has listed, with the configuration that Terraform
// generates from a result.
type Adopter struct {
	Server tfprotov6.ProviderServer
	Type   string

	schema *tfprotov6.Schema
}

// NewAdopter returns an adopter of one type of resource.
func NewAdopter(t testing.TB, server tfprotov6.ProviderServer, resourceType string) Adopter {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return Adopter{Server: server, Type: resourceType, schema: schemas.ResourceSchemas[resourceType]}
}

// Adopt imports the resource of a result by its identity and plans it with the
// generated configuration. It returns an error unless the plan changes nothing and
// warns of nothing. The error shows no values.
func (a Adopter) Adopt(ctx context.Context, r tfprotov6.ListResourceResult) error {
	config, err := a.generate(ctx, r)
	if err != nil {
		return err
	}
	imported, err := a.Server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: a.Type, Identity: r.Identity})
	if err != nil {
		return err
	}
	if err := firstOf("importing", imported.Diagnostics); err != nil {
		return err
	}
	first := imported.ImportedResources[0]
	read, err := a.Server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: a.Type, CurrentState: first.State, Private: first.Private, CurrentIdentity: first.Identity,
	})
	if err != nil {
		return err
	}
	if err := firstOf("reading", read.Diagnostics); err != nil {
		return err
	}
	proposed, err := a.proposed(config, read.NewState)
	if err != nil {
		return err
	}
	plan, err := a.Server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: a.Type, Config: config, PriorState: read.NewState, ProposedNewState: proposed,
		PriorPrivate: read.Private, PriorIdentity: read.NewIdentity,
	})
	if err != nil {
		return err
	}
	if err := firstOf("planning", plan.Diagnostics); err != nil {
		return err
	}
	return a.unchanged(read.NewState, plan)
}

// generate returns the configuration that Terraform generates from a result. It
// has to be valid; warnings about scopes that somebody chose are not the list's.
func (a Adopter) generate(ctx context.Context, r tfprotov6.ListResourceResult) (*tfprotov6.DynamicValue, error) {
	generated, err := a.Server.GenerateResourceConfig(ctx, &tfprotov6.GenerateResourceConfigRequest{TypeName: a.Type, State: r.Resource})
	if err != nil {
		return nil, err
	}
	if err := firstOf("generating", generated.Diagnostics); err != nil {
		return nil, err
	}
	valid, err := a.Server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: a.Type, Config: generated.Config})
	if err != nil {
		return nil, err
	}
	problems := slices.DeleteFunc(valid.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityWarning })
	return generated.Config, firstOf("validating", problems)
}

// unchanged returns an error if a plan changes the state.
func (a Adopter) unchanged(state *tfprotov6.DynamicValue, plan *tfprotov6.PlanResourceChangeResponse) error {
	before, err := a.attributes(state)
	if err != nil {
		return err
	}
	after, err := a.attributes(plan.PlannedState)
	if err != nil {
		return err
	}
	var changed []string
	for name, value := range before {
		if !after[name].Equal(value) {
			changed = append(changed, name)
		}
	}
	if len(changed)+len(plan.RequiresReplace) > 0 {
		return fmt.Errorf("the plan changes %q and replaces for %v", changed, plan.RequiresReplace)
	}
	return nil
}

func (a Adopter) attributes(v *tfprotov6.DynamicValue) (map[string]tftypes.Value, error) {
	value, err := v.Unmarshal(a.schema.ValueType())
	if err != nil {
		return nil, err
	}
	attributes := map[string]tftypes.Value{}
	return attributes, value.As(&attributes)
}

// proposed returns the state that Terraform proposes: the configuration, and the
// prior value of what is computed and not configured.
func (a Adopter) proposed(config, prior *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	configured, err := a.attributes(config)
	if err != nil {
		return nil, err
	}
	known, err := a.attributes(prior)
	if err != nil {
		return nil, err
	}
	merge(a.schema.Block.Attributes, configured, known)
	proposed, err := tfprotov6.NewDynamicValue(a.schema.ValueType(), tftypes.NewValue(a.schema.ValueType(), configured))
	return &proposed, err
}

// merge fills what is computed and not configured from the prior values.
func merge(schema []*tfprotov6.SchemaAttribute, configured, prior map[string]tftypes.Value) {
	for _, attribute := range schema {
		name := attribute.Name
		value := configured[name]
		var inner, innerPrior map[string]tftypes.Value
		switch {
		case value.IsNull() && attribute.Computed:
			configured[name] = prior[name]
		case attribute.NestedType != nil && !value.IsNull() && value.As(&inner) == nil && prior[name].As(&innerPrior) == nil && innerPrior != nil:
			merge(attribute.NestedType.Attributes, inner, innerPrior)
			configured[name] = tftypes.NewValue(value.Type(), inner)
		}
	}
}

// firstOf returns the first diagnostic as an error.
func firstOf(doing string, diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		return fmt.Errorf("%s: %s: %s: %s", doing, d.Severity, d.Summary, d.Detail)
	}
	return nil
}
