package appkey_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

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

// opening validates and opens an ephemeral resource as core does.
func opening(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) (opened, acctest.Said) {
	t.Helper()
	config := ephemeralConfig(t, server, name, fields)
	valid, err := server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: config})
	must(t, err)
	if said := acctest.Said(valid.Diagnostics); said.Failed() {
		return opened{}, said
	}
	resp, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: config})
	must(t, err)
	said := acctest.Said(append(valid.Diagnostics, resp.Diagnostics...))
	if said.Failed() {
		return opened{private: resp.Private}, said
	}
	return opened{result: acctest.Texts(t, resp.Result, ephemeralType(t, server, name)), private: resp.Private}, said
}

// open opens what nothing is said of.
func open(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) opened {
	t.Helper()
	o, said := opening(t, server, name, fields)
	if len(said) > 0 {
		t.Fatal(said)
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
