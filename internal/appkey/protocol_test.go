package appkey_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

// errNotTheKey does not tell the values.
var errNotTheKey = errors.New("the value is not the key's")

func fingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])[:16]
}

// configured is the provider as Terraform talks to it.
func configured(t *testing.T, w *acctest.World) tfprotov6.ProviderServer {
	t.Helper()
	return configure(t, w, w.Provider().Server())
}

func configure(t *testing.T, w *acctest.World, server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamicObject(t, schemas.Provider.ValueType(), map[string]any{"api_base": w.URL, "user_id": w.UserID(), "pat": w.PAT(), "max_retries": 1}),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return server
}

// object is a value of a schema's type; what is not named is null.
func dynamicObject(t *testing.T, typ tftypes.Type, fields map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, attribute := range typ.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
		switch v := fields[name].(type) {
		case string, int:
			values[name] = tftypes.NewValue(attribute, v)
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

func ephemeralType(t *testing.T, server tfprotov6.ProviderServer, name string) tftypes.Type {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return schemas.EphemeralResourceSchemas[name].ValueType()
}

func ephemeralConfig(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	return dynamicObject(t, ephemeralType(t, server, name), fields)
}

// opened is an ephemeral resource that is open.
type opened struct {
	result  map[string]string // the attributes that are strings
	private []byte
}

func open(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) opened {
	t.Helper()
	resp, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name, Config: ephemeralConfig(t, server, name, fields),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	v, err := resp.Result.Unmarshal(ephemeralType(t, server, name))
	if err != nil {
		t.Fatal(err)
	}
	attributes := map[string]tftypes.Value{}
	if err := v.As(&attributes); err != nil {
		t.Fatal(err)
	}
	o := opened{result: map[string]string{}, private: resp.Private}
	for name, a := range attributes {
		var s string
		if a.Type().Is(tftypes.String) && !a.IsNull() && a.As(&s) == nil {
			o.result[name] = s
		}
	}
	return o
}

func closing(t *testing.T, server tfprotov6.ProviderServer, o opened) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := server.CloseEphemeralResource(t.Context(), &tfprotov6.CloseEphemeralResourceRequest{
		TypeName: "clarifai_temporary_app_key", Private: o.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}
