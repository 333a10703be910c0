package scope_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/scope"
)

// framework returns the set as the framework passes it to validators and plan modifiers.
func framework(t *testing.T, v scope.SetValue) types.Set {
	t.Helper()
	set, diags := v.ToSetValue(context.Background())
	if diags.HasError() {
		t.Fatal(diags)
	}
	return set
}

func TestKeepEquivalent(t *testing.T) {
	t.Parallel()
	set := func(names string) scope.SetValue { return scope.NewSet(strings.Fields(names)) }
	partly := fromWire(t, scope.SetType{}, wireValues["unknown element"])
	for _, tt := range []struct {
		name          string
		config, state scope.SetValue
		kept          bool
	}{
		{"the other spelling on the server", set("Inputs:Get"), set("Inputs_Get"), true},
		{"the other spelling and order", set("Inputs:Add Inputs:Get"), set("Inputs_Get Inputs_Add"), true},
		{"dependencies in state", set("Inputs:Add"), set("Inputs:Add Inputs:Get"), false},
		{"a dependency added by the user", set("Inputs:Add Inputs:Get"), set("Inputs:Add"), false},
		{"another scope", set("Inputs:Get"), set("Predict"), false},
		{"create", set("Inputs:Get"), scope.NewSetNull(), false},
		{"unknown", scope.NewSetUnknown(), set("Inputs:Get"), false},
		{"unknown element", partly, set("Inputs:Get"), false},
		{"removed", scope.NewSetNull(), set("Inputs:Get"), false},
		{"removed, empty in state", scope.NewSetNull(), set(""), false},
		{"unknown, empty in state", scope.NewSetUnknown(), set(""), false},
		{"empty, null in state", set(""), scope.NewSetNull(), false},
		{"emptied", set(""), set("Inputs:Get"), false},
		{"null element", fromWire(t, scope.SetType{}, wireValues["null element"]), scope.NewSet([]string{"", "Inputs:Get"}), false},
	} {
		config, state := framework(t, tt.config), framework(t, tt.state)
		resp := planmodifier.SetResponse{PlanValue: config}
		scope.KeepEquivalent().PlanModifySet(context.Background(),
			planmodifier.SetRequest{ConfigValue: config, PlanValue: config, StateValue: state}, &resp)
		want := config
		if tt.kept {
			want = state
		}
		if !resp.PlanValue.Equal(want) || resp.RequiresReplace || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: planned %s, want %s (%v)", tt.name, resp.PlanValue, want, resp.Diagnostics)
		}
	}
}

func TestRequiresReplace(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	present, absent := tftypes.NewValue(object, map[string]tftypes.Value{}), tftypes.NewValue(object, nil)
	a, b := framework(t, scope.NewSet([]string{"a", "b"})), framework(t, scope.NewSet([]string{"b"}))
	for _, tt := range []struct {
		name       string
		plan, was  types.Set
		rawP, rawS tftypes.Value
		replace    bool
	}{
		{"changed", a, b, present, present, true},
		{"unchanged", a, a, present, present, false},
		{"unknown", types.SetUnknown(types.StringType), a, present, present, true},
		{"unknown, null before", types.SetUnknown(types.StringType), types.SetNull(types.StringType), present, present, true},
		{"removed", types.SetNull(types.StringType), a, present, present, true},
		{"empty, null before", framework(t, scope.NewSet(nil)), types.SetNull(types.StringType), present, present, false},
		{"null, empty before", types.SetNull(types.StringType), framework(t, scope.NewSet(nil)), present, present, false},
		{"create", a, types.SetNull(types.StringType), present, absent, false},
		{"destroy", types.SetNull(types.StringType), a, absent, present, false},
	} {
		var resp planmodifier.SetResponse
		scope.RequiresReplace().PlanModifySet(context.Background(), planmodifier.SetRequest{
			Plan: tfsdk.Plan{Raw: tt.rawP}, State: tfsdk.State{Raw: tt.rawS}, PlanValue: tt.plan, StateValue: tt.was}, &resp)
		if resp.RequiresReplace != tt.replace || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: replace %t, want %t (%v)", tt.name, resp.RequiresReplace, tt.replace, resp.Diagnostics)
		}
	}
}

