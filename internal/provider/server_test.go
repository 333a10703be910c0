package provider_test

import (
	"context"
	"encoding/json"
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
	quick, plain tfprotov6.ProviderServer
	typ          tftypes.Object
	identity     tftypes.Object
}

func newTwins(t *testing.T, w *acctest.World) twins {
	t.Helper()
	tw := twins{quick: w.Provider().Server(), plain: providerserver.NewProtocol6(w.Provider())()}
	schemas := answer(tw.plain.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
	tw.typ = schemas.ResourceSchemas["clarifai_app_key"].ValueType().(tftypes.Object)
	tw.identity = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"user_id": tftypes.String, "app_id": tftypes.String, "fingerprint": tftypes.String}}
	block := schemas.Provider.ValueType().(tftypes.Object)
	config := map[string]tftypes.Value{}
	for name, typ := range block.AttributeTypes {
		config[name] = tftypes.NewValue(typ, nil)
	}
	for name, v := range map[string]string{"api_base": w.URL, "user_id": w.UserID(), "pat": w.PAT()} {
		config[name] = tftypes.NewValue(tftypes.String, v)
	}
	for _, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		resp := answer(s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, block, config)}))(t)
		if len(resp.Diagnostics) > 0 {
			t.Fatal(resp.Diagnostics[0].Detail)
		}
	}
	return tw
}

func answer[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func dynamic(t *testing.T, typ tftypes.Object, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	v := answer(tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, attributes)))(t)
	return &v
}

func (tw twins) key(k emulator.Key, fingerprint string, change map[string]tftypes.Value) map[string]tftypes.Value {
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	texts := func(in []string) tftypes.Value {
		set := tftypes.Set{ElementType: tftypes.String}
		if len(in) == 0 {
			return tftypes.NewValue(set, nil)
		}
		var out []tftypes.Value
		for _, s := range slices.Sorted(slices.Values(in)) {
			out = append(out, text(s))
		}
		return tftypes.NewValue(set, out)
	}
	state := map[string]tftypes.Value{
		"id": text(k.UserID + "/" + k.AppID + "/" + fingerprint), "user_id": text(k.UserID), "app_id": text(k.AppID),
		"fingerprint": text(fingerprint), "description": text(k.Description), "scopes": texts(k.Scopes), "endpoints": texts(k.Endpoints),
		"keepers": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, nil), "store_key": tftypes.NewValue(tftypes.Bool, true),
		"key": text(k.ID), "created_at": text("2026-01-02T03:04:05Z"), "expires_at": tftypes.NewValue(tftypes.String, nil),
	}
	maps.Copy(state, change)
	return state
}

// TestFastPath_agrees compares the fast path with the framework, for keys that
// are unchanged and for each way of being changed.
func TestFastPath_agrees(t *testing.T) {
	t.Parallel()
	null := tftypes.NewValue(tftypes.String, nil)
	now := time.Now().UTC().Truncate(time.Second)
	years, soon, passed := now.AddDate(5, 0, 0), now.AddDate(0, 0, 10), now.AddDate(0, 0, -1)
	expires := func(at time.Time) func(*emulator.Key) { return func(k *emulator.Key) { k.ExpiresAt = at } }
	dated := func(at time.Time) map[string]tftypes.Value {
		at = at.In(time.FixedZone("", 3600))
		return map[string]tftypes.Value{"expires_at": tftypes.NewValue(tftypes.String, at.Format(time.RFC3339))}
	}
	for name, c := range map[string]struct {
		edit  func(*emulator.Key)
		state map[string]tftypes.Value
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
		"not stored":             {state: map[string]tftypes.Value{"store_key": tftypes.NewValue(tftypes.Bool, false), "key": null}},
		"stored against the ask": {state: map[string]tftypes.Value{"store_key": tftypes.NewValue(tftypes.Bool, false)}},
		"to be stored":           {state: map[string]tftypes.Value{"key": null}},
		"another value":          {state: map[string]tftypes.Value{"key": tftypes.NewValue(tftypes.String, "not-the-key")}},
		"gone":                   {state: map[string]tftypes.Value{"fingerprint": tftypes.NewValue(tftypes.String, "0123456789abcdef")}},
		"unknown when made":      {state: map[string]tftypes.Value{"created_at": null}},
		"no longer asked for":    {state: map[string]tftypes.Value{"store_key": tftypes.NewValue(tftypes.Bool, false), "key": null}, unset: "store_key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{})
			key := emulator.Key{
				ID: emulator.NewSecret(), UserID: w.UserID(), AppID: "tenant", Description: "test",
				Scopes: []string{"Inputs:Add", "Predict"}, Endpoints: []string{"/clarifai.api.V2/PostInputs"},
			}
			if err := w.PutApp(emulator.App{ID: "tenant", UserID: w.UserID()}); err != nil {
				t.Fatal(err)
			}
			stored := key
			if c.edit != nil {
				stored.Scopes, stored.Endpoints = slices.Clone(key.Scopes), slices.Clone(key.Endpoints)
				c.edit(&stored)
			}
			if err := w.PutKey(stored); err != nil {
				t.Fatal(err)
			}
			tw := newTwins(t, w)
			tw.compare(t, c.quick, c.unset, tw.key(key, clarifai.Secret(key.ID).Fingerprint(), c.state))
		})
	}
}

