package acctest

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// Apply applies a plan that another process has made: it plans again and checks that
// the result is the same, as core does, then applies, and checks the outcome. Config
// is the configuration with what was unknown at plan; nil: the plan's own. It returns
// what the state holds then.
func (p *Process) Apply(plan *Plan, config map[string]any) (*Stored, Said) {
	p.t.Helper()
	typ := plan.Prior.Type
	switch {
	case plan.Said.Failed():
		return plan.Prior, plan.Said
	case plan.Action == NoOp:
		return plan.Prior, nil
	case plan.Action == Destroy:
		return p.destroyPlanned(plan.Prior, plan.private)
	}
	final := plan.config
	if config != nil {
		final = Object(p.t, p.typeOf(typ), config)
	}
	prior := plan.Prior
	if plan.Action == Replace {
		var said Said
		if prior, said = p.destroyPlanned(prior, prior.private); said.Failed() {
			return prior, said
		}
		create := *plan
		create.Action, plan = Create, &create
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
	resp := must(p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typ, PriorState: p.orNull(prior), PlannedState: again.planned, Config: final,
		PlannedPrivate: again.private, PlannedIdentity: again.identity,
	}))(p.t)
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

// Destroy plans to destroy a resource, and does.
func (p *Process) Destroy(s *Stored) (*Stored, Said) {
	p.t.Helper()
	return p.Apply(p.PlanDestroy(s), nil)
}

// PlanDestroy plans to destroy a resource. Core does not plan that again at apply.
func (p *Process) PlanDestroy(s *Stored) *Plan {
	p.t.Helper()
	null := p.value(s.Type, nil)
	planned := must(p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.Type, PriorState: s.state, ProposedNewState: null, Config: null, PriorPrivate: s.private, PriorIdentity: s.identity,
	}))(p.t)
	return &Plan{Action: Destroy, Prior: s, Said: planned.Diagnostics, private: planned.PlannedPrivate}
}

func (p *Process) destroyPlanned(s *Stored, private []byte) (*Stored, Said) {
	p.t.Helper()
	null := p.value(s.Type, nil)
	resp := must(p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.Type, PriorState: s.state, PlannedState: null, Config: null, PlannedPrivate: private, PlannedIdentity: s.identity,
	}))(p.t)
	if said := Said(resp.Diagnostics); said.Failed() {
		return &Stored{Type: s.Type, state: resp.NewState, private: resp.Private, identity: resp.NewIdentity}, said
	}
	return &Stored{Type: s.Type}, resp.Diagnostics
}

// Load passes a resource on as the state file has it, which core does first.
func (p *Process) Load(s *Stored) {
	p.t.Helper()
	must(p.server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: s.Type, RawState: p.raw(s)}))(p.t)
}

// planOrphan refreshes a resource that is no longer wanted, and plans to destroy it.
func (p *Process) planOrphan(s *Stored) *Plan {
	p.t.Helper()
	prior, said := p.Refresh(s)
	plan := &Plan{Action: NoOp, Prior: prior, Said: said}
	if !said.Failed() && prior.Exists() {
		plan = p.PlanDestroy(prior)
		plan.Said = append(said, plan.Said...)
	}
	return plan
}

// jsonOf returns a value as a state file holds it.
func jsonOf(t testing.TB, v tftypes.Value) []byte {
	t.Helper()
	typ := must(ctyjson.UnmarshalType(must(json.Marshal(v.Type()))(t)))(t)
	encoded := must(tfprotov6.NewDynamicValue(v.Type(), v))(t)
	return must(ctyjson.Marshal(must(msgpack.Unmarshal(encoded.MsgPack, typ))(t), typ))(t)
}

// plain returns a value in Go's types.
func plain(t testing.TB, v tftypes.Value) (value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(jsonOf(t, v)))
	decoder.UseNumber()
	apitest.Must(t, decoder.Decode(&value))
	return value
}

// raw returns what a state file holds of a resource.
func (p *Process) raw(s *Stored) *tfprotov6.RawState {
	p.t.Helper()
	return &tfprotov6.RawState{JSON: jsonOf(p.t, must(s.state.Unmarshal(p.typeOf(s.Type)))(p.t))}
}
