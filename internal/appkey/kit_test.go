package appkey_test

import (
	"maps"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

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
