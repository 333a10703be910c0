package appkey_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// read reads a data source and returns its state, or the text of the first error.
func read(t *testing.T, server tfprotov6.ProviderServer, name string, fields map[string]any) (tftypes.Value, string) {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.DataSourceSchemas[name].ValueType()
	resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: acctest.Object(t, typ, fields)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		return tftypes.Value{}, d.Summary + ": " + d.Detail
	}
	v, err := resp.State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return v, ""
}

// listed returns how many keys the data source clarifai_app_keys shows.
func listed(t *testing.T, server tfprotov6.ProviderServer, app string) int {
	t.Helper()
	v, failure := read(t, server, "clarifai_app_keys", map[string]any{"app_id": app})
	var attributes map[string]tftypes.Value
	var keys []tftypes.Value
	if failure != "" || v.As(&attributes) != nil || attributes["keys"].As(&keys) != nil {
		t.Fatal(failure)
	}
	return len(keys)
}

// Two providers of one account, as two aliases are: what one creates, the other
// finds, although it has listed the app before.
func TestFresh(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: "first", Scopes: []string{"Predict"}}))
	server := w.Configured(t)
	find := map[string]any{"app_id": "tenant", "description": "second"}
	if _, failure := read(t, server, "clarifai_app_key", find); !strings.Contains(failure, "Cannot find app key") {
		t.Fatalf("before it exists: %q", failure)
	}
	if n := listed(t, server, "tenant"); n != 1 {
		t.Fatalf("%d keys", n)
	}
	missing := map[string]any{"id": w.UserID() + "/tenant/0123456789abcdef"}
	if _, failure := read(t, server, "clarifai_app_key", missing); !strings.Contains(failure, "has no key") {
		t.Fatalf("a key that does not exist: %q", failure)
	}

	must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: "second", Scopes: []string{"Predict"}}))
	var second string
	for _, k := range w.Keys(w.UserID(), "tenant") {
		if k.Description == "second" {
			second = k.ID
		}
	}
	id := map[string]any{"id": w.UserID() + "/tenant/" + fingerprint(second)}
	if _, failure := read(t, server, "clarifai_app_key", id); failure != "" {
		t.Errorf("the data source by id: %s", failure)
	}
	if _, failure := read(t, server, "clarifai_app_key", find); failure != "" {
		t.Errorf("the data source by description: %s", failure)
	}
	if o := open(t, server, "clarifai_app_key", id); o.result["key"] != second {
		t.Error("the ephemeral resource gives another key")
	}
	if n := listed(t, server, "tenant"); n != 2 {
		t.Errorf("the data source of all keys shows %d", n)
	}
}
