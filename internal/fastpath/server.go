// Package fastpath answers the calls of a plan that finds nothing changed, for
// kinds of resources of which there are thousands. The framework decodes,
// walks and compares every attribute of every resource several times for each
// call; most of a nightly plan over a large fleet is spent there. Whatever is
// not plainly unchanged goes on to the framework.
package fastpath

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Kind knows one type of resource. Each method may say false whenever it is in
// doubt: then the framework answers.
type Kind interface {
	// Unchanged tells whether a read would leave the state as it is.
	Unchanged(ctx context.Context, state Fields) bool
	// Steady tells whether a plan without a difference stays one: neither a
	// default of the schema nor the resource's ModifyPlan would change or say
	// anything. The configuration is decoded where it is asked for.
	Steady(state Fields, config func() (Fields, error)) bool
	// Verdict names what the validation of a configuration depends on. Equal
	// verdicts mean equal diagnostics.
	Verdict(config Fields) (string, bool)
	// Attributes are the names in the schema, whose version is 0.
	Attributes() []string
	// Identity are the attributes of the state that are the resource's identity.
	Identity() []string
	// Notes are names in private state that only the framework's read can heed.
	Notes() []string
}

// full is all that the framework's server serves.
type full interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

type server struct {
	full
	kinds map[string]Kind
	clean sync.Map // verdicts that the framework had nothing to say about
}

// Wrap puts shortcuts before the framework's server. Both get the context of each
// call on a leash, and their panics become errors without what redact takes out.
func Wrap(framework tfprotov6.ProviderServer, kinds map[string]Kind, redact func(string) string) tfprotov6.ProviderServer {
	f, ok := framework.(full)
	if !ok { // a framework that serves other things than this one knows
		return framework
	}
	return slim{&server{full: f, kinds: kinds}, redact}
}

// ReadResource answers with the state as it came where that is what the
// resource would read.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	kind, ok := s.kinds[req.TypeName]
	if !ok || noted(req.Private, kind.Notes()) {
		return s.full.ReadResource(ctx, req)
	}
	state, err := fieldsOf(req.CurrentState)
	if err != nil || state == nil || !kind.Unchanged(ctx, state) {
		return s.full.ReadResource(ctx, req)
	}
	identity := req.CurrentIdentity
	if identity == nil || isNull(identity.IdentityData) {
		if identity, err = identityOf(state, kind.Identity()); err != nil {
			return s.full.ReadResource(ctx, req)
		}
	}
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: identity}, nil
}

// PlanResourceChange answers with the prior state where nothing differs from it.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	kind, ok := s.kinds[req.TypeName]
	if !ok || req.PriorState == nil || req.ProposedNewState == nil || len(req.PriorState.MsgPack) == 0 ||
		!bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return s.full.PlanResourceChange(ctx, req)
	}
	state, err := fieldsOf(req.PriorState)
	config := func() (Fields, error) { return fieldsOf(req.Config) }
	if err != nil || state == nil || !kind.Steady(state, config) {
		return s.full.PlanResourceChange(ctx, req)
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}, nil
}

// ValidateResourceConfig asks the framework once for what many resources have
// in common.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	kind, ok := s.kinds[req.TypeName]
	if !ok {
		return s.full.ValidateResourceConfig(ctx, req)
	}
	config, err := fieldsOf(req.Config)
	if err != nil || config == nil {
		return s.full.ValidateResourceConfig(ctx, req)
	}
	verdict, ok := kind.Verdict(config)
	if ok {
		if _, clean := s.clean.Load(verdict); clean {
			return &tfprotov6.ValidateResourceConfigResponse{}, nil
		}
	}
	resp, err := s.full.ValidateResourceConfig(ctx, req)
	if ok && err == nil && len(resp.Diagnostics) == 0 {
		s.clean.Store(verdict, struct{}{})
	}
	return resp, err
}

// UpgradeResourceState hands on a state of the schema as it is: Terraform reads
// the JSON itself.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	kind, ok := s.kinds[req.TypeName]
	if !ok || req.Version != 0 || req.RawState == nil || !hasExactly(req.RawState.JSON, kind.Attributes()) {
		return s.full.UpgradeResourceState(ctx, req)
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
}

// noted tells whether private state has a note for the framework. It makes one
// itself of what was just imported.
func noted(private []byte, names []string) bool {
	for _, name := range append([]string{".import_before_read"}, names...) {
		if bytes.Contains(private, []byte(name)) {
			return true
		}
	}
	return false
}

func hasExactly(raw []byte, names []string) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || len(object) != len(names) {
		return false
	}
	for _, name := range names {
		if _, ok := object[name]; !ok {
			return false
		}
	}
	return true
}

func isNull(v *tfprotov6.DynamicValue) bool {
	return v == nil || len(v.JSON) == 0 && (len(v.MsgPack) == 0 || v.MsgPack[0] == msgpcode.Nil)
}

// identityOf writes an identity, whose attributes are all strings, from the state.
func identityOf(state Fields, names []string) (*tfprotov6.ResourceIdentityData, error) {
	values := make(map[string]string, len(names))
	for _, name := range names {
		values[name], _ = state.String(name)
	}
	b, err := msgpack.Marshal(values)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: b}}, nil
}
