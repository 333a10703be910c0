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
	return acctest.Object(t, ephemeralType(t, server, name), fields)
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
	return opened{result: acctest.Texts(t, resp.Result, ephemeralType(t, server, name)), private: resp.Private}
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
