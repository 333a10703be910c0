package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Managed is a managed resource that a test drives as Terraform does, one call
// after the other: for what would take too many runs of the CLI.
type Managed struct {
	process *Process
	stored  *Stored
}

// NewManaged returns a resource of that type, which does not exist yet.
func NewManaged(t testing.TB, server tfprotov6.ProviderServer, typeName string) *Managed {
	t.Helper()
	return &Managed{process: NewProcess(t, server), stored: &Stored{Type: typeName}}
}

// Exists reports whether the state holds the resource.
func (m *Managed) Exists() bool { return m.stored.Exists() }

// In returns the resource, as its state is, in another run of the provider.
func (m *Managed) In(server tfprotov6.ProviderServer) *Managed {
	return &Managed{process: NewProcess(m.process.t, server), stored: m.stored}
}

// hold takes what a call has left, and returns the errors that it said.
func (m *Managed) hold(stored *Stored, said Said) error {
	m.stored = stored
	return said.Err()
}

// Read refreshes the state.
func (m *Managed) Read() error {
	m.process.t.Helper()
	return m.hold(m.process.Refresh(m.stored))
}

// Apply plans and applies a configuration with these attributes, which must not
// require a replacement.
func (m *Managed) Apply(fields map[string]any) error {
	m.process.t.Helper()
	plan := m.process.PlanOnly(m.stored, fields)
	switch {
	case plan.Said.Failed():
		return plan.Said.Err()
	case plan.Action == Replace:
		return fmt.Errorf("the plan replaces the %s", m.stored.Type)
	}
	return m.hold(m.process.Apply(plan, nil))
}

// Delete carries out a destruction that another process has planned, as core does
// in an apply.
func (m *Managed) Delete() error {
	m.process.t.Helper()
	return m.hold(m.process.destroyPlanned(m.stored, m.stored.private))
}

// Destroy plans and applies the destruction.
func (m *Managed) Destroy() error {
	m.process.t.Helper()
	return m.hold(m.process.Destroy(m.stored))
}
