package acctest

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file talks to the provider as Terraform does, for features that the CLI
// under test may be too old for.

// Configured returns a server of the provider that is configured for the emulator.
func (w *World) Configured(t testing.TB) tfprotov6.ProviderServer {
	t.Helper()
	return w.Configure(t, w.Provider().Server())
}

// ConfiguredAs is [World.Configured] with another PAT.
func (w *World) ConfiguredAs(t testing.TB, pat string) tfprotov6.ProviderServer {
	t.Helper()
	return w.configureAs(t, w.Provider().Server(), pat)
}

// Configure configures a server for the emulator and returns it.
func (w *World) Configure(t testing.TB, server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	t.Helper()
	return w.configureAs(t, server, w.PAT())
}

func (w *World) configureAs(t testing.TB, server tfprotov6.ProviderServer, pat string) tfprotov6.ProviderServer {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{"api_base": w.URL, "user_id": w.UserID(), "pat": pat, "max_retries": 1}
	maps.Copy(settings, w.Settings)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: Object(t, schemas.Provider.ValueType(), settings),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return server
}

// Unknown is an attribute of [Object] whose value is not known yet.
const Unknown = unknown(true)

type unknown bool

// Object returns a value of the type of a schema. Attributes that are not named
// are null.
func Object(t testing.TB, typ tftypes.Type, fields map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, attribute := range typ.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
		switch v := fields[name].(type) {
		case string, int, bool:
			values[name] = tftypes.NewValue(attribute, v)
		case unknown:
			values[name] = tftypes.NewValue(attribute, tftypes.UnknownValue)
		case map[string]string:
			elements := map[string]tftypes.Value{}
			if object, ok := attribute.(tftypes.Object); ok {
				for k, typ := range object.AttributeTypes {
					elements[k] = tftypes.NewValue(typ, nil)
				}
			}
			for k, s := range v {
				elements[k] = tftypes.NewValue(tftypes.String, s)
			}
			values[name] = tftypes.NewValue(attribute, elements)
		case map[string]any:
			nested, err := Object(t, attribute, v).Unmarshal(attribute)
			if err != nil {
				t.Fatal(err)
			}
			values[name] = nested
		case []string:
			var elements []tftypes.Value
			for _, s := range v {
				elements = append(elements, tftypes.NewValue(tftypes.String, s))
			}
			values[name] = tftypes.NewValue(attribute, elements)
		}
	}
	v, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

// Texts returns the attributes of an object that are strings and not null.
func Texts(t testing.TB, object *tfprotov6.DynamicValue, typ tftypes.Type) map[string]string {
	t.Helper()
	v, err := object.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	attributes := map[string]tftypes.Value{}
	if err := v.As(&attributes); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, a := range attributes {
		var s string
		if a.Type().Is(tftypes.String) && !a.IsNull() && a.As(&s) == nil {
			texts[name] = s
		}
	}
	return texts
}

// ImportByIdentity imports a resource as Terraform 1.12 and later do, and reads it.
// It returns the strings in the state, or diagnostics.
func (w *World) ImportByIdentity(t *testing.T, resourceType string, identity map[string]any) (map[string]string, []*tfprotov6.Diagnostic) {
	t.Helper()
	server := w.Configured(t)
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: resourceType,
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: Object(t, identities.IdentitySchemas[resourceType].ValueType(), identity)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resourceType, CurrentState: imported.State, Private: imported.Private, CurrentIdentity: imported.Identity,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Diagnostics) > 0 {
		return nil, read.Diagnostics
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return Texts(t, read.NewState, schemas.ResourceSchemas[resourceType].ValueType()), nil
}

// ReadDataSource reads a data source and returns its state, or the text of the
// first diagnostic.
func ReadDataSource(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) (state map[string]tftypes.Value, failure string) {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.DataSourceSchemas[name].ValueType()
	resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: Object(t, typ, fields)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		return nil, d.Summary + ": " + d.Detail
	}
	v, err := resp.State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.As(&state); err != nil {
		t.Fatal(err)
	}
	return state, ""
}

// Listed returns, of each object in a list, the attribute of this name, which is a
// string.
func Listed(t *testing.T, list tftypes.Value, name string) []string {
	t.Helper()
	var objects []tftypes.Value
	if err := list.As(&objects); err != nil {
		t.Fatal(err)
	}
	values := make([]tftypes.Value, len(objects))
	for i, o := range objects {
		var attributes map[string]tftypes.Value
		if err := o.As(&attributes); err != nil {
			t.Fatal(err)
		}
		values[i] = attributes[name]
	}
	return texts(t, values)
}

// Strings returns the elements of a list or set of strings.
func Strings(t *testing.T, collection tftypes.Value) []string {
	t.Helper()
	var values []tftypes.Value
	if err := collection.As(&values); err != nil {
		t.Fatal(err)
	}
	return texts(t, values)
}

func texts(t *testing.T, values []tftypes.Value) []string {
	t.Helper()
	texts := make([]string, len(values))
	for i, v := range values {
		if err := v.As(&texts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}
