package appkey_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// listed returns how many keys the data source clarifai_app_keys shows.
func listed(t *testing.T, server tfprotov6.ProviderServer, fields map[string]any) int {
	t.Helper()
	state := acctest.Read(t, server, "clarifai_app_keys", fields)
	return len(acctest.Listed(t, state["keys"], "id"))
}

// Two providers of one account, as two aliases are: what one creates, the other
// finds, although it has listed the app before.
func TestFresh(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.MakeApps(t, "tenant")
	must(t, w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: "first", Scopes: []string{"Predict"}}))
	server := w.Configured(t)
	everywhere := []map[string]any{{"app_id": "tenant"}, {}}
	find := map[string]any{"app_id": "tenant", "description": "second"}
	if _, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", find); !strings.Contains(failure, "Cannot find app key") {
		t.Fatalf("before it exists: %q", failure)
	}
	for _, of := range everywhere {
		apitest.Equal(t, listed(t, server, of), 1, "keys of", of)
	}
	missing := map[string]any{"id": w.UserID() + "/tenant/0123456789abcdef"}
	if _, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", missing); !strings.Contains(failure, "has no key") {
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
	if _, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", id); failure != "" {
		t.Errorf("the data source by id: %s", failure)
	}
	if _, failure := acctest.ReadDataSource(t, server, "clarifai_app_key", find); failure != "" {
		t.Errorf("the data source by description: %s", failure)
	}
	if o := open(t, server, "clarifai_app_key", id); o.Result["key"] != second {
		t.Error("the ephemeral resource gives another key")
	}
	for _, of := range everywhere {
		apitest.Equal(t, listed(t, server, of), 2, "keys of", of)
	}
}
