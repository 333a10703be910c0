package provider_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestFastPath_keys does so for the same keys: unchanged ones, and each way of being changed,
// of what a state may hold, and of what may be noted in it.
func TestFastPath_keys(t *testing.T) {
	t.Parallel()
	now := apitest.NewClock().Now()
	years, soon, passed := now.AddDate(5, 0, 0), now.AddDate(0, 0, 10).Add(12*time.Hour), now.AddDate(0, 0, -1)
	expires := func(at time.Time) func(*emulator.Key) { return func(k *emulator.Key) { k.ExpiresAt = at } }
	dated := func(at time.Time) map[string]any {
		return map[string]any{"expires_at": at.In(time.FixedZone("", 3600)).Format(time.RFC3339)}
	}
	for name, c := range map[string]struct {
		edit       func(*emulator.Key)
		state      map[string]any // which the configuration says as well, where it can
		unset      string         // left out of the configuration
		note       string         // of the last refresh, which a plan without another obeys
		switches   emulator.Switches
		owner      string // the provider's user_id
		read, plan bool   // whether the fast path answers
	}{
		"unchanged":              {read: true, plan: true},
		"another description":    {edit: func(k *emulator.Key) { k.Description = "by hand" }},
		"not described":          {edit: func(k *emulator.Key) { k.Description = "" }},
		"widened":                {edit: func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Models:Delete") }},
		"narrowed":               {edit: func(k *emulator.Key) { k.Scopes = k.Scopes[:1] }},
		"dependency added":       {edit: func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Inputs:Get") }, read: true, plan: true},
		"spelled otherwise":      {edit: func(k *emulator.Key) { k.Scopes = []string{"Predict", "Inputs_Add"} }, read: true, plan: true},
		"no scopes":              {edit: func(k *emulator.Key) { k.Scopes = nil }},
		"an endpoint more":       {edit: func(k *emulator.Key) { k.Endpoints = append(k.Endpoints, "/clarifai.api.V2/GetModel") }},
		"no endpoints":           {edit: func(k *emulator.Key) { k.Endpoints = nil }},
		"expiring":               {edit: expires(now.Add(time.Hour))},
		"expired":                {edit: expires(now.Add(-time.Hour))},
		"dated":                  {edit: expires(years), state: dated(years), read: true, plan: true},
		"dated, soon":            {edit: expires(soon), state: dated(soon), read: true, plan: true},
		"dated by Clarifai":      {edit: expires(years), state: dated(years), unset: "expires_at", read: true, plan: true},
		"dated so, soon":         {edit: expires(soon), state: dated(soon), unset: "expires_at", read: true},
		"dated, expired":         {edit: expires(passed), state: dated(passed)},
		"dated otherwise":        {edit: expires(soon), state: dated(years), unset: "expires_at"},
		"not stored":             {state: map[string]any{"store_key": false, "key": nil}, read: true, plan: true},
		"stored against the ask": {state: map[string]any{"store_key": false}, plan: true},
		"to be stored":           {state: map[string]any{"key": nil}, plan: true},
		"stored by default":      {unset: "store_key", read: true, plan: true},
		"another value":          {state: map[string]any{"key": "not-the-key"}, plan: true},
		"gone":                   {state: map[string]any{"fingerprint": "0123456789abcdef"}},
		"unknown when made":      {state: map[string]any{"created_at": nil}, plan: true},
		"no longer asked for":    {state: map[string]any{"store_key": false, "key": nil}, unset: "store_key", read: true},
		"of another account":     {owner: "globex", read: true},
		"with server defaults":   {switches: emulator.Switches{DefaultScopes: "all"}, unset: "scopes", plan: true},
		"imported":               {note: "imported", plan: true},
		"renamed outside":        {note: "strayed", plan: true},
		"app recreated":          {note: "app_recreated"},
		"a note of a plan":       {note: "changes"},
		"a new note":             {note: "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := apitest.NewClock() // what two reads note differs if a second passes between them
			w := acctest.Start(t, emulator.Options{Switches: c.switches, Now: clock.Now})
			w.Tune(func(cfg *clarifai.Config) { cfg.Clock = clock })
			w.MakeApps(t, "tenant")
			setup, config := w.Process(t), map[string]any{
				"app_id": "tenant", "description": "test", "scopes": []string{"Inputs:Add", "Predict"}, "endpoints": []string{"/clarifai.api.V2/PostInputs"}, "store_key": true,
			}
			delete(config, c.unset)
			stored, said := setup.Apply(setup.PlanOnly(&acctest.Stored{Type: keyType}, config), nil)
			must(t, said.Err())
			if c.edit != nil {
				must(t, w.EditKey(w.Keys(w.UserID(), "tenant")[0].ID, c.edit))
			}
			maps.Copy(config, c.state)
			for _, name := range []string{"fingerprint", "key", "created_at", c.unset} {
				delete(config, name)
			}
			both := twoWays{owner: c.owner, stored: setup.Edited(stored, c.state, c.note), config: config, unrefreshed: c.note != ""}
			both.compare(t, w).Check(t, c.read || both.unrefreshed, c.plan)
		})
	}
}

// TestFastPath_unconfigured: a provider block that is not known yet is no panic.
func TestFastPath_unconfigured(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	setup := w.Process(t)
	for _, of := range []struct {
		kind   string
		config map[string]any
	}{{"clarifai_app", map[string]any{"id": "tenant"}}, {keyType, map[string]any{"app_id": "tenant", "scopes": []string{"Predict"}}}} {
		stored, said := setup.Apply(setup.PlanOnly(&acctest.Stored{Type: of.kind}, of.config), nil)
		must(t, said.Err())
		p := acctest.NewProcess(t, w.Provider().Server())
		if _, said := p.Refresh(stored); !strings.Contains(said.String(), "was not configured") {
			t.Errorf("%s: %s", of.kind, said)
		}
		apitest.SaysNot(t, p.PlanOnly(stored, of.config).Said.String(), "panicked")
	}
}

var must = apitest.Must
