package provider_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// twins are the provider with its fast path and the framework's server alone,
// both configured for the same emulator.
type twins struct {
	quick, plain  tfprotov6.ProviderServer
	typ, identity tftypes.Type
}

func newTwins(t *testing.T, w *acctest.World) twins {
	t.Helper()
	plain := w.Configure(t, providerserver.NewProtocol6(w.Provider())())
	schemas := answer(plain.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
	identities := answer(plain.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{}))(t)
	return twins{w.Configure(t, w.Provider().Server()), plain, schemas.ResourceSchemas[keyType].ValueType(), identities.IdentitySchemas[keyType].ValueType()}
}

const keyType = "clarifai_app_key"

func answer[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// stateOf is what a state holds of a key, with these changes.
func stateOf(k emulator.Key, change map[string]any) map[string]any {
	fingerprint := clarifai.Secret(k.ID).Fingerprint()
	state := map[string]any{
		"id": k.UserID + "/" + k.AppID + "/" + fingerprint, "user_id": k.UserID, "app_id": k.AppID, "fingerprint": fingerprint,
		"description": k.Description, "scopes": k.Scopes, "endpoints": k.Endpoints, "keepers": nil, "store_key": true,
		"key": k.ID, "created_at": "2026-01-02T03:04:05Z", "expires_at": nil,
	}
	maps.Copy(state, change)
	return state
}

// TestFastPath_agrees compares the fast path with the framework, for keys that
// are unchanged and for each way of being changed.
func TestFastPath_agrees(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)
	years, soon, passed := now.AddDate(5, 0, 0), now.AddDate(0, 0, 10), now.AddDate(0, 0, -1)
	expires := func(at time.Time) func(*emulator.Key) { return func(k *emulator.Key) { k.ExpiresAt = at } }
	dated := func(at time.Time) map[string]any {
		return map[string]any{"expires_at": at.In(time.FixedZone("", 3600)).Format(time.RFC3339)}
	}
	for name, c := range map[string]struct {
		edit  func(*emulator.Key)
		state map[string]any
		quick bool
		unset string // left out of the configuration
	}{
		"unchanged":              {quick: true},
		"another description":    {edit: func(k *emulator.Key) { k.Description = "by hand" }},
		"not described":          {edit: func(k *emulator.Key) { k.Description = "" }},
		"widened":                {edit: func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Models:Delete") }},
		"narrowed":               {edit: func(k *emulator.Key) { k.Scopes = k.Scopes[:1] }},
		"dependency added":       {edit: func(k *emulator.Key) { k.Scopes = append(k.Scopes, "Inputs:Get") }},
		"spelled otherwise":      {edit: func(k *emulator.Key) { k.Scopes = []string{"Predict", "Inputs_Add"} }},
		"no scopes":              {edit: func(k *emulator.Key) { k.Scopes = nil }},
		"an endpoint more":       {edit: func(k *emulator.Key) { k.Endpoints = append(k.Endpoints, "/clarifai.api.V2/GetModel") }},
		"no endpoints":           {edit: func(k *emulator.Key) { k.Endpoints = nil }},
		"expiring":               {edit: func(k *emulator.Key) { k.ExpiresAt = time.Now().Add(time.Hour) }},
		"expired":                {edit: func(k *emulator.Key) { k.ExpiresAt = time.Now().Add(-time.Hour) }},
		"dated":                  {edit: expires(years), state: dated(years), quick: true},
		"dated, soon":            {edit: expires(soon), state: dated(soon), quick: true},
		"dated by Clarifai":      {edit: expires(years), state: dated(years), quick: true, unset: "expires_at"},
		"dated so, soon":         {edit: expires(soon), state: dated(soon), unset: "expires_at"},
		"dated, expired":         {edit: expires(passed), state: dated(passed)},
		"dated otherwise":        {edit: expires(soon), state: dated(years), unset: "expires_at"},
		"not stored":             {state: map[string]any{"store_key": false, "key": nil}},
		"stored against the ask": {state: map[string]any{"store_key": false}},
		"to be stored":           {state: map[string]any{"key": nil}},
		"another value":          {state: map[string]any{"key": "not-the-key"}},
		"gone":                   {state: map[string]any{"fingerprint": "0123456789abcdef"}},
		"unknown when made":      {state: map[string]any{"created_at": nil}},
		"no longer asked for":    {state: map[string]any{"store_key": false, "key": nil}, unset: "store_key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			key := emulator.Key{
				ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "tenant", Description: "test",
				Scopes: []string{"Inputs:Add", "Predict"}, Endpoints: []string{"/clarifai.api.V2/PostInputs"},
			}
			stored := key
			if c.edit != nil {
				stored.Scopes, stored.Endpoints = slices.Clone(key.Scopes), slices.Clone(key.Endpoints)
				c.edit(&stored)
			}
			if err := errors.Join(w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}), w.PutKey(stored)); err != nil {
				t.Fatal(err)
			}
			newTwins(t, w).compare(t, c.quick, c.unset, stateOf(key, c.state))
		})
	}
}

