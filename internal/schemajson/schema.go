package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// marshal returns the schemas of everything that the server serves, as JSON.
func marshal(ctx context.Context, name string, server tfprotov6.ProviderServer) ([]byte, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Concat(schemas.Diagnostics, identities.Diagnostics) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return json.MarshalIndent(tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas: map[string]*tfjson.ProviderSchema{name: {
			ConfigSchema:             fromSchema(schemas.Provider),
			ResourceSchemas:          each(schemas.ResourceSchemas, fromSchema),
			DataSourceSchemas:        each(schemas.DataSourceSchemas, fromSchema),
			EphemeralResourceSchemas: each(schemas.EphemeralResourceSchemas, fromSchema),
			ListResourceSchemas:      each(schemas.ListResourceSchemas, fromSchema),
			ActionSchemas: each(schemas.ActionSchemas, func(a *tfprotov6.ActionSchema) *tfjson.ActionSchema {
				return &tfjson.ActionSchema{Block: fromBlock(a.Schema.Block)}
			}),
			Functions:               each(schemas.Functions, fromFunction),
			ResourceIdentitySchemas: each(identities.IdentitySchemas, fromIdentity),
		}},
	}, "", "  ")
}

// each converts every value of a map.
func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := make(map[string]To, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func fromSchema(s *tfprotov6.Schema) *tfjson.Schema {
	if s == nil {
		return &tfjson.Schema{Block: fromBlock(&tfprotov6.SchemaBlock{})}
	}
	return &tfjson.Schema{Version: uint64(s.Version), Block: fromBlock(s.Block)} //nolint:gosec // versions are not negative
}

func fromBlock(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	blocks := map[string]*tfjson.SchemaBlockType{}
	for _, n := range b.BlockTypes {
		blocks[n.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: tfjson.SchemaNestingMode(strings.ToLower(n.Nesting.String())), Block: fromBlock(n.Block),
			MinItems: uint64(n.MinItems), MaxItems: uint64(n.MaxItems), //nolint:gosec // numbers of blocks are not negative
		}
	}
	return &tfjson.SchemaBlock{
		Attributes: fromAttributes(b.Attributes), NestedBlocks: blocks,
		Description: b.Description, DescriptionKind: kind(b.DescriptionKind), Deprecated: b.Deprecated,
	}
}

func fromAttributes(all []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	attributes := map[string]*tfjson.SchemaAttribute{}
	for _, a := range all {
		converted := &tfjson.SchemaAttribute{
			Description: a.Description, DescriptionKind: kind(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType == nil {
			converted.AttributeType = ctyType(a.Type)
		} else {
			converted.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes:  fromAttributes(a.NestedType.Attributes),
				NestingMode: tfjson.SchemaNestingMode(strings.ToLower(a.NestedType.Nesting.String())),
			}
		}
		attributes[a.Name] = converted
	}
	return attributes
}

func fromIdentity(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := map[string]*tfjson.IdentityAttribute{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType: ctyType(a.Type), Description: a.Description,
			RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return &tfjson.IdentitySchema{Version: uint64(s.Version), Attributes: attributes} //nolint:gosec // versions are not negative
}

func fromFunction(f *tfprotov6.Function) *tfjson.FunctionSignature {
	converted := &tfjson.FunctionSignature{
		Description: f.Description, Summary: f.Summary, DeprecationMessage: f.DeprecationMessage, ReturnType: ctyType(f.Return.Type),
	}
	for _, p := range f.Parameters {
		converted.Parameters = append(converted.Parameters, fromParameter(p))
	}
	if f.VariadicParameter != nil {
		converted.VariadicParameter = fromParameter(f.VariadicParameter)
	}
	return converted
}

func fromParameter(p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: ctyType(p.Type)}
}

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	return tfjson.SchemaDescriptionKind(strings.ToLower(k.String()))
}

// ctyType returns the same type of Terraform's own library. Both have the same form in
// JSON.
func ctyType(t tftypes.Type) cty.Type {
	var converted cty.Type
	text, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(text, &converted)
	}
	if err != nil {
		panic(err) // a type that no schema can have
	}
	return converted
}
