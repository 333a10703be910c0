package faults_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// seeded fills an account with apps and keys and gives the keys.
func seeded(t *testing.T, w *acctest.World, apps, keysPerApp int) []emulator.Key {
	t.Helper()
	for a := range apps {
		app := fmt.Sprintf("app-%04d", a)
		if err := w.PutApp(emulator.App{ID: app, UserID: w.UserID()}); err != nil {
			t.Fatal(err)
		}
		for k := range keysPerApp {
			err := w.PutKey(emulator.Key{ID: emulator.NewSecret(), UserID: w.UserID(), AppID: app,
				Description: fmt.Sprint("key ", k), Scopes: []string{"Predict"}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return w.Keys(w.UserID(), "")
}

// found asks for all keys and all their apps at once, as a plan does.
func found(t *testing.T, c *inventory.Inventory, keys []emulator.Key) {
	t.Helper()
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() {
			got, err := c.FindKey(t.Context(), k.UserID, k.AppID, fingerprint(k.ID))
			if err != nil || got.Value.Reveal() != k.ID {
				t.Errorf("key of %s: %v", k.AppID, err)
			}
			if _, err := c.FindApp(t.Context(), k.UserID, k.AppID); err != nil {
				t.Errorf("%s: %v", k.AppID, err)
			}
		})
	}
	wg.Wait()
}

// TestFleet_requests counts what it takes to read many keys and their apps.
func TestFleet_requests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		apps, perApp, max int
		s                 emulator.Switches
	}{
		{"1,000 keys in 100 apps", 100, 10, 6, emulator.Switches{}},
		{"10,000 keys in 1,000 apps", 1000, 10, 20, emulator.Switches{}},
		{"10,000 keys in 1,000 apps, shuffled", 1000, 10, 20, emulator.Switches{ListingOrder: "shuffle"}},
		// What the turning pages hide is asked for app by app.
		{"10,000 keys in 1,000 apps, pages turning", 1000, 10, 40, emulator.Switches{ShiftingPages: true}},
		{"2,600 keys in one app, pages turning", 1, 2600, 40, emulator.Switches{ShiftingPages: true}},
		{"2,600 keys in one app, pages turning and shuffled", 1, 2600, 40, emulator.Switches{ShiftingPages: true, ListingOrder: "shuffle"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: c.s})
			keys := seeded(t, w, c.apps, c.perApp)
			found(t, w.Inventory(t), keys)
			if n := w.Count(""); n > c.max {
				t.Errorf("%d requests, at most %d wanted", n, c.max)
			}
			noKeyInURL(t, w)
		})
	}
}

// TestFleet_turningPages makes a key in an app of so many that the listing has
// pages, and loses the answer: the new key has to be found all the same.
func TestFleet_turningPages(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{ShiftingPages: true, ListingOrder: "reverse"}})
	seeded(t, w, 1, 2600)
	c := w.Inventory(t)
	words := inventory.NewKey{UserID: w.UserID(), AppID: "app-0000", Description: "key 7", Scopes: []string{"Predict"}}
	for n := range 8 {
		w.Inject(emulator.Fault{Method: "PostKeys", Kind: "cut_after"})
		if _, err := c.CreateKey(t.Context(), words); err != nil {
			t.Fatal(err)
		}
		if live := w.LiveKeys(); live != 2600+n+1 {
			t.Fatalf("%d keys after %d creations", live, n+1)
		}
	}
}

// TestFleet_anotherAccount reads with a PAT that does not belong to the account,
// and with one that was revoked: nothing is believed gone.
func TestFleet_anotherAccount(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	keys := seeded(t, w, 20, 5)
	for name, pat := range map[string]string{"another's": w.AddUser("somebody"), "no such": emulator.NewSecret()} {
		inv := w.InventoryAs(t, pat)
		for _, k := range keys {
			if _, err := inv.FindKey(t.Context(), k.UserID, k.AppID, fingerprint(k.ID)); err == nil || errors.Is(err, inventory.ErrGone) {
				t.Fatalf("%s PAT: %v", name, err)
			}
		}
	}
}
