package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Invocation is an action with its configuration, at protocol level.
type Invocation struct {
	Server tfprotov6.ProviderServer
	Type   string
	Config map[string]any

	// Progress, if set, is called for each message; false stops reading.
	Progress func(message string) bool
}

// Outcome is what an action has said.
type Outcome struct {
	Progress    []string
	Completed   bool
	Diagnostics []*tfprotov6.Diagnostic
}

func (i Invocation) actions(t testing.TB) (tfprotov6.ActionServer, *tfprotov6.DynamicValue) {
	t.Helper()
	server, ok := i.Server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatalf("%T has no actions", i.Server)
	}
	return server, Object(t, schemasOf(t, i.Server).ActionSchemas[i.Type].Schema.ValueType(), i.Config)
}

// Validate returns what the provider says about the configuration.
func (i Invocation) Validate(t testing.TB) []*tfprotov6.Diagnostic {
	t.Helper()
	server, config := i.actions(t)
	req := &tfprotov6.ValidateActionConfigRequest{ActionType: i.Type, Config: config}
	return must(server.ValidateActionConfig(t.Context(), req))(t).Diagnostics
}

// Plan returns what the provider says about the plan.
func (i Invocation) Plan(t testing.TB) []*tfprotov6.Diagnostic {
	t.Helper()
	server, config := i.actions(t)
	return must(server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: i.Type, Config: config}))(t).Diagnostics
}

// Invoke invokes the action and reads its events.
func (i Invocation) Invoke(ctx context.Context, t testing.TB) (o Outcome) {
	t.Helper()
	server, config := i.actions(t)
	stream := must(server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: i.Type, Config: config}))(t)
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			o.Progress = append(o.Progress, e.Message)
			if i.Progress != nil && !i.Progress(e.Message) {
				return o
			}
		case tfprotov6.CompletedInvokeActionEventType:
			o.Completed, o.Diagnostics = true, e.Diagnostics
		}
	}
	return o
}

// Opened is an ephemeral resource that is open.
type Opened struct {
	Result  map[string]string // the attributes that are strings
	Private []byte

	typ string
}

// Open validates and opens an ephemeral resource, as core does.
func Open(t testing.TB, server tfprotov6.ProviderServer, resourceType string, fields map[string]any) (Opened, Said) {
	t.Helper()
	o, typ := Opened{typ: resourceType}, schemasOf(t, server).EphemeralResourceSchemas[resourceType].ValueType()
	config := Object(t, typ, fields)
	check := &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: resourceType, Config: config}
	valid := must(server.ValidateEphemeralResourceConfig(t.Context(), check))(t)
	said := Said(valid.Diagnostics)
	if said.Failed() {
		return o, said
	}
	resp := must(server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: resourceType, Config: config}))(t)
	said = append(said, resp.Diagnostics...)
	if o.Private = resp.Private; !said.Failed() {
		o.Result = Texts(t, resp.Result, typ)
	}
	return o, said
}

// Close closes an ephemeral resource in a process, which may be another one.
func (o Opened) Close(t testing.TB, server tfprotov6.ProviderServer) Said {
	t.Helper()
	req := &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.typ, Private: o.Private}
	return must(server.CloseEphemeralResource(t.Context(), req))(t).Diagnostics
}
