package acctest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Managed is a managed resource that a test drives as Terraform does, one call
// after the other: for what would take too many runs of the CLI.
type Managed struct {
	server   tfprotov6.ProviderServer
	typeName string
	schema   *tfprotov6.Schema
	typ      tftypes.Type

	state   tftypes.Value // null: does not exist
	private []byte
}

// NewManaged returns a resource of that type, which does not exist yet.
func NewManaged(t *testing.T, server tfprotov6.ProviderServer, typeName string) *Managed {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	schema := schemas.ResourceSchemas[typeName]
	typ := schema.ValueType()
	return &Managed{server: server, typeName: typeName, schema: schema, typ: typ, state: tftypes.NewValue(typ, nil)}
}

// Exists reports whether the state holds the resource.
func (m *Managed) Exists() bool { return !m.state.IsNull() }

// In returns the resource, as its state is, in another run of the provider.
func (m *Managed) In(server tfprotov6.ProviderServer) *Managed {
	other := *m
	other.server = server
	return &other
}

// Read refreshes the state.
func (m *Managed) Read(ctx context.Context) error {
	state, err := tfprotov6.NewDynamicValue(m.typ, m.state)
	if err != nil {
		return err
	}
	resp, err := m.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: m.typeName, CurrentState: &state, Private: m.private})
	if err != nil {
		return err
	}
	if err := Failure(resp.Diagnostics); err != nil {
		return err
	}
	m.private = resp.Private
	m.state, err = resp.NewState.Unmarshal(m.typ)
	return err
}

// Apply plans and applies a configuration with these attributes, which must not
// require a replacement.
func (m *Managed) Apply(t *testing.T, fields map[string]any) error {
	t.Helper()
	config, err := Object(t, m.typ, fields).Unmarshal(m.typ)
	if err != nil {
		return err
	}
	proposed, err := m.proposed(config)
	if err != nil {
		return err
	}
	return m.change(t.Context(), config, proposed)
}

// Destroy plans and applies the destruction.
func (m *Managed) Destroy(ctx context.Context) error {
	none := tftypes.NewValue(m.typ, nil)
	return m.change(ctx, none, none)
}

// proposed returns the configuration with what it leaves to the provider taken from
// the state.
func (m *Managed) proposed(config tftypes.Value) (tftypes.Value, error) {
	if !m.Exists() {
		return config, nil
	}
	var prior, wanted map[string]tftypes.Value
	if err := errors.Join(m.state.As(&prior), config.As(&wanted)); err != nil {
		return config, err
	}
	for _, a := range m.schema.Block.Attributes {
		if a.Computed && wanted[a.Name].IsNull() {
			wanted[a.Name] = prior[a.Name]
		}
	}
	return tftypes.NewValue(m.typ, wanted), nil
}

func (m *Managed) change(ctx context.Context, config, proposed tftypes.Value) error {
	values := make([]*tfprotov6.DynamicValue, 3)
	for i, v := range []tftypes.Value{config, proposed, m.state} {
		value, err := tfprotov6.NewDynamicValue(m.typ, v)
		if err != nil {
			return err
		}
		values[i] = &value
	}
	plan, err := m.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: values[0], ProposedNewState: values[1], PriorState: values[2], PriorPrivate: m.private,
	})
	if err == nil {
		err = Failure(plan.Diagnostics)
	}
	if err != nil {
		return err
	}
	if len(plan.RequiresReplace) > 0 {
		return fmt.Errorf("the plan replaces the resource because of %v", plan.RequiresReplace)
	}
	done, err := m.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.typeName, Config: values[0], PlannedState: plan.PlannedState, PriorState: values[2], PlannedPrivate: plan.PlannedPrivate,
		PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		return err
	}
	if done.NewState != nil {
		if m.state, err = done.NewState.Unmarshal(m.typ); err != nil {
			return err
		}
		m.private = done.Private
	}
	return Failure(done.Diagnostics)
}

// Failure returns the errors among diagnostics as one, or nil.
func Failure(diagnostics []*tfprotov6.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}
