// Package acctest runs acceptance tests: a real Terraform or OpenTofu, this
// provider, and an emulator for each test.
package acctest

import (
	"fmt"
	"io/fs"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// World is an emulator that is served for one test.
type World struct {
	*emulator.Emulator
	URL string

	tune []func(*clarifai.Config)
}

// Start serves an emulator until the test ends.
func Start(t testing.TB, o emulator.Options) *World {
	t.Helper()
	e := emulator.New(o)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return &World{Emulator: e, URL: server.URL}
}

// Tune changes the client that the provider makes, beyond what its block can say.
func (w *World) Tune(f func(*clarifai.Config)) { w.tune = append(w.tune, f) }

// Config puts a provider block for this emulator before the configuration.
func (w *World) Config(hcl string) string { return w.ConfigAs(w.UserID(), w.PAT(), hcl) }

// ConfigAs is Config for another account or PAT.
func (w *World) ConfigAs(userID, pat, hcl string) string {
	return fmt.Sprintf("provider \"clarifai\" {\n  api_base = %q\n  user_id  = %q\n  pat      = %q\n}\n", w.URL, userID, pat) + hcl
}

// NoEnvironment is a machine without settings of Clarifai.
func NoEnvironment() provider.Environment {
	return provider.Environment{
		Getenv:   func(string) string { return "" },
		ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		Home:     func() (string, error) { return "/nonexistent", nil },
	}
}

// Provider is the provider as tests serve it: nothing from the machine's
// environment, no rate limit to wait for, short backoffs.
func (w *World) Provider() *provider.Provider {
	return provider.New("test", provider.WithEnvironment(NoEnvironment()), provider.WithClient(func(cfg *clarifai.Config) {
		if cfg.RequestsPerSecond == 0 {
			cfg.RequestsPerSecond = 10000
		}
		cfg.RetryBase = 5 * time.Millisecond
		for _, f := range w.tune {
			f(cfg)
		}
	}))
}

// Factories serve the provider to the CLI.
func (w *World) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"clarifai": func() (tfprotov6.ProviderServer, error) {
			return w.Provider().Server(), nil
		},
	}
}

// Run runs the steps, destroys all, and checks that nothing is left.
func (w *World) Run(t *testing.T, c resource.TestCase) {
	t.Helper()
	c.IsUnitTest = true
	c.ProtoV6ProviderFactories = w.Factories()
	if c.CheckDestroy == nil {
		c.CheckDestroy = w.NothingLeft
	}
	resource.ParallelTest(t, c)
	w.checkRequests(t)
}

// NoKeysLeft is NothingLeft for tests that make the app by hand.
func (w *World) NoKeysLeft(*terraform.State) error {
	if n := w.LiveKeys(); n > 0 {
		return fmt.Errorf("%d keys are left", n)
	}
	return nil
}

// NothingLeft checks that no app and no key is left.
func (w *World) NothingLeft(*terraform.State) error {
	if apps, keys := w.LiveApps(), w.LiveKeys(); apps+keys > 0 {
		return fmt.Errorf("%d apps and %d keys are left", apps, keys)
	}
	return nil
}

// EachVariant runs f under every setting of the emulator.
func EachVariant(t *testing.T, f func(t *testing.T, w *World, s emulator.Switches)) {
	t.Helper()
	for name, s := range emulator.Variants() {
		t.Run(name, func(t *testing.T) { f(t, Start(t, emulator.Options{Switches: s}), s) })
	}
}

// Inventory returns an inventory of the emulator with the owner's PAT, for what a
// test does beside Terraform.
func (w *World) Inventory(t testing.TB) *inventory.Inventory {
	t.Helper()
	return w.InventoryAs(t, w.PAT())
}

// InventoryAs is [World.Inventory] with another PAT.
func (w *World) InventoryAs(t testing.TB, pat string) *inventory.Inventory {
	t.Helper()
	c, err := clarifai.New(clarifai.Config{BaseURL: w.URL, PAT: pat, RequestsPerSecond: 10000})
	if err != nil {
		t.Fatal(err)
	}
	return inventory.New(c, inventory.Config{UserID: w.UserID()})
}
