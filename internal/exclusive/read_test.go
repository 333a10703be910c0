package exclusive_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAppKeysExclusive_requests plans over apps with ten keys each, all of them kept or not,
// and over apps without a key: the sets cost no request.
func TestAppKeysExclusive_requests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		perApp    int
		unmanaged bool
		listing   int // requests of the listing of keys that nothing else reads
	}{
		"kept": {perApp: 10}, "unmanaged": {perApp: 9, unmanaged: true}, "no keys": {listing: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, want := newTenants(t, emulator.Switches{}), acctest.Resources{}
			e.w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = 300 * time.Millisecond }) // on a slow machine, too
			count := func() int {
				t.Helper()
				must(t, e.Apply(want))
				e.w.Reset()
				_, err := e.Plan(want)
				must(t, err)
				return e.w.Count("")
			}
			sets := acctest.Resources{}
			for app := range 12 {
				id, ids := fmt.Sprint("tenant-", app), []any{}
				want["clarifai_app."+id] = map[string]any{"id": id}
				for n := range c.perApp { // the first of each app, then the second: reads of ten apps share a window
					address := fmt.Sprintf("clarifai_app_key.k%d-%s", n, id)
					want[address], ids = map[string]any{"app_id": id, "scopes": []string{"Predict"}}, append(ids, ref(address, "id"))
				}
				sets[setType+"."+id] = map[string]any{"app_id": id, "key_ids": ids, "allow_none": true}
			}
			without := count()
			maps.Copy(want, sets)
			count()
			for id := range sets {
				if app := want[id]["app_id"].(string); c.unmanaged {
					must(t, e.w.PutKey(emulator.Key{UserID: e.w.UserID(), AppID: app}))
				}
			}
			e.w.Reset()
			_, err := e.Plan(want)
			must(t, err)
			if with := e.w.Count(""); with > without+c.listing || without > 5 {
				t.Errorf("%d requests, and %d without the sets", with, without)
			}
		})
	}
}

// TestAppKeysExclusive_appGone: that an app without keys is gone shows although no listing of
// keys tells.
func TestAppKeysExclusive_appGone(t *testing.T) {
	t.Parallel()
	e, want := newTenants(t, emulator.Switches{}), acctest.Resources{}
	e.w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = 300 * time.Millisecond })
	for _, app := range []string{"a", "b", "c", "d"} {
		e.w.MakeApps(t, app)
		want[setType+"."+app] = map[string]any{"app_id": app, "key_ids": []string{}, "allow_none": true}
	}
	must(t, e.Apply(want))
	must(t, e.w.DeleteApp(e.w.UserID(), "b"))
	apitest.Equal(t, e.Changes(want), "create app_keys_exclusive.b", "the plan")
}