// compare puts a state through every call of a plan.
func (tw twins) compare(t *testing.T, quick bool, unset string, state map[string]tftypes.Value) {
	t.Helper()
	ctx, current := context.Background(), dynamic(t, tw.typ, state)
	var read [2]*tfprotov6.ReadResourceResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		read[i] = answer(s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "clarifai_app_key", CurrentState: current}))(t)
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
	config := tw.config(state)
	if unset != "" {
		config[unset] = tftypes.NewValue(config[unset].Type(), nil)
	}
	var plan [2]*tfprotov6.PlanResourceChangeResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		plan[i] = answer(s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: "clarifai_app_key", PriorState: after, ProposedNewState: after, Config: dynamic(t, tw.typ, config),
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

	raw := tw.json(t, state)
	var upgraded [2]*tfprotov6.UpgradeResourceStateResponse
	for i, s := range []tfprotov6.ProviderServer{tw.quick, tw.plain} {
		upgraded[i] = answer(s.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: "clarifai_app_key", RawState: &tfprotov6.RawState{JSON: raw}}))(t)
	}
	tw.same(t, "UpgradeResourceState", tw.typ, upgraded[0].UpgradedState, upgraded[1].UpgradedState)
}

// config is what the user wrote for a state: nothing that is computed.
func (tw twins) config(state map[string]tftypes.Value) map[string]tftypes.Value {
	c := maps.Clone(state)
	for _, name := range []string{"id", "fingerprint", "key", "created_at"} {
		c[name] = tftypes.NewValue(tftypes.String, nil)
	}
	return c
}

func (tw twins) json(t *testing.T, state map[string]tftypes.Value) []byte {
	t.Helper()
	plain := map[string]any{}
	for name, v := range state {
		switch {
		case v.IsNull():
			plain[name] = nil
		case v.Type().Is(tftypes.Bool):
			plain[name] = as[bool](t, v)
		case v.Type().Is(tftypes.String):
			plain[name] = as[string](t, v)
		default:
			elements := []string{}
			for _, e := range as[[]tftypes.Value](t, v) {
				elements = append(elements, as[string](t, e))
			}
			plain[name] = elements
		}
	}
	return answer(json.Marshal(plain))(t)
}

func as[T any](t *testing.T, v tftypes.Value) (out T) {
	t.Helper()
	if err := v.As(&out); err != nil {
		t.Fatal(err)
	}
	return out
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
		tfprotov6.StateStoreServer
	})
	if !ok {
		t.Fatalf("%T does not answer all calls", s)
	}
	_, err1 := s.ReadResource(t.Context(), nil)
	_, err2 := s.ApplyResourceChange(t.Context(), nil)
	_, err3 := all.ListResource(t.Context(), nil)
	_, err4 := all.InvokeAction(t.Context(), nil)
	_, err5 := all.ReadStateBytes(t.Context(), nil)
	for i, err := range []error{err1, err2, err3, err4, err5} {
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
