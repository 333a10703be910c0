package scope_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// keyProvider serves one resource, test_key, whose scopes Read takes from the field server.
type keyProvider struct {
	scopes schema.SetAttribute
	server scope.SetValue
}

func (p keyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}
func (p keyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p keyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (p keyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p keyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return keyResource(p) }}
}

type keyResource struct {
	scopes schema.SetAttribute
	server scope.SetValue
}

type keyModel struct {
	ID          types.String   `tfsdk:"id"`
	Description types.String   `tfsdk:"description"`
	Scopes      scope.SetValue `tfsdk:"scopes"`
}

func (r keyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_key"
}
func (r keyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true},
		"description": schema.StringAttribute{Optional: true},
		"scopes":      r.scopes,
	}
}
func (r keyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m keyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	m.Scopes = r.server
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
func (r keyResource) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (r keyResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (r keyResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func customServer(server []string) tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(keyProvider{
		server: scope.NewSet(server),
		scopes: schema.SetAttribute{
			Optional: true, CustomType: scope.SetType{}, ElementType: types.StringType,
			PlanModifiers: []planmodifier.Set{scope.KeepEquivalent(), scope.RequiresReplace()},
		},
	})()
}

var keyObject = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"id": tftypes.String, "description": tftypes.String, "scopes": wireSet}}

func keyState(tb testing.TB, id any, description string, scopes tftypes.Value) *tfprotov6.DynamicValue {
	tb.Helper()
	v, err := tfprotov6.NewDynamicValue(keyObject, tftypes.NewValue(keyObject, map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, id), "description": tftypes.NewValue(tftypes.String, description), "scopes": scopes}))
	if err != nil {
		tb.Fatal(err)
	}
	return &v
}

func read(tb testing.TB, s tfprotov6.ProviderServer, state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	tb.Helper()
	resp, err := s.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: "test_key", CurrentState: state})
	if err != nil || len(resp.Diagnostics) > 0 {
		tb.Fatal(err, resp)
	}
	return resp.NewState
}

func plan(tb testing.TB, s tfprotov6.ProviderServer, req tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	tb.Helper()
	req.TypeName = "test_key"
	resp, err := s.PlanResourceChange(context.Background(), &req)
	if err != nil || len(resp.Diagnostics) > 0 {
		tb.Fatal(err, resp)
	}
	return resp
}

func wireStrings(names []string) tftypes.Value {
	elems := make([]any, len(names))
	for i, s := range names {
		elems[i] = s
	}
	return wire(elems...)
}

func scopesOf(tb testing.TB, state *tfprotov6.DynamicValue) scope.SetValue {
	tb.Helper()
	v, err := state.Unmarshal(keyObject)
	if err != nil {
		tb.Fatal(err)
	}
	attrs := map[string]tftypes.Value{}
	if err := v.As(&attrs); err != nil {
		tb.Fatal(err)
	}
	set, err := scope.SetType{}.ValueFromTerraform(context.Background(), attrs["scopes"])
	if err != nil {
		tb.Fatal(err)
	}
	return set.(scope.SetValue)
}

func TestReadKeepsWhatTheUserWrote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                string
		prior, server, want []string
	}{
		{"unchanged", []string{"Inputs:Add"}, []string{"Inputs:Add"}, []string{"Inputs:Add"}},
		{"another spelling", []string{"Inputs:Add"}, []string{"Inputs_Add"}, []string{"Inputs:Add"}},
		{"dependencies added", []string{"Inputs:Add"}, []string{"Inputs:Get", "Inputs:Add"}, []string{"Inputs:Add"}},
		{"a dependency removed", []string{"Inputs:Add", "Inputs:Get"}, []string{"Inputs:Add"}, []string{"Inputs:Add"}},
		{"drift", []string{"Inputs:Add", "Predict"}, []string{"Inputs:Get", "Inputs:Add"}, []string{"Inputs:Add", "Inputs:Get"}},
	} {
		got := scopesOf(t, read(t, customServer(tt.server), keyState(t, "1", "d", wireStrings(tt.prior))))
		if !got.Equal(scope.NewSet(tt.want)) {
			t.Errorf("%s: state %q, server %q: Read gives %s, want %q", tt.name, tt.prior, tt.server, got, tt.want)
		}
	}
}

func TestPlanThroughServer(t *testing.T) {
	t.Parallel()
	s := customServer(nil)
	for _, tt := range []struct {
		name          string
		config, prior tftypes.Value
		want          tftypes.Value
		replace       bool
	}{
		{"unchanged", wire("Inputs:Add"), wire("Inputs:Add"), wire("Inputs:Add"), false},
		{"imported in the other spelling", wire("Inputs:Add", "Inputs:Get"), wire("Inputs_Add", "Inputs_Get"), wire("Inputs_Add", "Inputs_Get"), false},
		{"imported with dependencies", wire("Inputs:Add"), wire("Inputs_Add", "Inputs_Get"), wire("Inputs:Add"), true},
		{"changed", wire("Inputs:Add"), wire("Predict"), wire("Inputs:Add"), true},
		{"an unknown element", wire("Inputs:Add", tftypes.UnknownValue), wire("Inputs:Add"), wire("Inputs:Add", tftypes.UnknownValue), true},
		{"unknown", wireValues["unknown"], wire("Inputs:Add"), wireValues["unknown"], true},
		{"removed", wireValues["null"], wire("Inputs:Add"), wireValues["null"], true},
	} {
		resp := plan(t, s, tfprotov6.PlanResourceChangeRequest{
			Config: keyState(t, nil, "d", tt.config), PriorState: keyState(t, "1", "d", tt.prior), ProposedNewState: keyState(t, "1", "d", tt.config)})
		got, want := scopesOf(t, resp.PlannedState), fromWire(t, scope.SetType{}, tt.want)
		if !got.Equal(want) || (len(resp.RequiresReplace) > 0) != tt.replace {
			t.Errorf("%s: planned %s, replace %v, want %s, %t", tt.name, got, resp.RequiresReplace, want, tt.replace)
		}
	}
}

func TestNullElementThroughServer(t *testing.T) {
	t.Parallel()
	resp, err := customServer(nil).ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: "test_key", Config: keyState(t, nil, "d", wire("Inputs:Add", nil))})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Null element in a set" || resp.Diagnostics[0].Attribute.String() != `AttributeName("scopes")` {
		t.Errorf("diagnostics %+v", resp.Diagnostics)
	}
}