func TestRequiresReplaceRejectsOtherElements(t *testing.T) {
	t.Parallel()
	object := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}, map[string]tftypes.Value{})
	numbers := types.SetValueMust(types.Int64Type, []attr.Value{types.Int64Value(1)})
	var resp planmodifier.SetResponse
	scope.RequiresReplace().PlanModifySet(context.Background(), planmodifier.SetRequest{
		Plan: tfsdk.Plan{Raw: object}, State: tfsdk.State{Raw: object}, PlanValue: numbers, StateValue: framework(t, scope.NewSet(nil))}, &resp)
	if !resp.Diagnostics.HasError() || resp.RequiresReplace {
		t.Errorf("replace %t (%v), want an error", resp.RequiresReplace, resp.Diagnostics)
	}
}

func TestValidators(t *testing.T) {
	t.Parallel()
	const form = `such as "/clarifai.api.V2/PostModelOutputs"`
	for _, tt := range []struct {
		validator validator.Set
		in, want  string
	}{
		{scope.ScopeNames(), "Inputs:Get", ""},
		{scope.ScopeNames(), "Something:New", ""},
		{scope.ScopeNames(), "", "is empty."},
		{scope.ScopeNames(), "  ", "is empty."},
		{scope.ScopeNames(), " Inputs:Get", `Write "Inputs:Get".`},
		{scope.ScopeNames(), "Nonsense Scope", `Scope "Nonsense Scope" contains ' '. Use one element per scope.`},
		{scope.ScopeNames(), "Inputs:Get,Predict", "contains ','. Use one element per scope."},
		{scope.ScopeNames(), "Inputs:Get;Predict", "contains ';'. Use one element per scope."},
		{scope.ScopeNames(), "Inputs:\u2003Get", `contains '\u2003'. Use one element per scope.`},
		{scope.ScopeNames(), "Inputs:\x00Get", `contains '\x00'. Use one element per scope.`},
		{scope.EndpointNames(), "/clarifai.api.V2/PostInputs", ""},
		{scope.EndpointNames(), "/clarifai.api.V2/SomethingNew", ""},
		{scope.EndpointNames(), "", "is empty."},
		{scope.EndpointNames(), "PostInputs", `Write "/clarifai.api.V2/PostInputs".`},
		{scope.EndpointNames(), "clarifai.api.V2/PostInputs", `Write "/clarifai.api.V2/PostInputs".`},
		{scope.EndpointNames(), "clarifai.api.V2.PostInputs", `Write "/clarifai.api.V2/PostInputs".`},
		{scope.EndpointNames(), "/clarifai.api.V2/PostInputs ", `spaces around it. Write "/clarifai.api.V2/PostInputs".`},
		{scope.EndpointNames(), " PostInputs", "does not start with"},
		{scope.EndpointNames(), "/clarifai.api.V2/", "The method is missing."},
		{scope.EndpointNames(), "/clarifai.api.V2/post-inputs", form},
		{scope.EndpointNames(), "/clarifai.api.V2/post-inputs", `"post-inputs" is not a method name`},
		{scope.EndpointNames(), "/v2/inputs", "is a REST path"},
		{scope.EndpointNames(), "https://api.clarifai.com/v2/inputs", "is a REST path"},
		{scope.EndpointNames(), "inputs", form},
	} {
		var resp validator.SetResponse
		tt.validator.ValidateSet(context.Background(), validator.SetRequest{
			Path: path.Root("x"), ConfigValue: framework(t, scope.NewSet([]string{tt.in, "/clarifai.api.V2/PostInputs"}))}, &resp)
		var detail string
		for _, d := range resp.Diagnostics {
			detail += d.Detail()
		}
		if (tt.want == "") != (len(resp.Diagnostics) == 0) || !strings.Contains(detail, tt.want) {
			t.Errorf("%q: %q, want %q", tt.in, detail, tt.want)
		}
	}
	for name, v := range wireValues {
		var resp validator.SetResponse
		scope.ScopeNames().ValidateSet(context.Background(), validator.SetRequest{
			Path: path.Root("x"), ConfigValue: framework(t, fromWire(t, scope.SetType{}, v))}, &resp)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v", name, resp.Diagnostics)
		}
	}
}
