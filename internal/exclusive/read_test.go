package exclusive_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAppKeysExclusive_requests plans over 100 apps with 10 keys each, all of
// them kept or not, and over apps without a key: the sets cost no request.
func TestAppKeysExclusive_requests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		perApp, unmanaged int
		listing           int // requests of the listing of keys that nothing else reads
	}{
		"kept":      {perApp: 10},
		"unmanaged": {perApp: 9, unmanaged: 1},
		"no keys":   {listing: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = 300 * time.Millisecond }) // on a slow machine, too
			var apps, sets []planned
			keys := make([][]planned, c.perApp) // the first of each app, then the second: reads of ten apps share a window
			for a := range 100 {
				app := fmt.Sprintf("tenant-%d", a)
				must(t, w.PutApp(emulator.App{ID: app, UserID: w.UserID()}))
				apps = append(apps, planned{"clarifai_app", map[string]any{"user_id": w.UserID(), "id": app}})
				ids := []string{}
				for n := range c.perApp + c.unmanaged {
					raw := emulator.NewSecret()
					must(t, w.PutKey(emulator.Key{ID: raw, UserID: w.UserID(), AppID: app}))
					if n < c.perApp {
						ids = append(ids, w.UserID()+"/"+app+"/"+clarifai.Secret(raw).Fingerprint())
						keys[n] = append(keys[n], planned{"clarifai_app_key", map[string]any{"id": ids[n], "user_id": w.UserID(), "app_id": app, "fingerprint": clarifai.Secret(raw).Fingerprint(), "store_key": true}})
					}
				}
				sets = append(sets, planned{"clarifai_app_keys_exclusive", map[string]any{"user_id": w.UserID(), "app_id": app, "key_ids": ids, "allow_none": true}})
			}
			without := countPlan(t, w, apps, slices.Concat(keys...))
			with := countPlan(t, w, apps, slices.Concat(keys...), sets)
			if with > without+c.listing || without > 5 {
				t.Errorf("%d requests, and %d without the sets", with, without)
			}
		})
	}
}

// TestAppKeysExclusive_appGone: that an app without keys is gone shows although no
// listing of keys tells.
func TestAppKeysExclusive_appGone(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = 300 * time.Millisecond })
	var sets []planned
	for _, app := range []string{"a", "b", "c", "d"} {
		must(t, w.PutApp(emulator.App{ID: app, UserID: w.UserID()}))
		sets = append(sets, planned{"clarifai_app_keys_exclusive", map[string]any{"user_id": w.UserID(), "app_id": app, "key_ids": []string{}, "allow_none": true}})
	}
	states := refresh(t, w, nil, [][]planned{sets})
	must(t, w.DeleteApp(w.UserID(), "b"))
	states = refresh(t, w, states, [][]planned{sets})
	for i := range sets {
		if isGone := states[&sets[i]] == nil; isGone != (sets[i].state["app_id"] == "b") {
			t.Errorf("%v: gone is %v", sets[i].state["app_id"], isGone)
		}
	}
}

// planned is a resource in the state.
type planned struct {
	kind  string
	state map[string]any
}

// countPlan reads and plans resources, and returns how many requests that takes once
// their state is complete.
func countPlan(t *testing.T, w *acctest.World, kinds ...[]planned) int {
	t.Helper()
	states := map[*planned]*tfprotov6.DynamicValue{}
	for range 2 {
		w.Reset()
		states = refresh(t, w, states, kinds)
	}
	return w.Count("")
}

// refresh reads and plans resources as Terraform does, ten at a time and each kind
// after the one before. It returns the states of those that exist.
func refresh(t *testing.T, w *acctest.World, states map[*planned]*tfprotov6.DynamicValue, kinds [][]planned) map[*planned]*tfprotov6.DynamicValue {
	t.Helper()
	server := w.Configured(t)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	var (
		mu        sync.Mutex
		refreshed = map[*planned]*tfprotov6.DynamicValue{}
	)
	for _, kind := range kinds {
		var group sync.WaitGroup
		turns := make(chan struct{}, 10)
		for i := range kind {
			r := &kind[i]
			group.Go(func() {
				turns <- struct{}{}
				defer func() { <-turns }()
				state := states[r]
				if state == nil {
					state = acctest.Object(t, schemas.ResourceSchemas[r.kind].ValueType(), r.state)
				}
				read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: r.kind, CurrentState: state})
				if err != nil || len(read.Diagnostics) > 0 {
					t.Errorf("%s: %v, %v", r.kind, err, read)
					return
				}
				if gone, err := read.NewState.IsNull(); gone || err != nil {
					return
				}
				mu.Lock()
				refreshed[r] = read.NewState
				mu.Unlock()
				plan, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: r.kind, PriorState: read.NewState, ProposedNewState: read.NewState, Config: read.NewState, PriorPrivate: read.Private,
				})
				if err != nil || slices.ContainsFunc(plan.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
					return !strings.HasPrefix(d.Summary, "The apply revokes app keys of ")
				}) {
					t.Errorf("%s: %v, %v", r.kind, err, plan)
				}
			})
		}
		group.Wait()
	}
	return refreshed
}
