package acctest

import (
	"bytes"
	"errors"

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
	Destroy Action = "destroy"
)

// Plan is a saved plan for one resource.
type Plan struct {
	Action Action
	Prior  *Stored // after the refresh
	Said   Said

	wanted          map[string]any // what an estate wants, with its references
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

// PlanOnly plans without a refresh. A replacement is planned in two calls, as core does:
// the second one creates.
func (p *Process) PlanOnly(prior *Stored, config map[string]any) *Plan {
	p.t.Helper()
	return p.plan(prior, Object(p.t, p.typeOf(prior.Type), config))
}

func (p *Process) plan(prior *Stored, config *tfprotov6.DynamicValue) *Plan {
	p.t.Helper()
	ctx := p.t.Context()
	valid := must(p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: prior.Type, Config: config}))(p.t)
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
		created := p.planChange(&Stored{Type: prior.Type, private: plan.private}, config)
		if Said(created.Diagnostics).Failed() { // warnings are those of the first call
			plan.Said = append(plan.Said, created.Diagnostics...)
			return plan
		}
		plan.planned = created.PlannedState
	case p.isSame(prior.Type, prior.state, plan.planned):
		plan.Action = NoOp
	default:
		plan.Action = Update
	}
	return plan
}

func (p *Process) planChange(prior *Stored, config *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	resp := must(p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.Type, PriorState: p.orNull(prior), ProposedNewState: p.proposed(prior, config), Config: config,
		PriorPrivate: prior.private, PriorIdentity: prior.identity,
	}))(p.t)
	return resp
}

func (p *Process) orNull(s *Stored) *tfprotov6.DynamicValue {
	if s.state != nil {
		return s.state
	}
	return p.value(s.Type, nil)
}

// proposed returns the state that core proposes: the configuration, and the prior value
// of what is computed and not configured, which is unknown for a new resource.
func (p *Process) proposed(prior *Stored, config *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	p.t.Helper()
	merged, before := p.attributes(config, prior.Type), p.attributes(prior.state, prior.Type)
	merge(p.schemas.ResourceSchemas[prior.Type].Block.Attributes, merged, before)
	return p.value(prior.Type, merged)
}

func merge(schema []*tfprotov6.SchemaAttribute, configured, prior map[string]tftypes.Value) {
	for _, a := range schema {
		value := configured[a.Name]
		var inner, innerPrior map[string]tftypes.Value
		switch {
		case value.IsNull() && a.Computed && prior == nil:
			configured[a.Name] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
		case value.IsNull() && a.Computed:
			configured[a.Name] = prior[a.Name]
		case a.NestedType != nil && value.IsKnown() && value.As(&inner) == nil && inner != nil:
			if prior != nil && prior[a.Name].IsKnown() {
				_ = prior[a.Name].As(&innerPrior) // a list has nothing to merge
			}
			merge(a.NestedType.Attributes, inner, innerPrior)
			configured[a.Name] = tftypes.NewValue(value.Type(), inner)
		}
	}
}

// checkPlan fails the test where core reports an invalid plan.
func (p *Process) checkPlan(prior *Stored, config, planned *tfprotov6.DynamicValue) {
	p.t.Helper()
	want, before, got := p.attributes(config, prior.Type), p.attributes(prior.state, prior.Type), p.attributes(planned, prior.Type)
	for _, name := range invented(p.schemas.ResourceSchemas[prior.Type].Block.Attributes, want, before, got) {
		p.t.Errorf("invalid plan: %s is neither configured nor prior", name)
	}
}

// invented returns the attributes for which a plan has a value that is neither
// configured nor prior, nor the provider's to compute.
func invented(schema []*tfprotov6.SchemaAttribute, want, before, got map[string]tftypes.Value) (names []string) {
	for _, a := range schema {
		var inner, innerBefore, innerGot map[string]tftypes.Value
		c, b, g := want[a.Name], before[a.Name], got[a.Name]
		switch {
		case c.IsNull() && a.Computed, g.Equal(c), !c.IsNull() && before != nil && g.Equal(b):
		case a.NestedType != nil && c.As(&inner) == nil && inner != nil && g.As(&innerGot) == nil:
			if before != nil {
				_ = b.As(&innerBefore) // nil if it is null
			}
			names = append(names, invented(a.NestedType.Attributes, inner, innerBefore, innerGot)...)
		default:
			names = append(names, a.Name)
		}
	}
	return names
}

// isSame reports whether two objects are equal.
func (p *Process) isSame(resourceType string, a, b *tfprotov6.DynamicValue) bool {
	p.t.Helper()
	return bytes.Equal(a.MsgPack, b.MsgPack) || len(p.changed(resourceType, a, b)) == 0
}

// changed returns the attributes in which two objects differ.
func (p *Process) changed(resourceType string, a, b *tfprotov6.DynamicValue) (names []string) {
	p.t.Helper()
	x, y := p.attributes(a, resourceType), p.attributes(b, resourceType)
	for name := range x {
		if !x[name].Equal(y[name]) {
			names = append(names, name)
		}
	}
	return names
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

// Planned returns what the plan gives an attribute, in Go's types; Unknown if that is not
// known yet.
func (p *Process) Planned(plan *Plan, attribute string) any {
	p.t.Helper()
	return p.valueOf(plan.planned, Ref{plan.Prior.Type, attribute})
}

// Nightly returns what a plan asks the provider about a resource that is unchanged: to
// upgrade its state, to validate its configuration, to read it and to plan for it. It
// reports whether nothing differs.
func (p *Process) Nightly(s *Stored, config map[string]any) func() bool {
	p.t.Helper()
	given := Object(p.t, p.typeOf(s.Type), config)
	upgrade := &tfprotov6.UpgradeResourceStateRequest{TypeName: s.Type, RawState: p.raw(s)}
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
		return errors.Join(err1, err2, err3, err4) == nil &&
			bytes.Equal(got.NewState.MsgPack, s.state.MsgPack) && bytes.Equal(planned.PlannedState.MsgPack, s.state.MsgPack)
	}
}
