package provider_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const keyType = "clarifai_app_key"

var must = apitest.Must

func answer[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// TestServer_isGuarded: a panic of the provider, here at no request at all, is an error of
// the call.
func TestServer_isGuarded(t *testing.T) {
	t.Parallel()
	_, err := acctest.Start(t, emulator.Options{}).Provider().Server().ReadResource(t.Context(), nil)
	apitest.Fails(t, err, "panicked")
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

// planner is a server of a provider, which keeps the private state of its last plan.
type planner struct {
	tfprotov6.ProviderServer
	provider *provider.Provider
	private  []byte
}

// noted returns what the other resources of the run learn of a key and its app.
func (p *planner) noted(ref clarifai.KeyRef) string {
	app, key := p.provider.Run().App(ref.AppRef()), p.provider.Run().Key(ref)
	workflow := app.Workflow
	app.Workflow, key.Left = nil, key.Left.Round(time.Hour)
	return fmt.Sprintf("%+v %+v %+v", app, workflow, key)
}

func (p *planner) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := p.ProviderServer.PlanResourceChange(ctx, req)
	p.private = resp.PlannedPrivate
	return resp, err
}

// TestFastPath_apps lets the fast path and the framework answer for the same apps: they say,
// note and plan the same, and the fast path answers for those that are unchanged.
func TestFastPath_apps(t *testing.T) {
	t.Parallel()
	edit := func(change func(*emulator.App)) func(*acctest.World) error {
		return func(w *acctest.World) error { return w.EditApp(w.UserID(), "tenant", change) }
	}
	for name, c := range map[string]struct {
		change     func(*acctest.World) error
		created    map[string]any // beside what each app is created with
		config     map[string]any // beside that
		owner      string         // the provider's user_id
		read, plan bool           // whether the fast path answers
	}{
		"unchanged":             {read: true, plan: true},
		"another name":          {change: edit(func(a *emulator.App) { a.Name = "x" }), plan: true},
		"another language":      {change: edit(func(a *emulator.App) { a.DefaultLanguage = "it" }), plan: true},
		"another interval":      {change: edit(func(a *emulator.App) { a.SampleMS = 1 }), plan: true},
		"a template":            {change: edit(func(a *emulator.App) { a.IsTemplate = true }), plan: true},
		"public":                {change: edit(func(a *emulator.App) { a.Visibility = 50 }), plan: true},
		"no description":        {change: edit(func(a *emulator.App) { a.Description = "" })},
		"notes":                 {change: edit(func(a *emulator.App) { a.Notes = "x" })},
		"metadata":              {change: edit(func(a *emulator.App) { a.Metadata = map[string]any{"more": true} })},
		"another workflow":      {change: edit(func(a *emulator.App) { a.DefaultWorkflow.ID = "Text" })},
		"gone":                  {change: func(w *acctest.World) error { return w.DeleteApp(w.UserID(), "tenant") }},
		"renamed":               {change: func(w *acctest.World) error { return w.RenameApp(w.UserID(), "tenant", "elsewhere") }},
		"another ID planned":    {config: map[string]any{"id": "renamed"}, read: true},
		"another description":   {config: map[string]any{"description": "x"}, read: true},
		"force_destroy":         {config: map[string]any{"force_destroy": true}, read: true},
		"force_destroy as is":   {config: map[string]any{"force_destroy": false}, read: true, plan: true},
		"force_destroy stays":   {created: map[string]any{"force_destroy": true}, read: true, plan: true},
		"force_destroy no more": {created: map[string]any{"force_destroy": true}, config: map[string]any{"force_destroy": nil}, read: true},
		"of another account":    {owner: "globex", read: true},
		"so, and said to be":    {owner: "globex", config: map[string]any{"user_id": "emulator-user"}, read: true, plan: true},
		"workflow of any kind":  {config: map[string]any{"default_workflow": nil}, read: true, plan: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{UserID: "emulator-user"})
			config := map[string]any{
				"id": "tenant", "description": "d", "metadata": `{"tenant":"acme"}`,
				"default_workflow": map[string]any{"id": "Empty", "user_id": "clarifai", "app_id": "main"},
			}
			maps.Copy(config, c.created)
			setup := w.Process(t)
			stored, said := setup.Apply(setup.PlanOnly(&acctest.Stored{Type: "clarifai_app"}, config), nil)
			must(t, said.Err())
			if c.change != nil {
				must(t, c.change(w))
			}
			maps.Copy(config, c.config)
			twoWays{owner: c.owner, stored: stored, config: config}.compare(t, w).Check(t, c.read, c.plan)
		})
	}
}

// twoWays is a resource for which both answer, in a provider whose user_id is owner.
type twoWays struct {
	owner       string
	stored      *acctest.Stored
	config      map[string]any
	unrefreshed bool // it is planned without a refresh
}

