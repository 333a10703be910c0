package acctest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// This file plays Terraform's core for single resources: it plans in one process and
// applies in another, where it plans again, and holds the provider to the rules that
// core holds it to. So a test can put days between the two, and years between runs.

// Process is one process of the provider.
type Process struct {
	t       testing.TB
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// Process starts the provider.
func (w *World) Process(t testing.TB) *Process {
	t.Helper()
	return NewProcess(t, w.Configured(t))
}

// NewProcess returns the process of a server that is configured.
func NewProcess(t testing.TB, server tfprotov6.ProviderServer) *Process {
	t.Helper()
	return &Process{t: t, server: server, schemas: schemasOf(t, server)}
}

func (p *Process) typeOf(resourceType string) tftypes.Type {
	return p.schemas.ResourceSchemas[resourceType].ValueType()
}

// Stored is what a state file holds of a resource. The zero value with a type is one
// that does not exist.
type Stored struct {
	Type string

	state    *tfprotov6.DynamicValue
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Exists reports whether the state holds the resource.
func (s *Stored) Exists() bool { return s.state != nil }

// Text returns all of it as a text in which a leak can be looked for.
func (s *Stored) Text() string {
	if s.state == nil {
		return string(s.private)
	}
	return string(s.state.MsgPack) + string(s.private)
}

// HoldsSame reports whether a state file would hold the same of two resources.
func (p *Process) HoldsSame(a, b *Stored) bool {
	p.t.Helper()
	if a.Exists() != b.Exists() {
		return false
	}
	return !a.Exists() || bytes.Equal(a.private, b.private) && p.isSame(a.Type, a.state, b.state) &&
		bytes.Equal(a.identity.IdentityData.MsgPack, b.identity.IdentityData.MsgPack)
}

// Edited returns a resource as a state file holds it that somebody, or another version,
// has written: with other attributes, and with a note in private state if it is named.
func (p *Process) Edited(s *Stored, change map[string]any, note string) *Stored {
	p.t.Helper()
	edited, attributes := *s, p.attributes(s.state, s.Type)
	for name, v := range change {
		attributes[name] = valueOf(attributes[name].Type(), v)
	}
	edited.state = p.value(s.Type, attributes)
	if note != "" {
		edited.private = []byte(`{"` + note + `":"dHJ1ZQ=="}`) // true
	}
	return &edited
}

// Texts returns the attributes that are strings and not null.
func (p *Process) Texts(s *Stored) map[string]string { return textsOf(p.attributes(s.state, s.Type)) }

// Values returns what all attributes hold, in Go's types.
func (p *Process) Values(s *Stored) map[string]any { return Values(p.t, p.attributes(s.state, s.Type)) }

// Strings returns the elements of an attribute that is a set of strings.
func (p *Process) Strings(s *Stored, attribute string) []string {
	p.t.Helper()
	return Strings(p.t, p.attributes(s.state, s.Type)[attribute])
}

// attributes returns those of an object; nil for a null one.
func (p *Process) attributes(v *tfprotov6.DynamicValue, resourceType string) map[string]tftypes.Value {
	p.t.Helper()
	if v == nil {
		return nil
	}
	object := must(v.Unmarshal(p.typeOf(resourceType)))(p.t)
	if object.IsNull() {
		return nil
	}
	return as[map[string]tftypes.Value](p.t, object)
}

// value returns an object with these attributes; a null one if they are nil.
func (p *Process) value(resourceType string, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	typ := p.typeOf(resourceType)
	object := tftypes.NewValue(typ, nil)
	if attributes != nil {
		object = tftypes.NewValue(typ, attributes)
	}
	v := must(tfprotov6.NewDynamicValue(typ, object))(p.t)
	return &v
}

// Said is what a provider said.
type Said []*tfprotov6.Diagnostic

// String returns all of it.
func (s Said) String() string {
	var b strings.Builder
	for _, d := range s {
		fmt.Fprintf(&b, "%s: %s: %s\n", d.Severity, d.Summary, d.Detail)
	}
	return b.String()
}

// Err returns the errors of it as one, or nil.
func (s Said) Err() error {
	var all []error
	for _, d := range s {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}

// Failed reports whether an error is part of it.
func (s Said) Failed() bool { return s.Err() != nil }

// Refresh returns what the state would hold after a refresh.
func (p *Process) Refresh(s *Stored) (*Stored, Said) {
	p.t.Helper()
	if !s.Exists() {
		return s, nil
	}
	resp := must(p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: s.Type, CurrentState: s.state, Private: s.private, CurrentIdentity: s.identity,
	}))(p.t)
	said := Said(resp.Diagnostics)
	if said.Failed() {
		return s, said
	}
	got := &Stored{Type: s.Type, state: resp.NewState, private: resp.Private, identity: resp.NewIdentity}
	if p.attributes(resp.NewState, s.Type) == nil {
		got.state, got.private, got.identity = nil, nil, nil
	}
	return got, said
}

// Import imports a resource by its ID and reads it.
func (p *Process) Import(resourceType, id string) (*Stored, Said) {
	p.t.Helper()
	return p.importOf(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, ID: id})
}

func (p *Process) importOf(req *tfprotov6.ImportResourceStateRequest) (*Stored, Said) {
	p.t.Helper()
	resp := must(p.server.ImportResourceState(p.t.Context(), req))(p.t)
	if said := Said(resp.Diagnostics); said.Failed() {
		return &Stored{Type: req.TypeName}, said
	}
	in := resp.ImportedResources[0]
	got, said := p.Refresh(&Stored{Type: req.TypeName, state: in.State, private: in.Private, identity: in.Identity})
	return got, append(resp.Diagnostics, said...)
}

// Move moves a resource to another type, as a moved block does.
func (p *Process) Move(s *Stored, resourceType string) (*Stored, Said) {
	p.t.Helper()
	resp := must(p.server.MoveResourceState(p.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/clarifai/clarifai", SourceTypeName: s.Type, TargetTypeName: resourceType,
		SourceState: p.raw(s), SourcePrivate: s.private,
	}))(p.t)
	if said := Said(resp.Diagnostics); said.Failed() {
		return s, said
	}
	return &Stored{Type: resourceType, state: resp.TargetState, private: resp.TargetPrivate, identity: resp.TargetIdentity}, resp.Diagnostics
}

// must returns the result of a call that must not fail.
func must[T any](result T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		apitest.Must(t, err)
		return result
	}
}
