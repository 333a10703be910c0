package appkey_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// served is a key as Terraform hands it to the provider's server.
type served struct {
	server        tfprotov6.ProviderServer
	typ           tftypes.Type
	config, state *tfprotov6.DynamicValue
}

const typeName = "clarifai_app_key"

// serve creates a key and reads it with a second provider, which therefore takes
// it from a listing as every plan does.
func serve(b *testing.B, w *acctest.World, scopes []string) served {
	b.Helper()
	ctx := context.Background()
	c := w.Inventory(b)
	appID := fmt.Sprintf("app-%d", len(scopes))
	if _, err := c.CreateApp(ctx, w.UserID(), clarifai.App{ID: appID}); err != nil {
		b.Fatal(err)
	}
	created, err := c.CreateKey(ctx, inventory.NewKey{UserID: w.UserID(), AppID: appID, Description: "d", Scopes: scopes})
	if err != nil {
		b.Fatal(err)
	}
	s := served{server: providerserver.NewProtocol6(w.Provider())()}
	schemas, err := s.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	s.typ = schemas.ResourceSchemas[typeName].ValueType()
	block := object(b, schemas.Provider.ValueType(), map[string]any{"api_base": w.URL, "user_id": w.UserID(), "pat": w.PAT()})
	if resp, err := s.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: block}); err != nil || len(resp.Diagnostics) > 0 {
		b.Fatal(err, resp)
	}
	config := map[string]any{"app_id": appID, "description": "d", "scopes": scopes}
	s.config = object(b, s.typ, config)
	state := maps.Clone(config)
	maps.Copy(state, map[string]any{
		"user_id": w.UserID(), "store_key": true, "key": created.Value.Reveal(), "id": created.ID(),
		"fingerprint": created.Fingerprint, "created_at": created.CreatedAt.String(),
	})
	s.state = object(b, s.typ, state)
	return s
}

// object is a value on the wire whose other attributes are null.
func object(b *testing.B, typ tftypes.Type, known map[string]any) *tfprotov6.DynamicValue {
	b.Helper()
	values := map[string]tftypes.Value{}
	for name, t := range typ.(tftypes.Object).AttributeTypes {
		v := known[name]
		if list, ok := v.([]string); ok {
			var elems []tftypes.Value
			for _, s := range slices.Sorted(slices.Values(list)) {
				elems = append(elems, tftypes.NewValue(tftypes.String, s))
			}
			v = elems
		}
		values[name] = tftypes.NewValue(t, v)
	}
	out, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		b.Fatal(err)
	}
	return &out
}

func (s served) read(b *testing.B) *tfprotov6.DynamicValue {
	resp, err := s.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: s.state})
	if err != nil || len(resp.Diagnostics) > 0 {
		b.Fatal(err, resp)
	}
	return resp.NewState
}

func (s served) plan(b *testing.B) *tfprotov6.DynamicValue {
	resp, err := s.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, Config: s.config, PriorState: s.state, ProposedNewState: s.state})
	if err != nil || len(resp.Diagnostics) > 0 || len(resp.RequiresReplace) > 0 {
		b.Fatal(err, resp)
	}
	return resp.PlannedState
}

func (s served) validate(b *testing.B) *tfprotov6.DynamicValue {
	resp, err := s.server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: s.config})
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range resp.Diagnostics { // some of 115 scopes are worth a warning
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			b.Fatal(d)
		}
	}
	return s.config
}

// eachSize runs one call of Terraform on keys of few and of many scopes. It must
// leave the value as it is, or something else than an unchanged key is measured.
func eachSize(b *testing.B, want func(served) *tfprotov6.DynamicValue, call func(served, *testing.B) *tfprotov6.DynamicValue) {
	w := acctest.Start(b, emulator.Options{})
	var offered []string
	for _, s := range scope.All() {
		if s.Offered {
			offered = append(offered, s.Name)
		}
	}
	for _, n := range []int{3, 60, 115} {
		s := serve(b, w, offered[:n])
		got, err := call(s, b).Unmarshal(s.typ)
		if err != nil {
			b.Fatal(err)
		}
		if prior, err := want(s).Unmarshal(s.typ); err != nil || !got.Equal(prior) {
			b.Fatalf("%d scopes: %v, the value changed", n, err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call(s, b)
			}
		})
	}
}

func ofState(s served) *tfprotov6.DynamicValue  { return s.state }
func ofConfig(s served) *tfprotov6.DynamicValue { return s.config }

func BenchmarkReadResource(b *testing.B) { eachSize(b, ofState, served.read) }

func BenchmarkPlanResourceChange(b *testing.B) { eachSize(b, ofState, served.plan) }

func BenchmarkValidateResourceConfig(b *testing.B) { eachSize(b, ofConfig, served.validate) }
