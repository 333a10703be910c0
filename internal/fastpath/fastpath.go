// Package fastpath answers for unchanged resources before the framework does.
// The framework decodes, walks and compares each attribute of each resource
// several times in each call, which is most of the provider's work in a nightly
// plan over a large fleet. The fast path answers only what it was written for:
// everything else, and whatever is in doubt, goes on to the framework.
package fastpath

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Server is every call that a provider without state stores answers.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// Kind decides about resources of one type, whose model is M. It may answer no
// whenever it is in doubt: then the framework answers.
type Kind[M any] interface {
	// WrittenFor returns the schema that the other answers hold for.
	WrittenFor() Shape
	// ReadResult returns what a read makes of the state, before the framework
	// compares the two by meaning; false where a read does more than that.
	ReadResult(ctx context.Context, state M) (M, bool)
	// PlanKeepsState reports whether a plan without a difference stays one and has
	// no diagnostics, defaults and ModifyPlan included, and returns the notes that
	// ModifyPlan leaves in private state. Config decodes the configuration; false
	// where it cannot be decoded.
	PlanKeepsState(state M, config func() (M, bool)) (notes Notes, keeps bool)
}

// Notes are the values of notes in private state, in JSON, by name.
type Notes map[string][]byte

// Resource is a resource type that the fast path answers for.
type Resource struct {
	resource resource.ResourceWithIdentity
	rule     func(served) (rule, bool)
}

// For returns the resource type r with kind in front of it.
func For[M any](r resource.ResourceWithIdentity, kind Kind[M]) Resource {
	return Resource{resource: r, rule: func(s served) (rule, bool) {
		shape := kind.WrittenFor()
		if !shape.fits(s) {
			return nil, false
		}
		d, ok := newDecoder[M](s.schema)
		rule := kindRule[M]{kind: kind, decoder: d, shape: shape}
		rule.validation, rule.validates = newValidation(r, kind, d, s.schema)
		return rule, ok
	}}
}

// rule is a Kind of any model. Its methods report false where the framework is to answer.
type rule interface {
	read(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, bool)
	plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool)
	upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, bool)
	validate(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, bool)
}

type server struct {
	Server
	rules map[string]rule
}

// New returns next with the fast path for resources in front of it. Those whose
// schema differs from what their Kind was written for are left to next.
func New(next Server, providerTypeName string, resources ...Resource) Server {
	ctx := context.Background() // schemas ask for nothing
	s := &server{Server: next, rules: make(map[string]rule, len(resources))}
	for _, r := range resources {
		var meta resource.MetadataResponse
		r.resource.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: providerTypeName}, &meta)
		if rule, ok := r.rule(serve(ctx, r.resource)); ok {
			s.rules[meta.TypeName] = rule
		}
	}
	return s
}

// ReadResource answers with the state as it came, if that is what a read would return.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if rule, ok := s.rules[req.TypeName]; ok {
		if resp, ok := rule.read(ctx, req); ok {
			return resp, nil
		}
	}
	return s.Server.ReadResource(ctx, req)
}

// PlanResourceChange answers with the prior state, if nothing differs from it.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if rule, ok := s.rules[req.TypeName]; ok {
		if resp, ok := rule.plan(ctx, req); ok {
			return resp, nil
		}
	}
	return s.Server.PlanResourceChange(ctx, req)
}

// UpgradeResourceState answers with the state as it came, if it is of the current
// schema. Terraform reads the JSON itself.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if rule, ok := s.rules[req.TypeName]; ok {
		if resp, ok := rule.upgrade(req); ok {
			return resp, nil
		}
	}
	return s.Server.UpgradeResourceState(ctx, req)
}

// ValidateResourceConfig answers for a configuration about which nothing is to be said.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if rule, ok := s.rules[req.TypeName]; ok {
		if resp, ok := rule.validate(ctx, req); ok {
			return resp, nil
		}
	}
	return s.Server.ValidateResourceConfig(ctx, req)
}

type kindRule[M any] struct {
	kind       Kind[M]
	decoder    *decoder[M]
	shape      Shape
	validation validation[M]
	validates  bool
}

