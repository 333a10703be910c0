package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// candidates are values for attributes of each type, good and bad.
func candidates(typ tftypes.Type) []any {
	texts := []string{
		"", "a", "me", "ids", "a b", "a/b", strings.Repeat("a", 33), "{}", "[]", "PUBLIC", "public", "90d", "1d12h", "0s", "d (after 0123456789abcdef)",
	}
	out := []any{nil, acctest.Unknown}
	switch {
	case typ.Is(tftypes.String):
		for _, s := range append(texts, strings.Repeat("a", 1001), strings.Repeat("a", 64<<10+1)) {
			out = append(out, s)
		}
	case typ.Is(tftypes.Number):
		out = append(out, 0, 1, 1<<32-1, 1<<32)
	case typ.Is(tftypes.Bool):
		out = append(out, true, false)
	case typ.Is(tftypes.Set{}):
		for _, s := range append(texts, "Predict", "Inputs:Add", "Inputs_Add", "Inputs:Ad", "/clarifai.api.V2/GetApp", "/clarifai.api.V2/GetApps") {
			out = append(out, []string{s}, []string{"Apps:Get", "Inputs:Get", s})
		}
		out = append(out, []string{})
	case typ.Is(tftypes.Map{}):
		out = append(out, map[string]string{}, map[string]string{"a": "b"})
	case typ.Is(tftypes.Object{}):
		for name, inner := range typ.(tftypes.Object).AttributeTypes {
			for _, v := range candidates(inner) {
				out = append(out, map[string]any{"id": "Empty", name: v})
			}
		}
	}
	return out
}

// TestFastPath_validates gives each attribute of each type that the fast path knows each
// candidate: it says what the framework does, and answers for all that is valid.
func TestFastPath_validates(t *testing.T) {
	t.Parallel()
	p := provider.New("test")
	plain, _ := providerserver.NewProtocol6(p)().(guard.Server)
	counting := &acctest.Counting{Server: plain}
	quick := p.Serve(counting)
	schemas := answer(plain.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
	for name, valid := range map[string]map[string]any{
		"clarifai_app":              {"id": "tenant", "default_workflow": map[string]any{"id": "Empty"}},
		"clarifai_app_key":          {"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}, "description": "a"},
		"clarifai_rotating_app_key": {"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}, "rotation_period": "30d", "overlap": "2d"},
	} {
		typ := schemas.ResourceSchemas[name].ValueType().(tftypes.Object)
		accepted := 0
		for attribute, of := range typ.AttributeTypes {
			for _, value := range candidates(of) {
				config := maps.Clone(valid)
				config[attribute] = value
				req := &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: acctest.Object(t, typ, config)}
				want := said(answer(plain.ValidateResourceConfig(t.Context(), req))(t).Diagnostics)
				counting.Validations = 0
				got := said(answer(quick.ValidateResourceConfig(t.Context(), req))(t).Diagnostics)
				apitest.Equal(t, got, want, "it says, and not as the framework,", name, attribute, value)
				if len(want) == 0 {
					accepted++
				}
				if len(want) == 0 && counting.Validations > 0 {
					t.Errorf("%s, %s = %v: left to the framework", name, attribute, value)
				}
			}
		}
		if accepted < 20 {
			t.Errorf("%s: only %d candidates are valid", name, accepted)
		}
	}
}

// said returns diagnostics as texts. The framework calls validators in no fixed order.
func said(diags []*tfprotov6.Diagnostic) []string {
	var texts []string
	for _, d := range diags {
		texts = append(texts, fmt.Sprint(d.Severity, d.Summary, d.Detail, d.Attribute))
	}
	return slices.Sorted(slices.Values(texts))
}
