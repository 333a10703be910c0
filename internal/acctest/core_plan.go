package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is what a plan does to a resource.
type Action string

// The actions of a plan.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
)

// Plan is a saved plan for one resource.
type Plan struct {
	Action Action
	Prior  *Stored // after the refresh
	Said   Said

	config, planned *tfprotov6.DynamicValue
	private         []byte
	identity        *tfprotov6.ResourceIdentityData
}

// Plan refreshes a resource and plans for it. Without success, Said holds an error.
func (p *Process) Plan(s *Stored, config map[string]any) *Plan {
	p.t.Helper()
	prior, said := p.Refresh(s)
	if said.Failed() {
		return &Plan{Said: said, Prior: s}
	}
	plan := p.PlanOnly(prior, config)
	plan.Said = append(said, plan.Said...)
	return plan
}

// PlanOnly plans without a refresh.
func (p *Process) PlanOnly(prior *Stored, config map[string]any) *Plan {
	p.t.Helper()
	return p.plan(prior, Object(p.t, p.typeOf(prior.Type), config))
}

func (p *Process) plan(prior *Stored, config *tfprotov6.DynamicValue) *Plan {
	p.t.Helper()
	ctx := p.t.Context()
	valid, err := p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: prior.Type, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	plan := &Plan{Prior: prior, Said: valid.Diagnostics, config: config}
	if plan.Said.Failed() {
		return plan
	}
	resp := p.planChange(prior, config)
	plan.Said = append(plan.Said, resp.Diagnostics...)
	if plan.Said.Failed() {
		return plan
	}
	plan.planned, plan.private, plan.identity = resp.PlannedState, resp.PlannedPrivate, resp.PlannedIdentity
	p.checkPlan(prior, config, plan.planned)
	switch {
	case !prior.Exists():
		plan.Action = Create
	case len(resp.RequiresReplace) > 0:
		plan.Action = Replace
	case p.isSame(prior.Type, prior.state, plan.planned):
		plan.Action = NoOp
	default:
		plan.Action = Update
	}
	return plan
}

func (p *Process) planChange(prior *Stored, config *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	resp, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.Type, PriorState: p.orNull(prior), ProposedNewState: p.proposed(prior, config), Config: config,
		PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp
}

func (p *Process) orNull(s *Stored) *tfprotov6.DynamicValue {
	if s.state != nil {
		return s.state
	}
	return p.value(s.Type, nil)
}

// proposed merges configuration and prior state as core does for attributes without
// nesting.
func (p *Process) proposed(prior *Stored, config *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	p.t.Helper()
	merged, before := p.attributes(config, prior.Type), p.attributes(prior.state, prior.Type)
	for _, a := range p.schemas.ResourceSchemas[prior.Type].Block.Attributes {
		switch {
		case !merged[a.Name].IsNull() || !a.Computed:
		case before == nil:
			merged[a.Name] = tftypes.NewValue(a.Type, tftypes.UnknownValue)
		default:
			merged[a.Name] = before[a.Name]
		}
	}
	return p.value(prior.Type, merged)
}

// checkPlan fails the test where core reports an invalid plan.
func (p *Process) checkPlan(prior *Stored, config, planned *tfprotov6.DynamicValue) {
	p.t.Helper()
	want, before, got := p.attributes(config, prior.Type), p.attributes(prior.state, prior.Type), p.attributes(planned, prior.Type)
	for _, a := range p.schemas.ResourceSchemas[prior.Type].Block.Attributes {
		c, g := want[a.Name], got[a.Name]
		switch {
		case c.IsNull() && a.Computed, g.Equal(c), !c.IsNull() && before != nil && g.Equal(before[a.Name]):
		default:
			p.t.Errorf("invalid plan: %s is neither configured nor prior", a.Name)
		}
	}
}

// isSame reports whether two objects are equal.
func (p *Process) isSame(resourceType string, a, b *tfprotov6.DynamicValue) bool {
	p.t.Helper()
	if bytes.Equal(a.MsgPack, b.MsgPack) {
		return true
	}
	x, y := p.attributes(a, resourceType), p.attributes(b, resourceType)
	for name := range x {
		if !x[name].Equal(y[name]) {
			return false
		}
	}
	return true
}

// Unknowns returns which attributes the plan leaves unknown.
func (p *Process) Unknowns(plan *Plan) map[string]bool {
	p.t.Helper()
	unknown := map[string]bool{}
	for name, v := range p.attributes(plan.planned, plan.Prior.Type) {
		if !v.IsFullyKnown() {
			unknown[name] = true
		}
	}
	return unknown
}

// Planned returns the planned attributes that are strings and not null.
func (p *Process) Planned(plan *Plan) map[string]string {
	p.t.Helper()
	texts := map[string]string{}
	for name, v := range p.attributes(plan.planned, plan.Prior.Type) {
		var s string
		if v.Type().Is(tftypes.String) && v.IsKnown() && !v.IsNull() && v.As(&s) == nil {
			texts[name] = s
		}
	}
	return texts
}

// PlannedStrings returns the elements that the plan gives an attribute that is a set of
// strings; Unknown if they are not known.
func (p *Process) PlannedStrings(plan *Plan, attribute string) any {
	p.t.Helper()
	if p.Unknowns(plan)[attribute] {
		return Unknown
	}
	return p.Strings(&Stored{Type: plan.Prior.Type, state: plan.planned}, attribute)
}

