package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Opened is an ephemeral resource that is open.
type Opened struct {
	Result  map[string]string // the attributes that are strings
	Private []byte

	typ string
}

// Open validates and opens an ephemeral resource, as core does.
func Open(t testing.TB, server tfprotov6.ProviderServer, resourceType string, fields map[string]any) (Opened, Said) {
	t.Helper()
	o, typ := Opened{typ: resourceType}, schemasOf(t, server).EphemeralResourceSchemas[resourceType].ValueType()
	config := Object(t, typ, fields)
	check := &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: resourceType, Config: config}
	valid := must(server.ValidateEphemeralResourceConfig(t.Context(), check))(t)
	said := Said(valid.Diagnostics)
	if said.Failed() {
		return o, said
	}
	resp := must(server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: resourceType, Config: config}))(t)
	said = append(said, resp.Diagnostics...)
	if o.Private = resp.Private; !said.Failed() {
		o.Result = Texts(t, resp.Result, typ)
	}
	return o, said
}

// Close closes an ephemeral resource in a process, which may be another one.
func (o Opened) Close(t testing.TB, server tfprotov6.ProviderServer) Said {
	t.Helper()
	req := &tfprotov6.CloseEphemeralResourceRequest{TypeName: o.typ, Private: o.Private}
	return must(server.CloseEphemeralResource(t.Context(), req))(t).Diagnostics
}
