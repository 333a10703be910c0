package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
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
