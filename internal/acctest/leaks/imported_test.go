package leaks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/cli"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestAccLeaks_imported imports keys that Terraform did not create, in each way.
func TestAccLeaks_imported(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]bool{"stored": true, "not stored": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			if err := w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}); err != nil {
				t.Fatal(err)
			}
			for _, d := range []string{"one", "two", "three"} {
				if err := w.PutKey(emulator.Key{UserID: w.UserID(), AppID: "tenant", Description: d, Scopes: []string{"Predict"}}); err != nil {
					t.Fatal(err)
				}
			}
			i := importer{lifecycle: newLifecycle(t, w, clitest.New(t, w)), stored: stored}
			config := quick + i.resource("one")
			i.ws.Write("main.tf", config)
			i.must("import", "-no-color", "clarifai_app_key.one", i.byFingerprint(0))
			if i.ws.Release.Has("1.5.0", "1.6.0") {
				config += i.resource("two")
				i.blocks(config)
				i.ws.Write("main.tf", config)
			}
			i.must("show", "-json")
			i.end()
			i.report(i.search(stored, 3))
		})
	}
}

// importer imports keys so that their secrets are stored, or not.
type importer struct {
	*lifecycle
	stored bool
}

// suffix returns the end of an import ID.
func (i importer) suffix() string {
	if i.stored {
		return ""
	}
	return ",store_key=false"
}

// byFingerprint returns an import ID of the nth key.
func (i importer) byFingerprint(n int) string {
	key := i.w.Keys(i.w.UserID(), "tenant")[n]
	return i.w.UserID() + "/tenant/" + cli.Fingerprint(key.ID) + i.suffix()
}

// resource returns the resource of a key.
func (i importer) resource(name string) string {
	return fmt.Sprintf("\nresource \"clarifai_app_key\" %q {\n  app_id = \"tenant\"\n  description = %q\n  scopes = [\"Predict\"]\n  store_key = %t\n}\n", name, name, i.stored)
}

// blocks imports a key with an import block, in spite of a failure, and another
// with generated configuration.
func (i importer) blocks(config string) {
	i.t.Helper()
	block := func(to, id, more string) string {
		return fmt.Sprintf("\nimport {\n  to = clarifai_app_key.%s\n  id = %q\n%s}\n", to, id, more)
	}
	two := config + block("two", i.w.UserID()+"/tenant/description=two"+i.suffix(), "")
	i.disrupt("plan", two, emulator.Fault{Method: "ListAppKeys", Kind: "echo_key", HTTPStatus: 400})
	i.change("import", two)
	// Without the provider, Terraform 1.16.0-rc2 looks for hashicorp/clarifai. It is only
	// allowed where the configuration is generated.
	i.ws.Write("main.tf", config+block("three", i.byFingerprint(2), "  provider = clarifai\n"))
	i.must("plan", "-json", "-generate-config-out=generated.tf", "-out=generated.plan")
	i.must("show", "-json", "generated.plan")
	i.must("apply", "-json", "generated.plan")
	generated, err := os.ReadFile(filepath.Join(i.ws.Dir, "generated.tf"))
	if err != nil || !strings.Contains(string(generated), "clarifai_app_key") {
		i.t.Errorf("nothing was generated (%v)", err)
	}
}
