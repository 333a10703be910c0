package provider_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/guard"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

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