// compare checks that the framework alone, and the fast path in front of it, read, say, note
// and plan the same. It returns what the fast path left to the framework.
func (c twoWays) compare(t *testing.T, w *acctest.World) *acctest.Counting {
	t.Helper()
	slow, fast, counting := twoServers(t, w, cmp.Or(c.owner, w.UserID()))
	plain, quick := acctest.NewProcess(t, slow), acctest.NewProcess(t, fast)
	plain.Load(c.stored)
	quick.Load(c.stored)
	want := c.stored
	if !c.unrefreshed {
		var saidPlain acctest.Said
		want, saidPlain = plain.Refresh(c.stored)
		got, saidQuick := quick.Refresh(c.stored)
		if !plain.HoldsSame(want, got) || saidPlain.String() != saidQuick.String() {
			t.Errorf("the reads differ: %s, and %s", saidPlain, saidQuick)
		}
	}
	p, q := plain.PlanOnly(want, c.config), quick.PlanOnly(want, c.config)
	if p.Action != q.Action || p.Said.String() != q.Said.String() || !bytes.Equal(slow.private, fast.private) {
		t.Errorf("the plans are %s, %s, %s and %s, %s, %s", p.Action, p.Said, slow.private, q.Action, q.Said, fast.private)
	}
	ref := clarifai.KeyRef{UserID: w.UserID(), AppID: "tenant", Fingerprint: plain.Texts(c.stored)["fingerprint"]}
	apitest.Equal(t, fast.noted(ref), slow.noted(ref), "what the run learns")
	return counting
}

// twoServers returns the framework's server, and one with the fast path in front of it,
// for a provider whose user_id is owner.
func twoServers(t *testing.T, w *acctest.World, owner string) (slow, fast *planner, counting *acctest.Counting) {
	t.Helper()
	w.TuneInventory(func(cfg *inventory.Config) { cfg.UserID = owner })
	p, q := w.Provider(), w.Provider()
	inner, _ := providerserver.NewProtocol6(q)().(guard.Server)
	counting = &acctest.Counting{Server: inner}
	return &planner{ProviderServer: w.Configure(t, providerserver.NewProtocol6(p)()), provider: p},
		&planner{ProviderServer: w.Configure(t, q.Serve(counting)), provider: q}, counting
}

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

// candidates are values for attributes of each type, good and bad.
func candidates(typ tftypes.Type) []any {
	texts := []string{
		"", "a", "me", "ids", "a b", "a/b", strings.Repeat("a", 33), "{}", "[]", "PUBLIC", "public", "90d", "1d12h", "0s", "d (after 0123456789abcdef)",
	}
	out := []any{nil, acctest.Unknown}
	switch {
	case typ.Is(tftypes.String):
		for _, s := range append(texts, strings.Repeat("a", 1001), strings.Repeat("a", 64<<10+1)) {
			out = append(out, s)
		}
	case typ.Is(tftypes.Number):
		out = append(out, 0, 1, 1<<32-1, 1<<32)
	case typ.Is(tftypes.Bool):
		out = append(out, true, false)
	case typ.Is(tftypes.Set{}):
		for _, s := range append(texts, "Predict", "Inputs:Add", "Inputs_Add", "Inputs:Ad", "/clarifai.api.V2/GetApp", "/clarifai.api.V2/GetApps") {
			out = append(out, []string{s}, []string{"Apps:Get", "Inputs:Get", s})
		}
		out = append(out, []string{})
	case typ.Is(tftypes.Map{}):
		out = append(out, map[string]string{}, map[string]string{"a": "b"})
	case typ.Is(tftypes.Object{}):
		for name, inner := range typ.(tftypes.Object).AttributeTypes {
			for _, v := range candidates(inner) {
				out = append(out, map[string]any{"id": "Empty", name: v})
			}
		}
	}
	return out
}

// TestFastPath_validates gives each attribute of each type that the fast path knows each
// candidate: it says what the framework does, and answers for all that is valid.
func TestFastPath_validates(t *testing.T) {
	t.Parallel()
	p := provider.New("test")
	plain, _ := providerserver.NewProtocol6(p)().(guard.Server)
	counting := &acctest.Counting{Server: plain}
	quick := p.Serve(counting)
	schemas := answer(plain.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(t)
	for name, valid := range map[string]map[string]any{
		"clarifai_app":              {"id": "tenant", "default_workflow": map[string]any{"id": "Empty"}},
		"clarifai_app_key":          {"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}, "description": "a"},
		"clarifai_rotating_app_key": {"app_id": "tenant", "scopes": []string{"Apps:Get", "Inputs:Get"}, "rotation_period": "30d", "overlap": "2d"},
	} {
		typ := schemas.ResourceSchemas[name].ValueType().(tftypes.Object)
		accepted := 0
		for attribute, of := range typ.AttributeTypes {
			for _, value := range candidates(of) {
				config := maps.Clone(valid)
				config[attribute] = value
				req := &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: acctest.Object(t, typ, config)}
				want := said(answer(plain.ValidateResourceConfig(t.Context(), req))(t).Diagnostics)
				counting.Validations = 0
				got := said(answer(quick.ValidateResourceConfig(t.Context(), req))(t).Diagnostics)
				apitest.Equal(t, got, want, "it says, and not as the framework,", name, attribute, value)
				if len(want) == 0 {
					accepted++
				}
				if len(want) == 0 && counting.Validations > 0 {
					t.Errorf("%s, %s = %v: left to the framework", name, attribute, value)
				}
			}
		}
		if accepted < 20 {
			t.Errorf("%s: only %d candidates are valid", name, accepted)
		}
	}
}

// said returns diagnostics as texts. The framework calls validators in no fixed order.
func said(diags []*tfprotov6.Diagnostic) []string {
	var texts []string
	for _, d := range diags {
		texts = append(texts, fmt.Sprint(d.Severity, d.Summary, d.Detail, d.Attribute))
	}
	return slices.Sorted(slices.Values(texts))
}