// Apply applies a plan that another process has made: it plans again and checks that
// the result is the same, as core does, then applies, and checks the outcome. Config
// is the configuration with what was unknown at plan; nil: the plan's own. It returns
// what the state holds then.
func (p *Process) Apply(plan *Plan, config map[string]any) (*Stored, Said) {
	p.t.Helper()
	typ := plan.Prior.Type
	if plan.Action == NoOp {
		return plan.Prior, nil
	}
	final := plan.config
	if config != nil {
		final = Object(p.t, p.typeOf(typ), config)
	}
	prior := plan.Prior
	if plan.Action == Replace {
		var said Said
		if prior, said = p.Destroy(prior); said.Failed() {
			return prior, said
		}
		plan = p.plan(prior, final)
	}
	again := p.plan(prior, final)
	if again.Said.Failed() {
		return prior, again.Said
	}
	if again.Action == NoOp && plan.Action == Update {
		return prior, again.Said
	}
	if again.Action != plan.Action {
		p.t.Errorf("inconsistent final plan: the action was %s and is %s", plan.Action, again.Action)
	}
	p.checkKept("inconsistent final plan", typ, plan.planned, again.planned)
	resp, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typ, PriorState: p.orNull(prior), PlannedState: again.planned, Config: final,
		PlannedPrivate: again.private, PlannedIdentity: again.identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	said := Said(resp.Diagnostics)
	got := &Stored{Type: typ, state: resp.NewState, private: resp.Private, identity: resp.NewIdentity}
	if p.attributes(got.state, typ) == nil {
		got.state = nil
	}
	if !said.Failed() {
		p.checkKept("inconsistent result", typ, again.planned, got.state)
		for name, v := range p.attributes(got.state, typ) {
			if !v.IsFullyKnown() {
				p.t.Errorf("inconsistent result: %s is unknown", name)
			}
		}
	}
	return got, append(again.Said, said...)
}

// checkKept fails the test if a known value of the first object differs in the second.
func (p *Process) checkKept(what, resourceType string, first, second *tfprotov6.DynamicValue) {
	p.t.Helper()
	x, y := p.attributes(first, resourceType), p.attributes(second, resourceType)
	for name := range x {
		if x[name].IsFullyKnown() && !x[name].Equal(y[name]) {
			p.t.Errorf("%s: %s", what, name)
		}
	}
}

// Destroy destroys a resource.
func (p *Process) Destroy(s *Stored) (*Stored, Said) {
	p.t.Helper()
	null := p.value(s.Type, nil)
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.Type, PriorState: s.state, ProposedNewState: null, Config: null, PriorPrivate: s.private, PriorIdentity: s.identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if said := Said(planned.Diagnostics); said.Failed() {
		return s, said
	}
	resp, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.Type, PriorState: s.state, PlannedState: null, Config: null, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if said := Said(resp.Diagnostics); said.Failed() {
		return &Stored{Type: s.Type, state: resp.NewState, private: resp.Private, identity: resp.NewIdentity}, said
	}
	return &Stored{Type: s.Type}, resp.Diagnostics
}

// jsonOf returns a value as a state file holds it.
func jsonOf(t testing.TB, v tftypes.Value) []byte {
	t.Helper()
	b, err := json.Marshal(plain(t, v))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func plain(t testing.TB, v tftypes.Value) any {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	var (
		s        string
		b        bool
		elements []tftypes.Value
		fields   map[string]tftypes.Value
	)
	switch {
	case v.As(&s) == nil:
		return s
	case v.As(&b) == nil:
		return b
	case v.As(&elements) == nil:
		list := []any{}
		for _, e := range elements {
			list = append(list, plain(t, e))
		}
		return list
	case v.As(&fields) == nil:
		object := map[string]any{}
		for name, f := range fields {
			object[name] = plain(t, f)
		}
		return object
	}
	t.Fatalf("a value of the type %s", v.Type())
	return nil
}

// Nightly returns what a plan asks the provider about a resource that is unchanged: to
// upgrade its state, to validate its configuration, to read it and to plan for it. It
// reports whether nothing differs.
func (p *Process) Nightly(s *Stored, config map[string]any) func() bool {
	p.t.Helper()
	given := Object(p.t, p.typeOf(s.Type), config)
	state, err := s.state.Unmarshal(p.typeOf(s.Type))
	if err != nil {
		p.t.Fatal(err)
	}
	raw := &tfprotov6.RawState{JSON: jsonOf(p.t, state)}
	upgrade := &tfprotov6.UpgradeResourceStateRequest{TypeName: s.Type, RawState: raw}
	read := &tfprotov6.ReadResourceRequest{TypeName: s.Type, CurrentState: s.state, Private: s.private, CurrentIdentity: s.identity}
	plan := &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.Type, PriorState: s.state, ProposedNewState: s.state, Config: given, PriorPrivate: s.private, PriorIdentity: s.identity,
	}
	validate := &tfprotov6.ValidateResourceConfigRequest{TypeName: s.Type, Config: given}
	ctx := p.t.Context()
	return func() bool {
		_, err1 := p.server.UpgradeResourceState(ctx, upgrade)
		_, err2 := p.server.ValidateResourceConfig(ctx, validate)
		got, err3 := p.server.ReadResource(ctx, read)
		planned, err4 := p.server.PlanResourceChange(ctx, plan)
		return errors.Join(err1, err2, err3, err4) == nil && bytes.Equal(got.NewState.MsgPack, s.state.MsgPack) && bytes.Equal(planned.PlannedState.MsgPack, s.state.MsgPack)
	}
}
