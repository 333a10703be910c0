package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
)

// server returns fixed schemas. Its other methods panic.
type server struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
}

func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, nil
}

func (s server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identities, nil
}

func oneAttribute(a *tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{a}}}
}

func TestMarshalHasEveryKind(t *testing.T) {
	t.Parallel()
	name := &tfprotov6.SchemaAttribute{Name: "name", Type: tftypes.String, Required: true}
	got := marshaled(t, server{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider: oneAttribute(&tfprotov6.SchemaAttribute{Name: "pat", Type: tftypes.String, Optional: true, Sensitive: true}),
			ResourceSchemas: map[string]*tfprotov6.Schema{"x_app": {
				Version: 1,
				Block: &tfprotov6.SchemaBlock{
					Description:     "An *app*.",
					DescriptionKind: tfprotov6.StringKindMarkdown,
					Attributes: []*tfprotov6.SchemaAttribute{
						{Name: "scopes", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true, Computed: true},
						{Name: "workflow", Optional: true, NestedType: &tfprotov6.SchemaObject{
							Nesting:    tfprotov6.SchemaObjectNestingModeSingle,
							Attributes: []*tfprotov6.SchemaAttribute{name},
						}},
					},
					BlockTypes: []*tfprotov6.SchemaNestedBlock{{
						TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeList, MaxItems: 1,
						Block: &tfprotov6.SchemaBlock{},
					}},
				},
			}},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"x_data": oneAttribute(name)},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x_ephemeral": oneAttribute(name)},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"x_list": oneAttribute(name)},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x_action": {Schema: oneAttribute(name)}},
			Functions: map[string]*tfprotov6.Function{"x_function": {
				Summary:           "Short.",
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "key", Type: tftypes.String, AllowNullValue: true}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "more", Type: tftypes.Bool},
				Return:            &tfprotov6.FunctionReturn{Type: tftypes.List{ElementType: tftypes.Number}},
			}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"x_app": {
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{{Name: "id", Type: tftypes.String, RequiredForImport: true}},
			}},
		},
	})

	var wanted any
	apitest.Must(t, json.Unmarshal([]byte(everyKind), &wanted))
	apitest.Equal(t, got, wanted, "schema")
}

func TestMarshalReportsDiagnostics(t *testing.T) {
	t.Parallel()
	broken := []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "old"},
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid schema", Detail: "no type"},
	}
	for _, s := range []server{
		{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: broken}},
		{identities: tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: broken}},
	} {
		apitest.Fails(t, apitest.Err(marshal(t.Context(), "x", s)), "Invalid schema: no type")
	}
}

func marshaled(t *testing.T, s server) any {
	t.Helper()
	out, err := marshal(t.Context(), "x", s)
	apitest.Must(t, err)
	var parsed any
	apitest.Must(t, json.Unmarshal(out, &parsed))
	return parsed
}

const plainName = `{"version":0,"block":{"attributes":{"name":{"type":"string","description_kind":"plain","required":true}},"description_kind":"plain"}}`

// everyKind is the document for the schemas of TestMarshalHasEveryKind.
var everyKind = `{"format_version":"1.0","provider_schemas":{"x":{
	"provider":{"version":0,"block":{"attributes":{"pat":{"type":"string","description_kind":"plain","optional":true,"sensitive":true}},"description_kind":"plain"}},
	"resource_schemas":{"x_app":{"version":1,"block":{
		"attributes":{
			"scopes":{"type":["set","string"],"description_kind":"plain","optional":true,"computed":true},
			"workflow":{"nested_type":{"attributes":{"name":{"type":"string","description_kind":"plain","required":true}},"nesting_mode":"single"},"description_kind":"plain","optional":true}},
		"block_types":{"timeouts":{"nesting_mode":"list","block":{"description_kind":"plain"},"max_items":1}},
		"description":"An *app*.","description_kind":"markdown"}}},
	"data_source_schemas":{"x_data":` + plainName + `},
	"ephemeral_resource_schemas":{"x_ephemeral":` + plainName + `},
	"list_resource_schemas":{"x_list":` + plainName + `},
	"action_schemas":{"x_action":` + strings.Replace(plainName, `"version":0,`, "", 1) + `},
	"functions":{"x_function":{"summary":"Short.","return_type":["list","number"],
		"parameters":[{"name":"key","is_nullable":true,"type":"string"}],"variadic_parameter":{"name":"more","type":"bool"}}},
	"resource_identity_schemas":{"x_app":{"version":0,"attributes":{"id":{"type":"string","required_for_import":true}}}}}}}`
