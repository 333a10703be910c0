package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestAppDataSource shows an app, alone and in a list, as the resource does.
func TestAppDataSource(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DefaultWorkflow: "referenced"}})
	w.MakeApps(t, "manual")
	e := w.NewEstate(t)
	must(t, e.Apply(only("tenant", all)))
	alone, failure := acctest.ReadDataSource(t, w.Configured(t), "clarifai_app", attributes{"id": "tenant"})
	list, more := acctest.ReadDataSource(t, w.Configured(t), "clarifai_apps", nil)
	var apps []tftypes.Value
	if err := list["apps"].As(&apps); err != nil || failure+more != "" || len(apps) != 2 {
		t.Fatalf("%d apps: %v %s %s", len(apps), err, failure, more)
	}
	var listed map[string]tftypes.Value
	must(t, apps[1].As(&listed))
	got, want := acctest.Values(t, alone), w.Process(t).Values(e.Stored(address))
	if got["created_at"] == "" || !strings.Contains(fmt.Sprint(got["metadata"]), `"tenant":"acme"`) {
		t.Errorf("%v", got)
	}
	want["metadata"] = got["metadata"] // the same in meaning
	for name, v := range acctest.Values(t, listed) {
		if fmt.Sprint(got[name]) != fmt.Sprint(v) || fmt.Sprint(want[name]) != fmt.Sprint(v) {
			t.Errorf("%s: %v, in the list %v, of the resource %v", name, got[name], v, want[name])
		}
	}
}

// TestAppDataSource_refused asks for what is not there, or must not be asked for.
func TestAppDataSource_refused(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{RenameOld: "moved"}})
	w.MakeApps(t, "former")
	must(t, w.RenameApp(w.UserID(), "former", "latter"))
	for pattern, asked := range map[string]attributes{
		`has no app "nothing".*Check id and user_id`:     {"id": "nothing"},
		`Cannot read app.*App nobody/tenant:.*user_id`:   {"id": "tenant", "user_id": "nobody"},
		`id must be an app ID:.*letters.*got: not an id`: {"id": "not an id"},
		`word of Clarifai's API paths`:                   {"id": "searches"},
		`renamed.*"latter"`:                              {"id": "former"},
	} {
		w.Refuses(t, "clarifai_app", asked, pattern)
	}
	for pattern, asked := range map[string]attributes{
		`Cannot list apps.*no access to the account "nobody"`: {"user_id": "nobody"},
		`visibility is "public".*Did you mean "PUBLIC"`:       {"visibility": "public"},
		`Did you mean "ORG"\?`:                                {"visibility": "Org"},
		`must be "PRIVATE", "ORG" or "PUBLIC"\.`:              {"visibility": "secret"},
		`visibility is "".*must be`:                           {"visibility": ""},
	} {
		w.Refuses(t, "clarifai_apps", asked, pattern)
	}
	w.Settings = attributes{"pat": w.AddPAT(w.UserID(), "Apps:Get")}
	w.Refuses(t, "clarifai_apps", nil, `Cannot list apps.*missing scopes: Workflows:Get`)
}

// TestAppsDataSource_variants lists and filters apps, however Clarifai shows them.
func TestAppsDataSource_variants(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Helper()
		for n, id := range []string{"acme-staging", "globex", "acme-production", "initech"} {
			must(t, w.PutApp(emulator.App{ID: id, UserID: w.UserID(), Visibility: []int{10, 50}[n/3], Description: []string{"machine parts", "people"}[n%2]}))
		}
		w.AddOrganization("organization", w.UserID())
		must(t, w.PutApp(emulator.App{ID: "theirs", UserID: "organization"}))
		for _, c := range []struct {
			filter map[string]any
			want   string
		}{
			{nil, "acme-production acme-staging globex initech"},
			{map[string]any{"user_id": "organization"}, "theirs"},
			{map[string]any{"id_prefix": "acme-"}, "acme-production acme-staging"},
			{map[string]any{"id_prefix": ""}, "acme-production acme-staging globex initech"},
			{map[string]any{"visibility": "PUBLIC"}, "initech"},
			{map[string]any{"visibility": "ORG"}, ""},
			{map[string]any{"search": "people"}, "globex initech"},
			{map[string]any{"search": "people", "visibility": "PRIVATE", "id_prefix": "g"}, "globex"},
			{map[string]any{"search": "nothing like it"}, ""},
			{map[string]any{"id_prefix": "nothing"}, ""},
		} {
			state := acctest.Read(t, w.Configured(t), "clarifai_apps", c.filter)
			apitest.Equal(t, strings.Join(acctest.Listed(t, state["apps"], "id"), " "), c.want, c.filter)
		}
	})
}

// TestAppsDataSource_planned takes the listing that has served the resources of the plan.
func TestAppsDataSource_planned(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.TuneInventory(func(cfg *inventory.Config) { cfg.GatherWindow = 300 * time.Millisecond }) // on a slow machine, too
	e, want := w.NewEstate(t), acctest.Resources{}
	for n := range 4 {
		want[fmt.Sprint("clarifai_app.t", n)] = attributes{"id": fmt.Sprint("tenant-", n)}
	}
	must(t, e.Apply(want))
	server := w.Configured(t)
	p := acctest.NewProcess(t, server)
	w.Reset()
	var group sync.WaitGroup
	for of := range want {
		group.Go(func() { p.Refresh(e.Stored(of)) })
	}
	group.Wait()
	alone := w.Count("")
	if _, failure := acctest.ReadDataSource(t, server, "clarifai_apps", nil); failure != "" || alone == 0 || w.Count("") != alone {
		t.Errorf("%d requests for the apps, and %d with the data source: %s", alone, w.Count(""), failure)
	}
}

// TestAppsDataSource_written lists what the same run has written a moment ago, where
// listings lag behind.
func TestAppsDataSource_written(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{DeleteLag: 9}})
	server := w.Configured(t)
	p, app := acctest.NewProcess(t, server), &acctest.Stored{Type: "clarifai_app"}
	for _, id := range []string{"first", "second", ""} {
		plan := p.PlanDestroy
		if id != "" {
			plan = func(s *acctest.Stored) *acctest.Plan {
				return p.PlanOnly(s, attributes{"id": id, "description": "tools"})
			}
		}
		var said acctest.Said
		app, said = p.Apply(plan(app), nil)
		must(t, said.Err())
		for search, want := range map[any]string{nil: id, "tools": id, "nothing": ""} {
			state := acctest.Read(t, server, "clarifai_apps", map[string]any{"search": search})
			apitest.Equal(t, strings.Join(acctest.Listed(t, state["apps"], "id"), " "), want, "apps, searched for", search)
		}
	}
}