func (r kindRule[M]) read(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, bool) {
	if !onlyNotes(req.Private, r.shape.ReadIgnores) {
		return nil, false
	}
	state, ok := r.decoder.decode(ctx, req.CurrentState)
	if !ok {
		return nil, false
	}
	got, ok := r.kind.ReadResult(ctx, *state)
	if !ok || !r.decoder.sameMeaning(ctx, state, &got) {
		return nil, false
	}
	identity, ok := r.identity(req.CurrentIdentity, state)
	if !ok {
		return nil, false
	}
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: identity}, true
}

func (r kindRule[M]) plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if req.PriorState == nil || req.ProposedNewState == nil || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) ||
		!onlyNotes(req.PriorPrivate, r.shape.PlanIgnores) {
		return nil, false
	}
	state, ok := r.decoder.decode(ctx, req.PriorState)
	if !ok {
		return nil, false
	}
	config := func() (m M, ok bool) {
		if c, ok := r.decoder.decode(ctx, req.Config); ok {
			return *c, true
		}
		return m, false
	}
	notes, ok := r.kind.PlanKeepsState(*state, config)
	if !ok {
		return nil, false
	}
	private, ok := withNotes(req.PriorPrivate, notes)
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: private, PlannedIdentity: req.PriorIdentity,
	}, ok
}

func (r kindRule[M]) upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, bool) {
	if req.Version != r.shape.Version || req.RawState == nil || !r.shape.hasAttributes(req.RawState.JSON) {
		return nil, false
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, true
}

func (r kindRule[M]) validate(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, bool) {
	return &tfprotov6.ValidateResourceConfigResponse{}, r.validates && r.validation.silent(ctx, req)
}

// identity returns the identity that a read sets, which is made of the state's
// attributes: current, where it holds just these, and a new one where there is
// none. Terraform before 1.12 has none.
func (r kindRule[M]) identity(current *tfprotov6.ResourceIdentityData, state *M) (*tfprotov6.ResourceIdentityData, bool) {
	want := make(map[string]string, len(r.shape.Identity))
	for _, name := range r.shape.Identity {
		text, _ := r.decoder.fields[name].of(reflect.ValueOf(state).Elem()).(types.String)
		if text.IsNull() {
			return nil, false
		}
		want[name] = text.ValueString()
	}
	if current != nil && !isNull(current.IdentityData) {
		return current, holds(current.IdentityData, want)
	}
	b, err := msgpack.Marshal(want)
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: b}}, err == nil
}

func isNull(v *tfprotov6.DynamicValue) bool {
	return v == nil || len(v.JSON) == 0 && (len(v.MsgPack) == 0 || v.MsgPack[0] == msgpcode.Nil)
}

// holds reports whether v is an object of these attributes.
func holds(v *tfprotov6.DynamicValue, want map[string]string) bool {
	var got map[string]any
	if msgpack.Unmarshal(v.MsgPack, &got) != nil || len(got) != len(want) {
		return false
	}
	for name, text := range want {
		if got[name] != text {
			return false
		}
	}
	return true
}

// onlyNotes reports whether private state holds nothing but notes that are
// ignored. The framework keeps it as a JSON object by name of note, and adds
// notes of its own, whose names begin with a dot.
func onlyNotes(private []byte, ignored []string) bool {
	if len(private) == 0 {
		return true
	}
	var notes map[string]json.RawMessage
	if json.Unmarshal(private, &notes) != nil {
		return false
	}
	for name := range notes {
		if !slices.Contains(ignored, name) {
			return false
		}
	}
	return true
}

// withNotes returns private state with the notes added, as the framework writes it.
func withNotes(private []byte, notes Notes) ([]byte, bool) {
	if len(notes) == 0 {
		return private, true
	}
	var prior Notes
	if len(private) > 0 && json.Unmarshal(private, &prior) != nil {
		return nil, false
	}
	all := make(Notes, len(prior)+len(notes))
	maps.Copy(all, prior)
	maps.Copy(all, notes)
	b, err := json.Marshal(all)
	return b, err == nil
}
