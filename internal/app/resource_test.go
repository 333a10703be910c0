package app_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/clitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/recorded"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestApp_life follows an app through its life under every setting of what is not known
// of the API. After each step the plan has to be empty.
func TestApp_life(t *testing.T) {
	t.Parallel()
	acctest.EachVariant(t, func(t *testing.T, w *acctest.World, s emulator.Switches) {
		e := w.NewEstate(t)
		texts := attributes{"description": "second", "notes": "# Second"}
		second := attributes{
			"name": "Tenant two", "default_language": "fr", "sample_ms": 2000, "is_template": false, "visibility": "PUBLIC",
			"metadata": `{"b":[1,2],"a":{"x":null}}`, "default_workflow": map[string]string{"id": "Face"},
		}
		has := func(want map[string]string, absent ...string) func() {
			return func() {
				t.Helper()
				got := w.Process(t).Texts(e.Stored(address))
				for name, text := range want {
					apitest.Equal(t, got[name], text, name)
				}
				for _, name := range absent {
					if _, set := got[name]; set {
						t.Errorf("%s is set", name)
					}
				}
			}
		}
		imported := func() { // with the full configuration nothing is to be done
			other := w.NewEstate(t)
			must(t, other.Import(address, w.UserID()+"/tenant"))
			apitest.Equal(t, other.Changes(only("tenant", all)), "", "the plan after an import")
		}
		const update = "update app.t"
		steps := []acctest.Step{
			{Want: only("tenant"), Plan: "create app.t", After: has(map[string]string{"user_id": w.UserID(), "name": "tenant", "visibility": "PRIVATE"}, "description", "metadata")},
			{Want: only("tenant", all), Plan: update, After: func() {
				if a := live(t, w); a.SampleMS != 500 || !a.IsTemplate || a.DefaultWorkflow.ID != "General" {
					t.Errorf("Clarifai has %+v", a)
				}
				imported()
			}},
			{Want: only("renamed", texts, second), Plan: update, After: func() {
				has(map[string]string{"id": "renamed", "visibility": "PUBLIC"})()
				if a := live(t, w); a.ID != "renamed" || a.IsTemplate || a.DefaultWorkflow.ID != "Face" {
					t.Errorf("Clarifai has %+v", a)
				}
			}},
			// What Clarifai fills by itself is kept; JSON is compared by meaning.
			{Want: only("renamed", texts, attributes{"metadata": `{ "a": {"x":null},  "b": [1.0, 2] }`}), Plan: ""},
			{Want: only("renamed", texts), Plan: update, After: has(nil, "metadata")},
		}
		cleared := acctest.Step{Want: only("renamed"), Plan: update, Says: `Clarifai may be unable to clear description: .*to another text, such as "-"`}
		if s.ClearStrings == "honored" {
			cleared.After = has(nil, "description", "notes")
			e.Follow(append(steps, cleared)...)
			return
		}
		cleared.Fails = "(?s)Clarifai did not clear description.*still has its old value"
		e.Follow(append(steps, cleared, acctest.Step{Want: only("renamed", texts), Plan: ""})...)
	})
}

// TestApp_metadata changes how metadata is written and what it means.
func TestApp_metadata(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	step := func(metadata any, plan string) acctest.Step {
		return acctest.Step{Want: only("tenant", attributes{"metadata": metadata}), Plan: plan}
	}
	w.NewEstate(t).Follow(
		step(`{"a":1,"b":"x","big":12345678901234567890,"text":"\u003c\u0026\u003e"}`, "create app.t"),
		step("{\"b\":\"x\", \"a\": 1,\n\"text\":\"\\u003c&>\", \"big\": 12345678901234567890}", ""),
		step(`{"a":2}`, "update app.t"), step(`{}`, "update app.t"), step(nil, "update app.t"),
	)
}

// TestApp_onlyTerraforms changes what Clarifai does not know of: nothing is sent to the
// app.
func TestApp_onlyTerraforms(t *testing.T) {
	t.Parallel()
	w := acctest.Start(t, emulator.Options{})
	w.NewEstate(t).Follow(
		acctest.Step{Want: only("tenant", all), Plan: "create app.t"},
		acctest.Step{
			Before: w.Reset, Plan: "update app.t", Want: only("tenant", all, attributes{"force_destroy": true, "reindex_on_workflow_change": true}),
			After: func() {
				if n := w.Count("PatchApp"); n > 0 || live(t, w).Notes != "# First" {
					t.Errorf("%d patches of an app that does not change", n)
				}
			},
		},
	)
}

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAccApp_recordedState plans over a state that an earlier version of the
// provider wrote after the answer to a rename was lost. Private state holds the
// new ID; without it, the app is taken for deleted.
func TestAccApp_recordedState(t *testing.T) {
	t.Parallel()
	recording := recorded.Read(t, "testdata/recorded")
	bare := recording.WithoutPrivate(t)
	for id, want := range map[string]string{
		"after":  "No changes.",
		"before": "Plan: 0 to add, 1 to change, 0 to destroy.",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			config := "resource \"clarifai_app\" \"t\" {\n  id = \"" + id + "\"\n}\n"
			apitest.Says(t, recording.Plan(t, emulator.Options{}, config), want)
			const created = "Plan: 1 to add, 0 to change, 0 to destroy."
			apitest.Says(t, bare.Plan(t, emulator.Options{}, config), created)
		})
	}
}
