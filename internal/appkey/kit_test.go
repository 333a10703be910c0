package appkey_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_app_key.k"

func path(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

var must = apitest.Must

const tenant = `
resource "clarifai_app" "t" {
  id = "tenant"
}
`

func of(app, attributes string) string {
	return "resource \"clarifai_app_key\" \"k\" {\n  app_id = " + app + "\n" + attributes + "\n}\n"
}

// attributes are those of a resource.
type attributes = map[string]any

const createBoth = "create app.t, create app_key.k"

var (
	predict = attributes{"scopes": []string{"Predict"}}
	outputs = []string{"/clarifai.api.V2/PostModelOutputs"}
)

// inTenant returns an app and a key of it with these attributes.
func inTenant(all ...attributes) acctest.Resources { return inApp("tenant", all...) }

func inApp(app string, all ...attributes) acctest.Resources {
	key := attributes{"app_id": app}
	for _, a := range all {
		maps.Copy(key, a)
	}
	return acctest.Resources{"clarifai_app.t": {"id": app}, address: key}
}

// edit changes the tenant's only key from outside.
func edit(t *testing.T, w *acctest.World, f func(*emulator.Key)) func() {
	return func() {
		t.Helper()
		must(t, w.EditKey(w.Keys(w.UserID(), "tenant")[0].ID, f))
	}
}

// holdsSecret reports whether a text holds a secret of the account.
func holdsSecret(w *acctest.World, text string) bool {
	return slices.ContainsFunc(w.Secrets(), func(secret string) bool { return strings.Contains(text, secret) })
}

func fingerprint(key string) string { return clarifai.Secret(key).Fingerprint() }

// open opens an ephemeral resource of which nothing is said.
func open(t *testing.T, server tfprotov6.ProviderServer, name string, fields attributes) acctest.Opened {
	t.Helper()
	o, said := acctest.Open(t, server, name, fields)
	if len(said) > 0 {
		t.Fatal(said)
	}
	return o
}