// compare puts a state through every call of a plan.
func (tw twins) compare(t *testing.T, quick bool, unset string, state map[string]any) {
	t.Helper()
	ctx, current := context.Background(), acctest.Object(t, tw.typ, state)
	var read [2]*tfprotov6.ReadResourceResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		read[i] = answer(s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: keyType, CurrentState: current}))(t)
	}
	if quick && read[0].NewState != current {
		t.Error("ReadResource does not take the fast path")
	}
	tw.same(t, "ReadResource", tw.typ, read[0].NewState, read[1].NewState)
	tw.same(t, "identity", tw.identity, read[0].NewIdentity.IdentityData, read[1].NewIdentity.IdentityData)
	sameDiagnostics(t, "ReadResource", read[0].Diagnostics, read[1].Diagnostics)

	after := read[1].NewState
	if gone := answer(after.IsNull())(t); gone {
		return
	}
	config := maps.Clone(state) // without what is computed
	for _, name := range []string{"id", "fingerprint", "key", "created_at", unset} {
		delete(config, name)
	}
	var plan [2]*tfprotov6.PlanResourceChangeResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		plan[i] = answer(s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: keyType, PriorState: after, ProposedNewState: after, Config: acctest.Object(t, tw.typ, config),
		}))(t)
	}
	if quick && plan[0].PlannedState != after {
		t.Error("PlanResourceChange does not take the fast path")
	}
	tw.same(t, "PlanResourceChange", tw.typ, plan[0].PlannedState, plan[1].PlannedState)
	sameDiagnostics(t, "PlanResourceChange", plan[0].Diagnostics, plan[1].Diagnostics)
	if a, b := len(plan[0].RequiresReplace), len(plan[1].RequiresReplace); a != b {
		t.Errorf("PlanResourceChange replaces for %d attributes, the framework for %d", a, b)
	}

	raw := &tfprotov6.RawState{JSON: answer(json.Marshal(state))(t)}
	var upgraded [2]*tfprotov6.UpgradeResourceStateResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		upgraded[i] = answer(s.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: keyType, RawState: raw}))(t)
	}
	tw.same(t, "UpgradeResourceState", tw.typ, upgraded[0].UpgradedState, upgraded[1].UpgradedState)
}

func (tw twins) same(t *testing.T, what string, typ tftypes.Type, quick, plain *tfprotov6.DynamicValue) {
	t.Helper()
	a, b := answer(quick.Unmarshal(typ))(t), answer(plain.Unmarshal(typ))(t)
	if !a.Equal(b) {
		diffs, err := a.Diff(b)
		t.Errorf("%s differs from the framework's (%v): %v", what, err, len(diffs))
		for _, d := range diffs {
			t.Log(d.Path)
		}
	}
}

func sameDiagnostics(t *testing.T, what string, quick, plain []*tfprotov6.Diagnostic) {
	t.Helper()
	if len(quick) != len(plain) {
		t.Errorf("%s has %d diagnostics, the framework's %d", what, len(quick), len(plain))
	}
}

// TestServer_isGuarded: a panic of the provider is an error of the call. No
// request at all makes each part panic that looks at it.
func TestServer_isGuarded(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, emulator.Options{}).Provider().Server()
	all, ok := s.(interface {
		tfprotov6.ListResourceServer
		tfprotov6.ActionServer
	})
	if !ok {
		t.Fatalf("%T does not answer all calls", s)
	}
	_, err1 := s.ReadResource(t.Context(), nil)
	_, err2 := s.ApplyResourceChange(t.Context(), nil)
	_, err3 := all.ListResource(t.Context(), nil)
	_, err4 := all.InvokeAction(t.Context(), nil)
	for i, err := range []error{err1, err2, err3, err4} {
		if err == nil || !strings.Contains(err.Error(), "panicked") {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
}

// TestServer_failsLoudly: a provider without the guard and the fast path does not start.
func TestServer_failsLoudly(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a framework that answers fewer calls is served without a word")
		}
	}()
	provider.New("test").Serve(struct{ tfprotov6.ProviderServer }{})
}
