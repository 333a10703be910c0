package faults_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// seed creates apps and keys, and returns the keys.
func seed(t *testing.T, w *acctest.World, apps, keysPerApp int) []emulator.Key {
	t.Helper()
	for a := range apps {
		app := fmt.Sprintf("app-%04d", a)
		w.MakeApps(t, app)
		for k := range keysPerApp {
			err := w.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: app,
				Description: fmt.Sprint("key ", k), Scopes: []string{"Predict"}})
			must(t, err)
		}
	}
	return w.Keys(w.UserID(), "")
}

// findAll finds all keys and their apps at once, as a plan does.
func findAll(t *testing.T, c *inventory.Inventory, keys []emulator.Key) {
	t.Helper()
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() {
			got, err := c.Key(t.Context(), clarifai.KeyRef{UserID: k.UserID, AppID: k.AppID, Fingerprint: clarifai.Secret(k.ID).Fingerprint()}, inventory.Checked)
			if err != nil || got.Value.Reveal() != k.ID {
				t.Errorf("key of %s: %v", k.AppID, err)
			}
			if _, err := c.App(t.Context(), clarifai.AppRef{UserID: k.UserID, AppID: k.AppID}, inventory.Checked); err != nil {
				t.Errorf("%s: %v", k.AppID, err)
			}
		})
	}
	wg.Wait()
}

// TestFleet_requests counts the requests that it takes to read many keys and apps.
func TestFleet_requests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		apps, perApp, most int
		s                  emulator.Switches
	}{
		{"1,000 keys in 100 apps", 100, 10, 6, emulator.Switches{}},
		{"10,000 keys in 1,000 apps", 1000, 10, 20, emulator.Switches{}},
		{"10,000 keys in 1,000 apps, shuffled", 1000, 10, 20, emulator.Switches{ListingOrder: "shuffle"}},
		// Keys that the shifting pages hide are listed app by app.
		{"10,000 keys in 1,000 apps, pages shifting", 1000, 10, 40, emulator.Switches{ShiftingPages: true}},
		{"2,600 keys in one app, pages shifting", 1, 2600, 40, emulator.Switches{ShiftingPages: true}},
		{"2,600 keys in one app, pages shifting and shuffled", 1, 2600, 40, emulator.Switches{ShiftingPages: true, ListingOrder: "shuffle"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: c.s})
			keys := seed(t, w, c.apps, c.perApp)
			findAll(t, inventoryOf(t, w), keys)
			if n := w.Count(""); n > c.most {
				t.Errorf("%d requests, at most %d wanted", n, c.most)
			}
			checkURLs(t, w.URL)
		})
	}
}
