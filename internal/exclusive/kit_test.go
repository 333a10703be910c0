package exclusive_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// must fails the test when an edit from outside did not work.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const tenant = `
resource "clarifai_app" "t" {
  id = "tenant"
}
`

func of(app, attributes string) string {
	return "resource \"clarifai_app_key\" \"k\" {\n  app_id = " + app + "\n" + attributes + "\n}\n"
}

func path(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

// byHand creates the app and a key of it outside of Terraform, and returns the
// key's ID.
func byHand(t *testing.T, w *acctest.World, k emulator.Key) string {
	t.Helper()
	if len(w.Apps(w.UserID())) == 0 {
		must(t, w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}))
	}
	k.ID, k.UserID, k.AppID = emulator.NewSecret(), w.UserID(), "tenant"
	must(t, w.PutKey(k))
	return w.UserID() + "/tenant/" + clarifai.Secret(k.ID).Fingerprint()
}
