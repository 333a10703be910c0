package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// appsByHand makes apps as people leave them behind.
func appsByHand(t *testing.T, w *acctest.World) {
	t.Helper()
	for _, a := range []emulator.App{
		{ID: "acme-1", Description: "by\n hand"},
		{
			ID: "acme-2", Name: "Acme Two", Notes: "# Notes", Visibility: 50, IsTemplate: true, SampleMS: 250, DefaultLanguage: "de",
			Metadata: map[string]any{"tenant": "acme", "n": 1.5}, DefaultWorkflow: emulator.Workflow{ID: "General", UserID: "clarifai", AppID: "main"},
		},
		{ID: "globex", Visibility: 20}, // TEAM, which no configuration may set
	} {
		a.UserID = w.UserID()
		must(t, w.PutApp(a))
	}
}

// appQuery lists apps with a new provider.
func appQuery(t *testing.T, w *acctest.World, q acctest.Query) []tfprotov6.ListResourceResult {
	t.Helper()
	q.Type = "clarifai_app"
	return acctest.List(t, w.Configured(t), q)
}

// TestAppList_filters: the filters select, and select nothing without an error. A list block
// needs no config block.
func TestAppList_filters(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	appsByHand(t, w)
	w.AddUser("stranger")
	must(t, w.PutApp(emulator.App{ID: "acme-theirs", UserID: "stranger"}))
	one, two, three := "acme-1: by hand", "acme-2: Acme Two", "globex"
	for name, c := range map[string]struct {
		config map[string]any
		want   []string
	}{
		"none":             {nil, []string{one, two, three}},
		"user":             {map[string]any{"user_id": w.UserID()}, []string{one, two, three}},
		"prefix":           {map[string]any{"id_prefix": "acme-"}, []string{one, two}},
		"search":           {map[string]any{"search": "hand"}, []string{one}},
		"both":             {map[string]any{"search": "acme", "id_prefix": "acme-2"}, []string{two}},
		"matching nothing": {map[string]any{"id_prefix": "initech"}, nil},
	} {
		apitest.Equal(t, acctest.Shown(appQuery(t, w, acctest.Query{Config: c.config})), c.want, name)
	}
	for _, user := range []string{"stranger", "nobody"} {
		got := acctest.Shown(appQuery(t, w, acctest.Query{Config: map[string]any{"user_id": user}}))
		if len(got) != 1 || !strings.HasPrefix(got[0], `!ERROR Cannot list apps: This PAT has no access to the account "`+user+`". Check user_id.`) {
			t.Errorf("%q", got)
		}
	}
}

// TestAppList_pages: a page is requested only when its results are wanted, and the
// limit is said where Terraform still reads.
func TestAppList_pages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query          acctest.Query
		results, pages int
		more           bool
	}{
		"all":             {acctest.Query{}, 10, 6, false},
		"one":             {acctest.Query{Stop: 1}, 1, 1, false},
		"three":           {acctest.Query{Stop: 3}, 3, 2, false},
		"limit":           {acctest.Query{Limit: 3}, 3, 2, true},
		"limit of a page": {acctest.Query{Limit: 4}, 4, 3, true},
		"limit of all":    {acctest.Query{Limit: 10}, 10, 6, false},
		"limit above all": {acctest.Query{Limit: 100}, 10, 6, false},
		"limit, stopped":  {acctest.Query{Limit: 5, Stop: 2}, 2, 1, false},
		"filtered":        {acctest.Query{Limit: 1, Config: map[string]any{"id_prefix": "app-9"}}, 1, 6, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{PageCap: 2}})
			for i := range 10 {
				must(t, w.PutApp(emulator.App{ID: fmt.Sprint("app-", i), UserID: w.UserID()}))
			}
			results := appQuery(t, w, c.query)
			apitest.Equal(t, len(results), c.results, "results")
			apitest.Equal(t, w.Count("ListApps"), c.pages, "pages")
			for i, r := range results {
				warned := len(r.Diagnostics) == 1 && r.Diagnostics[0].Summary == "There are more results"
				if wanted := c.more && i == len(results)-1; warned != wanted || len(r.Diagnostics) > 0 && !wanted {
					t.Errorf("result %d: %q", i, acctest.Shown(results))
				}
			}
		})
	}
}

// TestAppList_fails: an error midway reaches the user, but none after the limit
// takes away what was listed.
func TestAppList_fails(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int64]string{
		0: "!ERROR Cannot list apps: ",
		4: "!WARNING There may be more results: ",
	} {
		w := acctest.Start(t, emulator.Options{Switches: emulator.Switches{PageCap: 2}})
		for i := range 10 {
			must(t, w.PutApp(emulator.App{ID: fmt.Sprint("app-", i), UserID: w.UserID()}))
		}
		w.Inject(emulator.Fault{Method: "ListApps", Skip: 2, Times: -1, Kind: "status", HTTPStatus: 400, Details: "no third page"})
		got := acctest.Shown(appQuery(t, w, acctest.Query{Limit: limit}))
		if len(got) != 5 || !strings.HasPrefix(got[4], want) || !strings.Contains(got[4], "no third page") {
			t.Errorf("%q", got)
		}
	}
}

// TestAppList_adopted: configuration generated from results imports each app
// without a change, whatever the server shows.
func TestAppList_adopted(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, _ emulator.Switches) {
		t.Parallel()
		appsByHand(t, w)
		server := w.Configured(t)
		results := acctest.List(t, server, acctest.Query{Type: "clarifai_app"})
		if len(results) != 3 {
			t.Fatalf("%q", acctest.Shown(results))
		}
		p := acctest.NewProcess(t, server)
		for _, r := range results {
			if err := p.Adopt("clarifai_app", r); err != nil {
				t.Errorf("%s: %v", r.DisplayName, err)
			}
		}
	})
}
