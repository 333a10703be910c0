// Package acctest runs acceptance tests: a real Terraform or OpenTofu, this
// provider in the process of the test, and an emulator for each test.
//
// Below it, package cli runs the CLI without a test, for the tools as well, and
// package clitest is the same for tests of the provider's own program.
package acctest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorder"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// Most of what a run of the CLI costs is its start, a third of which goes to garbage
// collection. The runs inherit this; the process of the test has started already.
func init() {
	if os.Getenv("GOGC") == "" {
		_ = os.Setenv("GOGC", "800") // it fails for odd names only
	}
}

// World is the emulator of one test, and the provider that talks to it.
type World struct {
	*emulator.Emulator
	URL string

	// Settings are added to the provider block of a [Process].
	Settings map[string]any
	// Pause is called before each process starts. Nil: none is needed.
	Pause func()
	// Environment holds the variables that the provider in this process sees.
	Environment map[string]string

	tune          []func(*clarifai.Config)
	tuneInventory []func(*inventory.Config)
	recorder      *recorder.Recorder
}

// Start serves an emulator until the test ends.
func Start(t testing.TB, o emulator.Options) *World {
	t.Helper()
	e := emulator.New(o)
	w := &World{Emulator: e, URL: apitest.Serve(t, e)}
	w.recorder = recorder.New(w.fingerprints)
	t.Cleanup(func() {
		for _, err := range w.recorder.Errors() {
			t.Error(err)
		}
	})
	return w
}

// fingerprints returns those of all keys that there have been.
func (w *World) fingerprints() (all []string) {
	for _, secret := range w.Secrets() {
		all = append(all, clarifai.Secret(secret).Fingerprint())
	}
	return all
}

// Record takes reports of [recorder.Remote] until the test ends, at the URL that it returns.
func (w *World) Record(t testing.TB) (url string) { return apitest.Serve(t, w.recorder) }

// Tune changes the client of the provider beyond what the provider block can.
func (w *World) Tune(f func(*clarifai.Config)) { w.tune = append(w.tune, f) }

// TuneInventory changes the inventory of the provider. By default it waits less
// for what a real server may do late.
func (w *World) TuneInventory(f func(*inventory.Config)) {
	w.tuneInventory = append(w.tuneInventory, f)
}

// Config returns a configuration with a provider block for the emulator before it.
func (w *World) Config(hcl string) string {
	return fmt.Sprintf("provider \"clarifai\" {\n  api_base = %q\n  user_id  = %q\n  pat      = %q\n}\n", w.URL, w.UserID(), w.PAT()) + hcl
}

// Provider returns the provider as tests serve it: it ignores the environment of
// the machine, has no rate limit to wait for, and retries after short waits.
func (w *World) Provider() *provider.Provider {
	environment := provider.Environment{
		Getenv:   func(name string) string { return w.Environment[name] },
		ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		Home:     func() (string, error) { return "/nonexistent", nil },
	}
	return provider.New("test", provider.WithEnvironment(environment), provider.WithClient(func(cfg *clarifai.Config) {
		if cfg.RequestsPerSecond == 0 {
			cfg.RequestsPerSecond = 10000
		}
		cfg.RetryBase = 5 * time.Millisecond
		for _, f := range w.tune {
			f(cfg)
		}
		recorder.Watch(w.recorder, cfg)
	}), provider.WithInventory(func(cfg *inventory.Config) {
		recorder.ShortWaits(cfg)
		for _, f := range w.tuneInventory {
			f(cfg)
		}
	}))
}

// Server returns the provider as tests serve it, watched by the recorder of the test.
func (w *World) Server() tfprotov6.ProviderServer {
	return recorder.Serve(w.recorder, w.Provider().Server())
}

// Run runs the steps of a test case, destroys everything and checks that nothing
// is left.
func (w *World) Run(t *testing.T, c resource.TestCase) {
	t.Helper()
	must(TheRelease())(t)
	c.IsUnitTest = true
	c.ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
		"clarifai": func() (tfprotov6.ProviderServer, error) { return w.Server(), nil },
	}
	if c.CheckDestroy == nil {
		c.CheckDestroy = w.NothingLeft
	}
	resource.ParallelTest(t, c)
	w.checkRequests(t)
}

// NothingLeft returns an error if an app or a key is left.
func (w *World) NothingLeft(*terraform.State) error {
	if apps, keys := w.LiveApps(), w.LiveKeys(); apps+keys > 0 {
		return fmt.Errorf("%d apps and %d keys are left", apps, keys)
	}
	return nil
}

// EachVariant runs f with every setting of the emulator. Where what was created is not
// shown for a while, which the next process cannot know, that starts later.
func EachVariant(t *testing.T, f func(t *testing.T, w *World, s emulator.Switches)) {
	t.Helper()
	for name, s := range emulator.Variants() {
		t.Run(name, func(t *testing.T) {
			o := emulator.Options{Switches: s}
			if s.CreateLag == 0 {
				f(t, Start(t, o), s)
				return
			}
			clock := &leapClock{}
			o.Now = clock.Now
			w := Start(t, o)
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			w.TuneInventory(func(cfg *inventory.Config) { cfg.CreatedWait = 10 * time.Second })
			w.Pause = func() { _ = clock.Sleep(t.Context(), s.CreateLag) }
			f(t, w, s)
		})
	}
}

// MakeApps creates apps of the account outside of Terraform.
func (w *World) MakeApps(t testing.TB, ids ...string) {
	t.Helper()
	for _, id := range ids {
		apitest.Must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID()}))
	}
}

// MakeKey creates a key of the app "tenant" outside of Terraform, and the app if there is
// none. It returns the key's ID.
func (w *World) MakeKey(t testing.TB, k emulator.Key) string {
	t.Helper()
	if len(w.Apps(w.UserID())) == 0 {
		w.MakeApps(t, "tenant")
	}
	k.ID, k.UserID, k.AppID = emulator.NewSecret(), w.UserID(), "tenant"
	apitest.Must(t, w.PutKey(k))
	return w.UserID() + "/tenant/" + clarifai.Secret(k.ID).Fingerprint()
}

// CheckKeys checks how many keys live.
func (w *World) CheckKeys(t testing.TB, want int) {
	t.Helper()
	apitest.Equal(t, w.LiveKeys(), want, "living keys")
}

// leapClock is the clock on the wall, on which waits pass at once.
type leapClock struct{ passed atomic.Int64 }

// Now returns the time on the clock.
func (c *leapClock) Now() time.Time { return time.Now().Add(time.Duration(c.passed.Load())) }

// Sleep advances the clock, unless ctx has ended.
func (c *leapClock) Sleep(ctx context.Context, d time.Duration) error {
	c.passed.Add(int64(d))
	return ctx.Err()
}
