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
