package app_test

import (
	"maps"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_app.t"

// attributes are those of a resource.
type attributes = map[string]any

// only returns the app with these attributes.
func only(id string, all ...attributes) acctest.Resources {
	app := attributes{"id": id}
	for _, a := range all {
		maps.Copy(app, a)
	}
	return acctest.Resources{address: app}
}

// withKeys returns the app with these attributes and two keys.
func withKeys(all ...attributes) acctest.Resources {
	r := only("tenant", all...)
	for _, name := range []string{"k", "l"} {
		r["clarifai_app_key."+name] = attributes{"app_id": "tenant", "description": "key " + name, "scopes": []string{"Predict"}}
	}
	return r
}

const createThree = "create app.t, create app_key.k, create app_key.l"

// all is every attribute.
var all = attributes{
	"name": "Tenant one", "default_language": "de", "sample_ms": 500, "is_template": true, "visibility": "ORG",
	"description": "first", "notes": "# First",
	"metadata":         `{"tenant":"acme","limits":{"cpu":2,"big":12345678901234567890}}`,
	"default_workflow": map[string]string{"id": "General", "user_id": "clarifai", "app_id": "main"},
}

var must = apitest.Must

// live returns the tenant's app as Clarifai has it.
func live(t *testing.T, w *acctest.World) emulator.App {
	t.Helper()
	apps := w.Apps(w.UserID())
	if len(apps) != 1 {
		t.Fatalf("there are %d apps", len(apps))
	}
	return apps[0]
}
