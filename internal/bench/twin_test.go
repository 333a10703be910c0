//go:build unix

package main

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// key returns a key with a value for every attribute.
func key(t *testing.T, typ tftypes.Type) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, t := range typ.(tftypes.Object).AttributeTypes {
		switch {
		case t.Is(tftypes.Bool):
			values[name] = tftypes.NewValue(t, true)
		case t.Is(tftypes.String):
			values[name] = tftypes.NewValue(t, "x")
		case t.Is(tftypes.Set{}):
			values[name] = tftypes.NewValue(t, []tftypes.Value{tftypes.NewValue(tftypes.String, "x")})
		default:
			values[name] = tftypes.NewValue(t, nil)
		}
	}
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	apitest.Must(t, err)
	return &v
}

// TestTwinsHaveTheRealSchema fails when the model of the twins, or how they handle
// attributes, no longer matches the real resource.
func TestTwinsHaveTheRealSchema(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := providerserver.NewProtocol6(twin{})()
	twins, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	apitest.Must(t, err)
	genuine, err := providerserver.NewProtocol6(provider.New("test"))().GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	apitest.Must(t, err)
	models := map[string]string{"twin_app": "clarifai_app", "twin_app_key": "clarifai_app_key"}
	if len(twins.ResourceSchemas) != len(models) || len(twins.Diagnostics) > 0 {
		t.Fatalf("%d twins, %v", len(twins.ResourceSchemas), twins.Diagnostics)
	}
	for name, s := range twins.ResourceSchemas {
		want := genuine.ResourceSchemas[models[name]].ValueType()
		if !s.ValueType().Equal(want) {
			t.Errorf("%s has another schema", name)
		}
		prior := key(t, want)
		read, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: prior})
		if err != nil || len(read.Diagnostics) > 0 {
			t.Fatal(name, err, read)
		}
		planned, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: name, Config: prior, PriorState: prior, ProposedNewState: prior})
		if err != nil || len(planned.Diagnostics) > 0 {
			t.Fatal(name, err, planned)
		}
		before, err := prior.Unmarshal(want)
		apitest.Must(t, err)
		for _, after := range []*tfprotov6.DynamicValue{read.NewState, planned.PlannedState} {
			if v, err := after.Unmarshal(want); err != nil || !v.Equal(before) {
				t.Errorf("%s: %v, the value changed", name, err)
			}
		}
	}
}
